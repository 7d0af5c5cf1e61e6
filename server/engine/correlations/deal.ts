/**
 * Dealing: draws both parties' halves of the free parts, computes the made parts, and returns what
 * party 0 lacks. Run by the dealer, or by party 0 itself where it is its own (insecure) dealer.
 */
import { EngineError } from '../errors.ts';
import type { Kernels, MatmulShape, RingBits } from '../ring/kernels.ts';
import type { Prg } from '../ring/prg.ts';
import { hiddenPowers } from '../ring/exponential-tables.ts';
import { allocateBytes } from '../ring/tensor.ts';
import { partsOfMask } from '../ring/masked-truncation.ts';
import { Words } from '../ring/words.ts';
import { layoutOf, type Correlation } from './correlation.ts';

/** Streams of one branch: of each party with the dealer, and the dealer's own. */
export interface DealerStreams {
  readonly first: Pick<Prg, 'bytes'>;
  readonly second: Pick<Prg, 'bytes'>;
  readonly own: Pick<Prg, 'bytes'>;
}

export class Dealing {
  readonly #kernels: Kernels;
  readonly #bits: RingBits;
  readonly #words: Words;
  /** Masks of weights, by weight: kept for the session. */
  readonly #weightMasks = new Map<number, Uint8Array>();

  constructor(kernels: Kernels, bits: RingBits) {
    this.#kernels = kernels;
    this.#bits = bits;
    this.#words = new Words(kernels, bits);
  }

  /** Party 0's halves of the made parts, one after the other. */
  deal(correlation: Correlation, streams: DealerStreams): Uint8Array {
    const { free, made } = layoutOf(this.#bits, correlation);
    const values = free.map(({ bytes, sharing }) => {
      const halves = [streams.first.bytes(bytes), streams.second.bytes(bytes)] as const;
      return sharing === 'boolean' ? this.#words.xor(...halves) : this.#words.add(...halves);
    });
    const parts = this.#make(correlation, values, streams.own);
    const correction = allocateBytes(made.reduce((sum, { bytes }) => sum + bytes, 0));
    let at = 0;
    made.forEach(({ bytes, sharing }, index) => {
      const value = parts[index];
      if (value?.length !== bytes) throw new RangeError(`${correlation.kind}: part ${index}`);
      const second = streams.second.bytes(bytes);
      const first =
        sharing === 'boolean' ? this.#words.xor(value, second) : this.#words.sub(value, second);
      correction.set(first, at);
      at += bytes;
    });
    return correction;
  }

  /** Values of the made parts. */
  #make(
    correlation: Correlation,
    free: readonly Uint8Array[],
    own: DealerStreams['own'],
  ): Uint8Array[] {
    const words = this.#words;
    const part = (index: number): Uint8Array => {
      const value = free[index];
      if (value === undefined) throw new RangeError(`${correlation.kind} has no part ${index}`);
      return value;
    };
    switch (correlation.kind) {
      case 'triple':
        return [words.mul(part(0), part(1))];
      case 'matrixTriple':
        return [this.#product(part(0), part(1), correlation.shape)];
      case 'weightTriple': {
        const mask = this.#weightMasks.get(correlation.weight);
        if (mask === undefined) {
          throw new EngineError('protocol', `dealer: weight ${correlation.weight} has no mask`);
        }
        return [this.#product(part(0), mask, correlation.shape)];
      }
      case 'weightMask':
        this.#weightMasks.set(correlation.weight, part(0));
        return [];
      case 'square':
        return [words.mul(part(0), part(0))];
      case 'binaryTriple':
        return [words.and(part(0), part(1))];
      case 'bits':
        return [this.#randomBits(own, correlation.elements)];
      case 'bitProduct': {
        const bit = this.#randomBits(own, correlation.elements);
        return [bit, words.mul(bit, part(0))];
      }
      case 'truncationPair': {
        const { top, low } = partsOfMask(words, this.#bits, correlation.bits, part(0));
        return [low, top];
      }
      case 'squares': {
        const { times, bits } = correlation;
        const made = [words.mul(part(0), part(0))];
        for (let step = 1; step <= times; step++) {
          const { top, low } = partsOfMask(words, this.#bits, bits, part(step));
          made.push(low, top);
          if (step === times) break;
          const crossed = words.shift(words.mul(top, low), 'left', this.#bits - bits);
          made.push(words.mul(low, low), crossed);
        }
        return made;
      }
      case 'pieces':
        return this.#pieces(correlation, part, own);
      case 'exponential':
        return this.#exponential(correlation, part);
      case 'oneHot':
        return [this.#oneHot(part(0), correlation.width)];
      case 'maskWithBits':
        return [part(0)];
      case 'comparison':
        return this.#comparison(correlation.elements, part);
    }
  }

  /** Of masks 0 to 2. */
  #comparison(elements: number, part: (index: number) => Uint8Array): Uint8Array[] {
    const products = allocateBytes(30 * elements);
    this.#kernels.subsetProducts(this.#bits, part(0), products);
    return [products, this.#gateProducts(4, part(1)), this.#gateProducts(1, part(2))];
  }

  /** In the order in which `masked-pieces.ts` reads them. */
  #pieces(
    {
      elements,
      polynomials,
      squareCut,
      resultCut,
    }: Extract<Correlation, { readonly kind: 'pieces' }>,
    part: (index: number) => Uint8Array,
    own: DealerStreams['own'],
  ): Uint8Array[] {
    const words = this.#words;
    const [r, square, chosen] = [part(0), part(3), part(4 + polynomials)];
    const masks = Array.from({ length: polynomials }, (_, index) => part(4 + index));
    const { top, low } = partsOfMask(words, this.#bits, squareCut, square);
    const shifted = words.shift(top, 'left', this.#bits - 1 - squareCut);
    const low2 = words.mul(low, low);
    const last = partsOfMask(words, this.#bits, resultCut, chosen);
    return [
      words.mul(r, r),
      low,
      top,
      low2,
      words.mul(shifted, low),
      words.mul(low2, low),
      words.mul(shifted, low2),
      ...(polynomials === 2 ? [words.mul(r, low), words.mul(r, shifted)] : []),
      ...[...masks, r].flatMap((mask) => {
        const bit = this.#randomBits(own, elements);
        return [bit, words.mul(bit, mask)];
      }),
      last.low,
      last.top,
      ...this.#comparison(elements, part),
    ];
  }

  /** In the order in which `masked-exponential.ts` reads them. */
  #exponential(
    { elements, width, cut }: Extract<Correlation, { readonly kind: 'exponential' }>,
    part: (index: number) => Uint8Array,
  ): Uint8Array[] {
    const words = this.#words;
    const power = hiddenPowers(width, part(0));
    const nothing = new Uint8Array(power.length);
    // `choose` reads the lowest bit of each lane.
    const ones = allocateBytes(2 * elements).fill(1);
    const bits = words.and(part(3), ones);
    const [window, domain] = [bits.subarray(0, elements), bits.subarray(elements)];
    const ofWindow = words.choose(window, nothing, power);
    const last = partsOfMask(words, this.#bits, cut, part(4));
    return [
      power,
      ofWindow,
      words.choose(domain, nothing, power),
      words.choose(domain, nothing, ofWindow),
      last.low,
      last.top,
      ...this.#comparison(elements, part),
    ];
  }

  #oneHot(masks: Uint8Array, width: number): Uint8Array {
    const wordBytes = this.#bits / 8;
    const rows = new Uint8Array(masks.length * 2 ** width);
    const view = new DataView(masks.buffer, masks.byteOffset, masks.length);
    for (let at = 0; at < masks.length; at += wordBytes) {
      const hot = view.getUint32(at, true) % 2 ** width;
      rows[at * 2 ** width + hot * wordBytes] = 1;
    }
    return rows;
  }

  #gateProducts(width: 4 | 1, masks: Uint8Array): Uint8Array {
    const out = allocateBytes((masks.length / width) * (width === 4 ? 11 : 3));
    this.#kernels.gateProducts(width, masks, out);
    return out;
  }

  #randomBits(own: DealerStreams['own'], elements: number): Uint8Array {
    return this.#words.shift(own.bytes(this.#words.length(elements)), 'logical', this.#bits - 1);
  }

  #product(x: Uint8Array, y: Uint8Array, shape: MatmulShape): Uint8Array {
    const out = allocateBytes(this.#words.length(shape.batch * shape.m * shape.n));
    this.#kernels.matmul(this.#bits, x, y, out, shape);
    return out;
  }
}
