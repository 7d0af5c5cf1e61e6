/** The backend of a spec by its name, and which engine `kernel` means on this machine. */
import { EngineError } from '../engine/errors.ts';
import { bareNet } from './backend.ts';
import type { NetBackend } from './backend.ts';
import { netemBackend } from './kernel/netem.ts';
import { switchBackend } from './kernel/switch.ts';

/** Tried in this order. */
export const kernelEngines: readonly NetBackend[] = [netemBackend, switchBackend];

/**
 * The first engine of the kernel backend that works here.
 * @throws EngineError 'backend' with what each of them said; nothing else is used instead
 */
export async function findKernelEngine(
  engines: readonly NetBackend[] = kernelEngines,
): Promise<NetBackend> {
  const reasons: string[] = [];
  for (const engine of engines) {
    const result = await engine.probe();
    if (result.ok) return engine;
    reasons.push(`${engine.engine}: ${result.why}`);
  }
  const text = `the kernel backend cannot work here (${reasons.join('; ')})`;
  throw new EngineError('backend', `${text}; use backend inline`);
}

/** Throws as `findKernelEngine` does. */
export async function openBackend(name: 'inline' | 'kernel' | 'none'): Promise<NetBackend> {
  return name === 'kernel' ? findKernelEngine() : bareNet(name);
}
