/** Mistakes in arguments read the same on every backend; backends are chosen and up to date. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadNativeKernels } from '../../server/engine/ring/backend-native.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { backends, reference } from './kernel-backends.ts';

function eight(n: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(8 * n);
}

for (const [name, found] of [...backends, ['reference', reference] as const]) {
  describe.skipIf(found === null)(`kernels: ${name}`, () => {
    const kernels = found ?? reference;
    it('names the argument that is wrong', () => {
      const detached = eight(2);
      detached.buffer.transfer();
      const memory = new ArrayBuffer(64);
      const at = (offset: number, length: number) => new Uint8Array(memory, offset, length);
      const unit = { batch: 1, yBatch: 1, m: 1, k: 1, n: 1 };
      const wrong: readonly (readonly [string, () => void])[] = [
        [
          'binary: y: expected 2 words, got 1',
          () => kernels.binary('add', 64, eight(2), eight(1), eight(2)),
        ],
        [
          'binary: x: expected an attached buffer, got a detached one',
          () => kernels.binary('add', 64, detached, eight(2), eight(2)),
        ],
        [
          'negate: out: expected a byte offset divisible by 8, got 4',
          () => kernels.negate(64, at(8, 16), at(4, 16)),
        ],
        [
          'negate: out: expected a byte length divisible by 8, got 12',
          () => kernels.negate(64, at(8, 12), at(8, 12)),
        ],
        [
          'binary: out: expected the memory of y or memory apart from it, got a partial overlap',
          () => kernels.binary('add', 64, at(32, 16), at(0, 16), at(8, 16)),
        ],
        [
          'shift: by: expected an integer 0..63, got 64',
          () => kernels.shift('left', 64, eight(1), 64, eight(1)),
        ],
        [
          'sum: axis: expected an integer >= 0, got -1',
          () => kernels.sum(64, eight(1), 1, -1, 1, eight(1)),
        ],
        [
          'matmul: y: expected 1 words, got 2',
          () => kernels.matmul(64, eight(1), eight(2), eight(1), unit),
        ],
        [
          'matmul: shape.m: expected an integer >= 0, got -1',
          () => kernels.matmul(64, eight(1), eight(2), eight(1), { ...unit, m: -1 }),
        ],
        [
          'matmul: shape.yBatch: expected 1 or 3, got 2',
          () => kernels.matmul(64, eight(3), eight(2), eight(3), { ...unit, batch: 3, yBatch: 2 }),
        ],
        [
          'matmul: out: expected memory apart from x, got an overlap',
          () => kernels.matmul(64, at(0, 8), at(8, 8), at(0, 8), unit),
        ],
        [
          'copyStrided: x: expected elements 1..5, got 4 elements',
          () => kernels.copyStrided(8, eight(4), 1, [5], [1], eight(5)),
        ],
        [
          'copyStrided: strides: expected 1 strides, got 2',
          () => kernels.copyStrided(8, eight(4), 0, [4], [1, 1], eight(4)),
        ],
        [
          'splitEvenOdd: usedBits: expected 1..16, 32 or 64, got 24',
          () => kernels.splitEvenOdd(64, 24, eight(1), eight(1), eight(1)),
        ],
        [
          'aesCtr: key: expected 16 bytes, got 8',
          () => kernels.aesCtr(eight(1), eight(2), eight(1)),
        ],
        [
          'encode: fractionBits: expected an integer 0..62, got 63',
          () => kernels.encode(64, 63, new Float64Array(1), eight(1)),
        ],
      ];
      for (const [message, call] of wrong) {
        expect(call).toThrow(expect.objectContaining({ kind: 'shape', message }));
      }
    });
  });
}

describe('loadKernels', () => {
  beforeEach(() => {
    vi.stubEnv('PARLEY_KERNELS', undefined);
    vi.stubEnv('PARLEY_ISA', undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('gives what is asked for', () => {
    expect(loadKernels('reference').backend).toBe('reference');
    expect(loadKernels('wasm').backend).toBe('wasm');
    expect(['native', 'wasm']).toContain(loadKernels().backend);
  });

  it('obeys PARLEY_KERNELS before the caller', () => {
    vi.stubEnv('PARLEY_KERNELS', 'wasm');
    expect(loadKernels('reference').backend).toBe('wasm');
  });

  it('refuses a backend or an instruction set that does not exist', () => {
    vi.stubEnv('PARLEY_KERNELS', 'gpu');
    const message = 'PARLEY_KERNELS: expected native | wasm | reference, got gpu';
    expect(() => loadKernels()).toThrow(expect.objectContaining({ kind: 'backend', message }));
    expect(() => loadNativeKernels('mmx')).toThrow(expect.objectContaining({ kind: 'backend' }));
  });
});

describe('kernels.wasm', () => {
  it('was built from the present sources', () => {
    const script = join(import.meta.dirname, '../../server/engine/ring/build-wasm.mjs');
    const { stdout, stderr } = spawnSync(process.execPath, [script, '--check']);
    expect(stdout.toString() + stderr.toString()).toBe('kernels.wasm: up to date\n');
  });
});
