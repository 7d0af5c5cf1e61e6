/** Ring arithmetic on plain buffers, each result in fresh memory: what protocol steps are written in. */
import type { Kernels, RingBits } from './kernels.ts';
import { allocateBytes } from './tensor.ts';

export class Words {
  readonly #kernels: Kernels;
  readonly #bits: RingBits;

  constructor(kernels: Kernels, bits: RingBits) {
    this.#kernels = kernels;
    this.#bits = bits;
  }

  /** Bytes of `count` ring elements. */
  length(count: number): number {
    return (count * this.#bits) / 8;
  }

  /** Ring elements in a buffer. */
  count(x: Uint8Array): number {
    return (x.length * 8) / this.#bits;
  }

  add(x: Uint8Array, y: Uint8Array): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.binary('add', this.#bits, x, y, out));
  }

  sub(x: Uint8Array, y: Uint8Array): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.binary('sub', this.#bits, x, y, out));
  }

  mul(x: Uint8Array, y: Uint8Array): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.binary('mul', this.#bits, x, y, out));
  }

  /** `scalar` may be negative. */
  addScalar(x: Uint8Array, scalar: bigint): Uint8Array {
    const wrapped = BigInt.asUintN(this.#bits, scalar);
    return this.#fresh(x, (out) => this.#kernels.binaryScalar('add', this.#bits, x, wrapped, out));
  }

  /** `scalar` may be negative. */
  mulScalar(x: Uint8Array, scalar: bigint): Uint8Array {
    const wrapped = BigInt.asUintN(this.#bits, scalar);
    return this.#fresh(x, (out) => this.#kernels.binaryScalar('mul', this.#bits, x, wrapped, out));
  }

  negate(x: Uint8Array): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.negate(this.#bits, x, out));
  }

  shift(x: Uint8Array, kind: 'left' | 'logical' | 'arithmetic', by: number): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.shift(kind, this.#bits, x, by, out));
  }

  /** bit ? y : x, per element, without a branch; `bit` holds one-bit values in 8-bit lanes. */
  choose(bit: Uint8Array, x: Uint8Array, y: Uint8Array): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.chooseByBit(this.#bits, bit, x, y, out));
  }

  xor(x: Uint8Array, y: Uint8Array): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.bitwise('xor', x, y, out));
  }

  not(x: Uint8Array): Uint8Array {
    // -x - 1
    return this.addScalar(this.negate(x), -1n);
  }

  and(x: Uint8Array, y: Uint8Array): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.bitwise('and', x, y, out));
  }

  /** c + e b + a d, and e d for the `first`. */
  beaverMul(
    first: boolean,
    { e, d, a, b, c }: Readonly<Record<'e' | 'd' | 'a' | 'b' | 'c', Uint8Array>>,
  ): Uint8Array {
    return this.#fresh(c, (out) => this.#kernels.beaverMul(this.#bits, first, e, d, a, b, c, out));
  }

  /** c ^ e & b ^ a & d, and e & d for the `first`. */
  beaverAnd(
    first: boolean,
    { e, d, a, b, c }: Readonly<Record<'e' | 'd' | 'a' | 'b' | 'c', Uint8Array>>,
  ): Uint8Array {
    return this.#fresh(c, (out) => this.#kernels.beaverAnd(first, e, d, a, b, c, out));
  }

  /** Signed words divided by 2^by, rounded toward zero. */
  divideSigned(x: Uint8Array, by: number): Uint8Array {
    return this.#fresh(x, (out) => this.#kernels.divideSigned(this.#bits, x, by, out));
  }

  /** See `Kernels.maskedTruncation`. */
  maskedTruncation(
    first: boolean,
    by: number,
    { opened, top, low }: Readonly<Record<'opened' | 'top' | 'low', Uint8Array>>,
  ): Uint8Array {
    return this.#fresh(opened, (out) =>
      this.#kernels.maskedTruncation(this.#bits, first, by, opened, top, low, out),
    );
  }

  #fresh(like: Uint8Array, step: (out: Uint8Array) => void): Uint8Array {
    const out = allocateBytes(like.length);
    step(out);
    return out;
  }
}
