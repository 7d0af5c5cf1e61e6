/**
 * What each operation of the additive family opens, step by step, and which correlation it uses up:
 * the declared cost. Both parties send the same; one step is one round.
 */
import type { Correlation } from '../../correlations/correlation.ts';
import type { RingBits } from '../../ring/kernels.ts';
import type { CostModel, CostQuery, Schedule } from '../schedule.ts';
import { exponentialFor, exponentialOpens } from '../masked-exponential.ts';
import { oneHotFor } from '../masked-one-hot.ts';
import { piecesFor, piecesOpen } from '../masked-pieces.ts';
import { squaresFor } from '../masked-squares.ts';
import type { Realisation } from './realisation.ts';

interface Step {
  /** Bytes that each party sends. */
  readonly opens: number;
  /** Null where an earlier step's correlation is still in use. */
  readonly uses: Correlation | null;
}

/** Products of bits, lane by lane. */
function andStep(bytes: number): Step {
  return { opens: 2 * bytes, uses: { kind: 'binaryTriple', bytes } };
}

function bitsStep(elements: number, opens: number): Step {
  return { opens, uses: { kind: 'bits', elements } };
}

class Steps {
  readonly #r: Realisation;
  readonly #bits: RingBits;

  constructor(realisation: Realisation, bits: RingBits) {
    this.#r = realisation;
    this.#bits = bits;
  }

  of(query: CostQuery): Step[] {
    const { elements, thresholds = 1, polynomials = 2 } = query;
    const word = this.#words(elements);
    switch (query.op) {
      case 'input':
      case 'reveal':
        return [];
      case 'weight':
        return this.#weight(query);
      case 'mul':
        return [this.#multiplication(elements)];
      case 'square':
        return this.#r.square === 'product'
          ? [this.#multiplication(elements)]
          : [{ opens: word, uses: { kind: 'square', elements } }];
      case 'matmul':
        return [this.#product(query)];
      case 'truncate':
        return this.#truncation(query);
      case 'mulTruncate':
      case 'matmulTruncate':
        throw new RangeError(`${this.#r.id} does not fuse ${query.op}`);
      case 'squareTimes':
        return this.#squares(query);
      case 'pieces':
        return piecesOpen(word, elements, polynomials).map((opens, round) => ({
          opens,
          uses: round === 0 ? piecesFor(elements, query.fractionBits ?? 0, polynomials) : null,
        }));
      case 'exponential':
        return exponentialOpens(word, elements).map((opens, round) => ({
          opens,
          uses: round === 0 ? exponentialFor(elements, query.fractionBits ?? 0) : null,
        }));
      case 'oneHot': {
        const indices = elements / thresholds;
        return [{ opens: this.#words(indices), uses: oneHotFor(indices, thresholds) }];
      }
      case 'and':
        return [andStep((elements * query.lane) / 8)];
      case 'a2b':
        return this.#toBits(elements);
      case 'msb':
        return this.#topBit(elements);
      case 'below':
        return this.#maskedGates(elements / thresholds, thresholds);
      case 'isZero':
        return this.#equality(elements);
      case 'b2aBit':
        return [this.#bitToNumber(elements)];
      case 'b2aWord':
        return [bitsStep(elements * this.#bits, word * (this.#bitwise ? this.#bits : 1))];
      case 'bitMul':
        return this.#r.bitProduct === 'atOnce'
          ? [{ opens: word + elements, uses: { kind: 'bitProduct', elements } }]
          : [this.#bitToNumber(elements), this.#multiplication(elements)];
    }
  }

  get #bitwise(): boolean {
    return this.#r.wordOpening === 'wordPerBit';
  }

  #words(count: number): number {
    return (count * this.#bits) / 8;
  }

  #multiplication(elements: number): Step {
    return { opens: 2 * this.#words(elements), uses: { kind: 'triple', elements } };
  }

  #weight({ elements, weight }: CostQuery): Step[] {
    if (this.#r.weights === 'everyProduct') return [];
    return [
      {
        opens: this.#words(elements),
        uses: { kind: 'weightMask', weight: weight ?? 0, elements },
      },
    ];
  }

  #product({ product, weight }: CostQuery): Step {
    if (product === undefined) throw new RangeError('matmul: the query names no dimensions');
    const { batch, yBatch, m, k, n } = product;
    const left = this.#words(batch * m * k);
    if (this.#r.weights === 'once' && typeof weight === 'number') {
      return { opens: left, uses: { kind: 'weightTriple', weight, shape: product } };
    }
    return {
      opens: left + this.#words(yBatch * k * n),
      uses: { kind: 'matrixTriple', shape: product },
    };
  }

  #truncation({ elements, cut }: CostQuery): Step[] {
    if (this.#r.truncation === 'local') return [];
    return [
      {
        opens: this.#words(elements),
        uses: { kind: 'truncationPair', elements, bits: cut ?? 0 },
      },
    ];
  }

  #squares({ elements, times = 1, cut = 0 }: CostQuery): Step[] {
    const opens = this.#words(elements);
    const later = Array.from({ length: times }, () => ({ opens, uses: null }));
    return [{ opens, uses: squaresFor(elements, times, cut) }, ...later];
  }

  /** An adder of two words: one product of bits, then log2 k levels of two. */
  #toBits(elements: number): Step[] {
    const word = this.#words(elements);
    const levels = Array.from({ length: Math.log2(this.#bits) }, () => andStep(2 * word));
    return this.#r.comparison === 'maskedGates'
      ? [{ opens: word, uses: { kind: 'maskWithBits', elements } }, ...levels]
      : [andStep(word), ...levels];
  }

  #topBit(elements: number): Step[] {
    if (this.#r.comparison === 'setPropagateKill') return this.#toBits(elements);
    if (this.#r.comparison === 'maskedGates') return this.#maskedGates(elements, 1);
    const levels = this.#halvings().map((width) => andStep(2 * elements * laneBytes(width)));
    return [andStep(this.#words(elements)), ...levels];
  }

  #equality(elements: number): Step[] {
    if (this.#r.equality === 'wordAndTree') {
      return this.#halvings().map(() => andStep(this.#words(elements)));
    }
    if (this.#r.equality === 'twoComparisons') {
      return [...this.#topBit(2 * elements), andStep(elements)];
    }
    return this.#maskedGates(elements, 1);
  }

  /** One correlation serves the masked opening and both levels of gates of every threshold. */
  #maskedGates(elements: number, thresholds: number): Step[] {
    return [
      { opens: this.#words(elements), uses: { kind: 'comparison', elements, thresholds } },
      { opens: 4 * thresholds * elements, uses: null },
      { opens: thresholds * elements, uses: null },
    ];
  }

  #bitToNumber(elements: number): Step {
    return bitsStep(elements, this.#r.bitLane === 'word' ? this.#words(elements) : elements);
  }

  /** k/2, k/4, ..., 1. */
  #halvings(): number[] {
    return Array.from({ length: Math.log2(this.#bits) }, (_, level) => this.#bits >> (level + 1));
  }
}

function laneBytes(width: number): number {
  return Math.max(8, width) / 8;
}

export function additiveCostModel(realisation: Realisation, bits: RingBits): CostModel {
  const steps = new Steps(realisation, bits);
  return {
    parties: 2,
    bits,
    framework: realisation.framework,
    whole: [
      ...(realisation.comparison === 'maskedGates' ? (['below'] as const) : []),
      ...(realisation.squares === 'masked' ? (['squareTimes'] as const) : []),
      ...(realisation.pieces === 'masked' && bits === 64 ? (['pieces'] as const) : []),
      ...(realisation.oneHot === 'masked' ? (['oneHot'] as const) : []),
      ...(realisation.exponential === 'masked' && bits === 64 ? (['exponential'] as const) : []),
    ],
    schedule: (query): Schedule =>
      steps.of(query).map(({ opens }) => [
        { from: 0, to: 1, bytes: opens },
        { from: 1, to: 0, bytes: opens },
      ]),
    correlations: (query) => steps.of(query).flatMap(({ uses }) => uses ?? []),
    // SPU's two comparisons, then the product of bits.
    programRounds: (query) =>
      query.op === 'isZero' && realisation.equality === 'twoComparisons'
        ? 2 * steps.of({ ...query, op: 'msb' }).length + 1
        : null,
    turns: (op) => (op === 'input' || op === 'weight' ? 1 : 0),
  };
}
