/**
 * Declared cost of the replicated family, message by message. `replicated/aby3` sends what SPU 0.5.0
 * sends (derived from its source, libspu/mpc/aby3): for k = 64, bytes per element summed over the
 * three parties, product 24, truncation 64, a2b 336, msb 108, isZero 219, bit to number 32, bit x
 * number 64. `replicated/fast` has product and truncation together at 64, isZero at 62, msb at 72.
 */
import { correctionBytes } from '../../correlations/correlation.ts';
import type { InteractiveOp } from '../../protocol.ts';
import type { RingBits } from '../../ring/kernels.ts';
import type { CostModel, CostQuery, Message, Schedule } from '../schedule.ts';
import { exponentialFor, exponentialOpens } from '../masked-exponential.ts';
import { oneHotFor } from '../masked-one-hot.ts';
import { piecesFor, piecesOpen } from '../masked-pieces.ts';
import { squaresFor } from '../masked-squares.ts';
import type { Realisation } from './realisation.ts';

const parties = 3;

/** Every party sends `bytes` to its previous one. */
function rotation(bytes: number): Message[] {
  return [0, 1, 2].map((from) => ({ from, to: (from + 2) % 3, bytes }));
}

function adder(bits: RingBits, word: number): Schedule {
  const levels = Math.log2(bits);
  return [rotation(word), ...Array.from({ length: levels }, () => rotation(2 * word))];
}

function carryTree(bits: RingBits, elements: number): Schedule {
  const rounds: Message[][] = [rotation((elements * bits) / 8)];
  for (let width = bits / 2; width >= 1; width /= 2) {
    const laneBytes = Math.max(8, width) / 8;
    rounds.push(rotation(2 * elements * laneBytes));
  }
  return rounds;
}

/** One three-party oblivious transfer; see `obliviousProduct`. */
function transfer(sender: number, word: number): Schedule {
  const helper = (sender + 1) % 3;
  const receiver = (sender + 2) % 3;
  return [
    [
      { from: sender, to: receiver, bytes: 2 * word },
      { from: helper, to: receiver, bytes: word },
    ],
    [{ from: receiver, to: helper, bytes: word }],
  ];
}

function truncation(turn: number, word: number): Schedule {
  const a = turn % 3;
  const b = (a + 1) % 3;
  const helper = (a + 2) % 3;
  const exchange: Message[] = [
    { from: a, to: b, bytes: word },
    { from: b, to: a, bytes: word },
  ];
  const correlation: Message[] = [
    { from: helper, to: a, bytes: 2 * word },
    { from: helper, to: b, bytes: 2 * word },
  ];
  return [[...exchange, ...correlation], exchange];
}

/** Product terms truncated before they are shared again; see `truncateTerms`. */
function fusedTruncation(turn: number, word: number): Schedule {
  const a = turn % 3;
  const b = (a + 1) % 3;
  const helper = (a + 2) % 3;
  const exchange: Message[] = [
    { from: a, to: b, bytes: word },
    { from: b, to: a, bytes: word },
  ];
  const fromHelper: Message[] = [
    { from: helper, to: a, bytes: 3 * word },
    { from: helper, to: b, bytes: word },
  ];
  return [[...exchange, ...fromHelper], exchange];
}

/** A and B exchange `openings` in turn under masks of the helper, who deals; see `helped.ts`. */
function helped(turn: number, dealt: number, openings: readonly number[]): Schedule {
  const a = turn % 3;
  const b = (a + 1) % 3;
  const helper = (a + 2) % 3;
  return openings.map((bytes, round) => [
    { from: a, to: b, bytes },
    { from: b, to: a, bytes },
    ...(round === 0 ? [{ from: helper, to: a, bytes: dealt }] : []),
  ]);
}

/** One masked opening, then a tree of products of halves of the word. */
function maskedEquality(turn: number, bits: RingBits, elements: number): Schedule {
  const word = (elements * bits) / 8;
  const a = turn % 3;
  const b = (a + 1) % 3;
  const helper = (a + 2) % 3;
  const rounds: Message[][] = [
    [
      { from: a, to: b, bytes: word },
      { from: b, to: a, bytes: word },
      { from: helper, to: a, bytes: word },
      { from: helper, to: b, bytes: word },
    ],
  ];
  for (let width = bits / 2; width >= 1; width /= 2) {
    rounds.push(rotation((elements * Math.max(8, width)) / 8));
  }
  return rounds;
}

function merged(left: Schedule, right: Schedule): Schedule {
  const rounds = Math.max(left.length, right.length);
  return Array.from({ length: rounds }, (_, round) => [
    ...(left[round] ?? []),
    ...(right[round] ?? []),
  ]);
}

export function replicatedCostModel(how: Realisation, bits: RingBits): CostModel {
  /** The numbers, two levels of gates, and the answers. */
  const comparison = ({ elements: answers, thresholds = 1, turn }: CostQuery): Schedule => {
    const elements = answers / thresholds;
    const dealt = correctionBytes(bits, { kind: 'comparison', elements, thresholds });
    return helped(turn, dealt, [(elements * bits) / 8, 4 * answers, answers, answers]);
  };
  const schedule = (query: CostQuery): Schedule => {
    const { op, elements, lane, turn } = query;
    const word = (elements * bits) / 8;
    switch (op) {
      case 'input':
      case 'weight':
      case 'reveal':
        return [];
      case 'mul':
      case 'square':
      case 'matmul':
        return [rotation(word)];
      case 'truncate':
        return truncation(turn, word);
      case 'mulTruncate':
      case 'matmulTruncate':
        if (!how.fusedTruncation) throw new RangeError(`${how.id} does not fuse ${op}`);
        return fusedTruncation(turn, word);
      case 'and':
        return [rotation((elements * lane) / 8)];
      case 'a2b':
        return [rotation(word), ...adder(bits, word)];
      case 'msb':
        return how.comparison === 'maskedGates'
          ? comparison(query)
          : [rotation(word), ...carryTree(bits, elements)];
      case 'below':
        return comparison(query);
      case 'pieces': {
        const { fractionBits = 0, polynomials = 2 } = query;
        const dealt = correctionBytes(bits, piecesFor(elements, fractionBits, polynomials));
        return helped(turn, dealt, [...piecesOpen(word, elements, polynomials), word]);
      }
      case 'exponential': {
        const dealt = correctionBytes(bits, exponentialFor(elements, query.fractionBits ?? 0));
        return helped(turn, dealt, [...exponentialOpens(word, elements), word]);
      }
      case 'oneHot': {
        const { thresholds = 1 } = query;
        const dealt = correctionBytes(bits, oneHotFor(elements / thresholds, thresholds));
        return helped(turn, dealt, [word / thresholds, word]);
      }
      case 'squareTimes': {
        const { times = 1, cut = 0 } = query;
        const dealt = correctionBytes(bits, squaresFor(elements, times, cut));
        return helped(turn, dealt, Array<number>(times + 2).fill(word));
      }
      case 'isZero':
        if (how.equality === 'maskedAndTree') return maskedEquality(turn, bits, elements);
        // x < 0 and 0 < x side by side, then one and of the two bits.
        return [rotation(2 * word), ...carryTree(bits, 2 * elements), rotation(elements)];
      case 'b2aBit':
        return transfer(turn % 3, word);
      case 'bitMul':
        return merged(transfer(turn % 3, word), transfer((turn + 2) % 3, word));
      case 'b2aWord':
        return [
          rotation(word),
          ...adder(bits, word),
          [
            { from: 2, to: 0, bytes: word },
            { from: 2, to: 1, bytes: word },
            { from: 1, to: 0, bytes: word },
          ],
          [{ from: 0, to: 2, bytes: word }],
        ];
    }
  };
  return {
    parties,
    bits,
    framework: how.framework,
    whole: [
      ...(how.fusedTruncation ? (['mulTruncate', 'matmulTruncate'] as const) : []),
      ...(how.comparison === 'maskedGates' ? (['below'] as const) : []),
      ...(how.squares === 'masked' ? (['squareTimes'] as const) : []),
      ...(how.pieces === 'masked' && bits === 64 ? (['pieces'] as const) : []),
      ...(how.oneHot === 'masked' ? (['oneHot'] as const) : []),
      ...(how.exponential === 'masked' && bits === 64 ? (['exponential'] as const) : []),
    ],
    schedule,
    // SPU's two comparisons, then the product of bits.
    programRounds: (query) =>
      query.op === 'isZero' && how.equality === 'twoComparisons'
        ? 2 * schedule({ ...query, op: 'msb' }).length + 1
        : null,
    correlations: () => [],
    turns: (op) => turns(how, op),
  };
}

/** A pair of transfers runs as two branches, which advance the counter by one each. */
function turns(how: Realisation, op: InteractiveOp): number {
  switch (op) {
    case 'bitMul':
      return 2;
    case 'input':
    case 'weight':
    case 'truncate':
    case 'mulTruncate':
    case 'matmulTruncate':
    case 'squareTimes':
    case 'pieces':
    case 'exponential':
    case 'oneHot':
    case 'b2aBit':
      return 1;
    case 'msb':
    case 'below':
      return how.comparison === 'maskedGates' ? 1 : 0;
    case 'isZero':
      return how.equality === 'maskedAndTree' ? 1 : 0;
    default:
      return 0;
  }
}
