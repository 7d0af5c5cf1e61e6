/** What `run.ts` times: kernels on the sizes of BERT-base with 128 tokens, 64-bit ring unless said. */
import { randomFillSync } from 'node:crypto';
import type { Bytes, Kernels, RingBits } from '../../server/engine/ring/kernels.ts';

export interface KernelCase {
  readonly name: string;
  /** Rates are in 10^9 of these: multiply-accumulates, or bytes read and written. */
  readonly unit: 'GMAC/s' | 'GB/s';
  /** Units of work in one run. */
  readonly work: number;
  /** Whether BigInt manages it in reasonable time. */
  readonly referenceToo: boolean;
  run(kernels: Kernels): void;
}

function random(bytes: number): Bytes {
  return randomFillSync(new Uint8Array(bytes));
}

function matmul(bits: RingBits, batch: number, m: number, k: number, n: number): KernelCase {
  const w = bits / 8;
  const [x, y] = [random(batch * m * k * w), random(batch * k * n * w)];
  const out = random(batch * m * n * w);
  const shape = `${m}x${k}x${n}`;
  return {
    name: `matmul u${bits} ${batch > 1 ? `${batch} x (${shape})` : shape}`,
    unit: 'GMAC/s',
    work: batch * m * k * n,
    referenceToo: false,
    run: (kernels) => kernels.matmul(bits, x, y, out, { batch, yBatch: batch, m, k, n }),
  };
}

/** A kernel over streams of `size` bytes each; all streams count as work. */
function streams(
  name: string,
  size: number,
  sizes: readonly number[],
  run: (kernels: Kernels, ...buffers: Bytes[]) => void,
): KernelCase {
  const buffers = sizes.map((part) => random(size * part));
  return {
    name: `${name} ${size >= 1 << 20 ? `${size >> 20} MiB` : `${size >> 10} KiB`}`,
    unit: 'GB/s',
    work: buffers.reduce((sum, b) => sum + b.length, 0),
    referenceToo: size < 1 << 20,
    run: (kernels) => run(kernels, ...buffers),
  };
}

const none = new Uint8Array();

export function kernelCases(): KernelCase[] {
  const key = random(16);
  const sizes = [256 << 10, 16 << 20];
  return [
    matmul(64, 1, 128, 768, 768),
    matmul(64, 1, 128, 768, 3072),
    matmul(64, 1, 128, 3072, 768),
    matmul(64, 12, 128, 64, 128),
    matmul(64, 12, 128, 128, 64),
    matmul(64, 1, 1, 768, 3072),
    matmul(32, 1, 128, 768, 768),
    ...sizes.flatMap((size) => [
      streams('aesCtr', size, [1], (k, out = none) => k.aesCtr(key, key, out)),
      streams('binary add', size, [1, 1, 1], (k, x = none, y = none, out = none) =>
        k.binary('add', 64, x, y, out),
      ),
      streams('binary mul', size, [1, 1, 1], (k, x = none, y = none, out = none) =>
        k.binary('mul', 64, x, y, out),
      ),
      streams(
        'replicatedMul',
        size,
        [1, 1, 1, 1, 1, 1],
        (k, a = none, b = none, c = none, d = none, e = none, out = none) =>
          k.replicatedMul(64, a, b, c, d, e, out),
      ),
      streams(
        'replicatedAnd',
        size,
        [1, 1, 1, 1, 1, 1],
        (k, a = none, b = none, c = none, d = none, e = none, out = none) =>
          k.replicatedAnd(a, b, c, d, e, out),
      ),
      streams('splitEvenOdd 64', size, [1, 0.5, 0.5], (k, x = none, even = none, odd = none) =>
        k.splitEvenOdd(64, 64, x, even, odd),
      ),
      streams('splitEvenOdd 16', size, [1, 0.5, 0.5], (k, x = none, even = none, odd = none) =>
        k.splitEvenOdd(16, 16, x, even, odd),
      ),
      streams('shift arithmetic', size, [1, 1], (k, x = none, out = none) =>
        k.shift('arithmetic', 64, x, 16, out),
      ),
      streams('parity', size, [1, 0.125], (k, x = none, out = none) => k.parity(64, x, -1n, out)),
      streams('reverseBits', size, [1, 1], (k, x = none, out = none) => k.reverseBits(64, x, out)),
      streams(
        'chooseByBit',
        size,
        [0.125, 1, 1, 1],
        (k, bit = none, x = none, y = none, out = none) => k.chooseByBit(64, bit, x, y, out),
      ),
      streams('transpose', size, [1, 1], (k, x = none, out = none) =>
        k.transpose(64, x, 1, 128, x.length / 1024, out),
      ),
      streams('decode', size, [1, 1], (k, x = none, out = none) =>
        k.decode(64, 16, x, new Float64Array(out.buffer)),
      ),
    ]),
  ];
}
