/**
 * Random programs, as data: sequences of operations on vectors of one length, with branches inside
 * branches. All are exact: what is truncated counts for cost only.
 */
import fc from 'fast-check';
import type { AShare, Protocol } from '../../server/engine/protocol.ts';

const simple = [
  'add',
  'sub',
  'negate',
  'scale',
  'mul',
  'square',
  'relu',
  'throughBits',
  'isZero',
  'below',
  'truncate',
  'mulTruncate',
  'turn',
  'outer',
] as const;

export type Step =
  | { readonly op: (typeof simple)[number]; readonly a: number; readonly b: number }
  | { readonly op: 'together'; readonly pieces: readonly (readonly Step[])[] };

const { steps } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ op: fc.constantFrom(...simple), a: fc.nat(7), b: fc.nat(7) }),
    fc.record({
      op: fc.constant('together' as const),
      pieces: fc.array(tie('steps'), { minLength: 0, maxLength: 3 }),
    }),
  ),
  steps: fc.array(tie('step'), { minLength: 1, maxLength: 5 }),
}));

export const programs: fc.Arbitrary<Step[]> = steps;

/** Runs the steps on a list of vectors; every step adds one. Returns the last. */
export async function runSteps(
  mpc: Protocol,
  inputs: readonly AShare[],
  list: readonly Step[],
): Promise<AShare> {
  const values = [...inputs];
  const pick = (index: number): AShare => values[index % values.length]!;
  for (const step of list) {
    if (step.op === 'together') {
      const pieces = step.pieces.map(
        (piece) => (branch: Protocol) => runSteps(branch, values, piece),
      );
      values.push(...(await mpc.together(pieces)));
      continue;
    }
    values.push(await apply(mpc, step.op, pick(step.a), pick(step.b), step.b));
  }
  return values.at(-1)!;
}

async function apply(
  mpc: Protocol,
  op: (typeof simple)[number],
  x: AShare,
  y: AShare,
  number: number,
): Promise<AShare> {
  switch (op) {
    case 'add':
      return mpc.add(x, y);
    case 'sub':
      return mpc.sub(x, y);
    case 'negate':
      return mpc.negate(x);
    case 'scale':
      return mpc.scale(x, BigInt(number) - 3n);
    case 'mul':
      return mpc.mul(x, y);
    case 'square':
      return mpc.square(x);
    case 'relu':
      return mpc.bitMul(mpc.xorPublic(await mpc.msb(x), 1n), y);
    case 'throughBits':
      return mpc.b2a(await mpc.a2b(x), 'word');
    case 'isZero':
      return mpc.b2a(await mpc.isZero(x), 'bit');
    case 'below': {
      const answers = await mpc.b2a(await mpc.below(x, [-number, 2 ** -number]), 'bit');
      return mpc.sum(answers, 0);
    }
    case 'truncate':
      return mpc.add(y, mpc.scale(await mpc.truncate(x, 1 + number), 0n));
    case 'mulTruncate':
      return mpc.add(y, mpc.scale(await mpc.mulTruncate(x, y, 1 + number), 0n));
    case 'turn': {
      const column = mpc.view(x, { reshape: [x.shape[0] ?? 0, 1] });
      return mpc.view(column, { reshape: x.shape });
    }
    case 'outer': {
      const length = x.shape[0] ?? 0;
      const column = mpc.view(x, { reshape: [length, 1] });
      const row = mpc.view(y, { reshape: [1, length] });
      return mpc.sum(await mpc.matmul(column, row), 0);
    }
  }
}
