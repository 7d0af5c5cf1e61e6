/**
 * Declared cost of `replicated/aby3`, message by message, as SPU 0.5.0 sends it (derived from its
 * source, libspu/mpc/aby3). For k = 64, bytes per element summed over the three parties:
 * product 24, truncation 64, a2b 336, msb 108, isZero 219, bit to number 32, bit x number 64.
 */
import type { InteractiveOp } from '../../protocol.ts';
import type { RingBits } from '../../ring/kernels.ts';
import type { CostModel, CostQuery, Message, Schedule } from '../schedule.ts';

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

function merged(left: Schedule, right: Schedule): Schedule {
  const rounds = Math.max(left.length, right.length);
  return Array.from({ length: rounds }, (_, round) => [
    ...(left[round] ?? []),
    ...(right[round] ?? []),
  ]);
}

export function aby3CostModel(bits: RingBits): CostModel {
  const schedule = ({ op, elements, lane, turn }: CostQuery): Schedule => {
    const word = (elements * bits) / 8;
    switch (op) {
      case 'input':
      case 'reveal':
        return [];
      case 'mul':
      case 'matmul':
        return [rotation(word)];
      case 'truncate':
        return truncation(turn, word);
      case 'and':
        return [rotation((elements * lane) / 8)];
      case 'a2b':
        return [rotation(word), ...adder(bits, word)];
      case 'msb':
        return [rotation(word), ...carryTree(bits, elements)];
      case 'isZero':
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
  return { parties, schedule, turns };
}

/** A pair of transfers runs as two branches, which advance the counter by one each. */
function turns(op: InteractiveOp): number {
  if (op === 'bitMul') return 2;
  return op === 'input' || op === 'truncate' || op === 'b2aBit' ? 1 : 0;
}
