/**
 * Reconstruct attempt: what a coalition of roles can work out of a run.
 *
 *   node benchmarks/security/reconstruct.ts [--json]
 *
 * Every role of a run is recorded: arguments, environment, received frames, keys and the randomness
 * drawn from them, and what it computes. For every coalition and every secret tensor the attack tries
 * (1) `combine.ts`: every combination of what the coalition holds, fitted on half of the elements and
 * tested on the other half; (2) whether any buffer by itself tells anything of the secret (chi-square of
 * twelve of its bits, by fours, against three of the secret's); (3) whether three neighbouring values of
 * the secret, encoded or in floating point, lie in anything. A coalition fails where all three find
 * nothing. It has succeeded where it has inputs and weights, from which everything else follows in the
 * clear.
 */
import { createHash } from 'node:crypto';
import type { Peer } from '../../server/engine/channel.ts';
import type { CorrelationsId } from '../../server/engine/plan.ts';
import {
  variantDescriptions,
  type SecureVariantId,
} from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { combine, type Outcome } from './combine.ts';
import { independenceZ } from './independence.ts';
import type { Held } from './recorder.ts';
import { planOf, runVictim, type Random, type Victim } from './victim.ts';

export interface Attempt {
  readonly coalition: readonly Peer[];
  readonly secret: string;
  readonly combination: Outcome;
  /**
   * Largest z of the tests of independence: above `dependenceLimit`, something is told. Null for
   * coalitions that may learn the secret.
   */
  readonly dependence: number | null;
  /** Places in what the coalition was given where three neighbouring values stand; null as above. */
  readonly patterns: number | null;
}

/** A right run comes as far with a chance below 1e-9 per test. */
export const dependenceLimit = 6.2;

export interface Case {
  readonly variant: SecureVariantId;
  readonly correlations?: CorrelationsId;
}

/** Every variant, with a dealer and with the insecure first party where it needs correlations. */
export const cases: readonly Case[] = variantDescriptions.flatMap(
  ({ id, needsCorrelations }): Case[] =>
    needsCorrelations
      ? [
          { variant: id, correlations: 'dealer' },
          { variant: id, correlations: 'insecureFirstParty' },
        ]
      : [{ variant: id }],
);

/** Whether this coalition may learn everything, by what the variant's trust statement says. */
export function mayLearn({ correlations }: Case, coalition: readonly Peer[]): boolean {
  return coalition.length > 1 || (correlations === 'insecureFirstParty' && coalition[0] === 0);
}

/** All coalitions of one and of two roles, against inputs, the largest weight and a product. */
export async function attack(one: Case, random: Random): Promise<Attempt[]> {
  const { variant, correlations } = one;
  const victim = await runVictim(planOf(variant, correlations), loadKernels(), random);
  const roles = [...victim.recorders.keys()];
  const coalitions = roles.flatMap((role, index) => [
    [role],
    ...roles.slice(index + 1).map((other) => [role, other]),
  ]);
  const weight = 'weight tokenizer.conv_layers.0.0.weight';
  return coalitions.flatMap((coalition) =>
    ['input', weight, 'first product'].map((secret) =>
      attempt(victim, coalition, secret, mayLearn(one, coalition)),
    ),
  );
}

/** One coalition against one secret; `permitted` as in `mayLearn`. */
export function attempt(
  victim: Victim,
  coalition: readonly Peer[],
  name: string,
  permitted: boolean,
): Attempt {
  const secret = wordsOf(victim.secrets.get(name) ?? new Uint8Array(0));
  const held = coalition.flatMap((role) => victim.recorders.get(role)?.held ?? []);
  const buffers = pieces(held, secret.length);
  return {
    coalition,
    secret: name,
    combination: combine(secret, [...buffers, secret.map(() => 1n)]),
    dependence: permitted
      ? null
      : buffers.reduce((most, buffer) => Math.max(most, dependence(secret, buffer)), 0),
    patterns: permitted ? null : patterns(secret, victim.floats.get(name), held),
  };
}

/** Different pieces as long as the secret: whole buffers cut evenly, else their beginning and end. */
function pieces(held: readonly Held[], length: number): BigUint64Array[] {
  const found = new Map<string, BigUint64Array>();
  for (const { bytes } of held) {
    const words = Math.floor(bytes.length / 8);
    if (words < length) continue;
    const even = words % length === 0 && words <= 4 * length;
    const starts = even
      ? Array.from({ length: words / length }, (_, index) => index * length)
      : [0, words - length];
    for (const start of starts) {
      const piece = bytes.slice(start * 8, (start + length) * 8);
      found.set(createHash('sha256').update(piece).digest('hex'), wordsOf(piece));
    }
  }
  return [...found.values()].filter((piece) => piece.some((word) => word !== 0n));
}

/**
 * Chi-square of the lowest four bits of a buffer's words, of bits 12 to 15 and of the top four, each
 * against the secret's lowest bit, bit 12 and sign together; the largest, as z.
 */
function dependence(secret: BigUint64Array, buffer: BigUint64Array): number {
  const tables = [0, 1, 2].map(() => Array.from({ length: 8 }, () => Array<number>(16).fill(0)));
  const known = new Uint8Array(buffer.buffer);
  const hidden = new Uint8Array(secret.buffer);
  for (let at = 0; at < hidden.length; at += 8) {
    const middle = ((hidden[at + 1] ?? 0) >> 4) & 1;
    const row = ((hidden[at] ?? 0) & 1) | (middle << 1) | (((hidden[at + 7] ?? 0) >> 7) << 2);
    tables[0]![row]![(known[at] ?? 0) & 15]! += 1;
    tables[1]![row]![(known[at + 1] ?? 0) >> 4]! += 1;
    tables[2]![row]![(known[at + 7] ?? 0) >> 4]! += 1;
  }
  return Math.max(...tables.map(independenceZ));
}

/** Three neighbouring values in what was given, received or drawn, at a multiple of four bytes. */
function patterns(
  secret: BigUint64Array,
  floats: Float32Array | undefined,
  held: readonly Held[],
): number {
  const encoded = new Uint32Array(secret.buffer);
  const plain = new Uint32Array((floats ?? new Float32Array(0)).slice().buffer);
  const places = [neighbours(encoded, 2), neighbours(plain, 1)];
  let count = 0;
  for (const { from, bytes } of held) {
    if (from === 'computed') continue;
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    for (let at = 0; at + 3 <= words.length; at++) {
      if (places.some((stands) => stands(words, at))) count += 1;
    }
  }
  return count;
}

/** Whether three neighbouring values of `width` words of 32 bits stand at a place; zeros do not count. */
function neighbours(
  values: Uint32Array,
  width: number,
): (words: Uint32Array, at: number) => boolean {
  const known = new Uint8Array(2 ** 16);
  const starts = new Map<number, number[]>();
  for (let at = 0; at + 3 * width <= values.length; at += width) {
    const key = values[at] ?? 0;
    if (key === 0) continue;
    known[key & 0xffff] = 1;
    starts.set(key, [...(starts.get(key) ?? []), at]);
  }
  const length = 3 * width;
  return (words, at) => {
    const key = words[at] ?? 0;
    if (known[key & 0xffff] === 0 || at + length > words.length) return false;
    const candidates = starts.get(key);
    return (
      candidates?.some((start) => {
        for (let i = 0; i < length; i++) if (words[at + i] !== values[start + i]) return false;
        return true;
      }) ?? false
    );
  };
}

function wordsOf(bytes: Uint8Array): BigUint64Array {
  const copy = Uint8Array.from(bytes);
  return new BigUint64Array(copy.buffer, 0, copy.length >> 3);
}

if (import.meta.main) {
  const random: Random = () => Math.random() + Math.random() - 1;
  const json = process.argv.includes('--json');
  for (const one of cases) {
    const attempts = await attack(one, random);
    if (json) console.log(JSON.stringify({ ...one, attempts }));
    else {
      console.log(`${one.variant}${one.correlations === undefined ? '' : `, ${one.correlations}`}`);
      for (const { coalition, secret, combination, dependence: z, patterns: places } of attempts) {
        const expected = mayLearn(one, coalition) ? 'may learn' : 'must fail';
        const found = JSON.stringify(combination);
        const numbers = `dependence ${z?.toFixed(1) ?? 'not asked'}, patterns ${places ?? 'not asked'}`;
        console.log(`  ${coalition.join('+')} (${expected}) ${secret}: ${found}, ${numbers}`);
      }
    }
  }
}
