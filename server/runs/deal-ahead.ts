/** Deals the correlations of a whole run ahead of time: real dealer, real links, no owner. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import { correlationsOf } from '../engine/execute.ts';
import { shelve, showTerms, workFolder, type StockManifest } from './dealt-stock.ts';
import { RunError } from './errors.ts';
import { launchOffline } from './launcher.ts';
import type { SessionTask } from './messages.ts';
import { termsOf } from './role-main.ts';

export interface DealAheadOptions {
  readonly dataFolder: string;
  readonly spec: RunSpec;
  readonly session: Omit<SessionTask, 'sessionId' | 'authKey' | 'attendance'>;
  readonly signal: AbortSignal;
}

/**
 * Puts one stock on the shelf. Throws `RunError` 'invalid' where the spec has no dealer, or a fixed
 * seed (which would deal the same twice); `LaunchError` when a process fails.
 */
export async function dealAhead(options: DealAheadOptions): Promise<StockManifest> {
  const { dataFolder, spec, session, signal } = options;
  if (correlationsOf(session.plan) !== 'dealer') {
    throw new RunError('invalid', `protocol.variant: ${spec.protocol.variant} has no dealer here`);
  }
  if (session.insecureSeed !== null) {
    const fix = 'use a random seed';
    throw new RunError('invalid', `seed: a fixed one would deal the same twice; ${fix}`);
  }
  const id = randomUUID();
  const folder = workFolder(dataFolder, id);
  try {
    const { dealer } = await launchOffline({
      session: { ...session, attendance: 'offline' },
      folder,
      signal,
      onStage: async () => {},
      entries: { party: join(import.meta.dirname, 'offline-process.ts') },
    });
    const createdAt = new Date().toISOString();
    const manifest = { id, terms: showTerms(termsOf(session)), createdAt, dealer };
    shelve(dataFolder, folder, manifest);
    return manifest;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
