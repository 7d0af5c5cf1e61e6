/**
 * No role of a run holds enough to work out a secret; two that pool what they hold do, and so does
 * party 0 where it makes the correlations itself. Attacks a small run of every variant.
 */
import { describe, expect, test } from 'vitest';
import {
  attack,
  attempt,
  cases,
  dependenceLimit,
  mayLearn,
} from '../../benchmarks/security/reconstruct.ts';
import { Recorder } from '../../benchmarks/security/recorder.ts';
import { combine } from '../../benchmarks/security/combine.ts';
import { seededBytes, seededRandom } from '../support/random.ts';

describe.each(
  cases.map((one) => [`${one.variant} ${one.correlations ?? ''}`.trim(), one] as const),
)('%s', (_, one) => {
  test('every coalition learns what it may, and nothing else', async () => {
    const random = seededRandom(`secrets ${one.variant}`);
    const attempts = await attack(one, () => 2 * random() - 1);
    const secrets = new Set(attempts.map(({ secret }) => secret));
    expect(secrets.size).toBe(3);
    for (const { coalition, secret, combination, dependence, patterns } of attempts) {
      const who = `${coalition.join(' and ')}: ${secret}`;
      // With inputs and weights everything else follows in the clear.
      if (mayLearn(one, coalition)) {
        if (secret !== 'first product') expect(combination.found, who).toBe('all');
        continue;
      }
      expect(combination.found, who).toBe('nothing');
      expect(dependence, who).toBeLessThan(dependenceLimit);
      expect(patterns, who).toBe(0);
    }
  });
});

describe('one role that holds too much is found out', () => {
  const floats = Float32Array.from({ length: 1024 }, (_, index) => Math.sin(index + 1));
  const secret = BigUint64Array.from(floats, (value) =>
    BigInt.asUintN(64, BigInt(Math.round(value * 2 ** 18))),
  );
  const holding = (what: Uint8Array) => {
    const recorder = new Recorder();
    recorder.given('something', what);
    return attempt(
      {
        recorders: new Map([[0, recorder]]),
        secrets: new Map([['input', new Uint8Array(secret.buffer)]]),
        floats: new Map([['input', floats]]),
      },
      [0],
      'input',
      false,
    );
  };

  test('the encoded secret', () => {
    const found = holding(new Uint8Array(secret.slice().buffer));
    expect(found.combination.found).toBe('all');
    expect(found.dependence).toBeGreaterThan(dependenceLimit);
    expect(found.patterns).toBeGreaterThan(1000);
  });

  test('its numbers in floating point', () => {
    expect(holding(new Uint8Array(floats.slice().buffer)).patterns).toBeGreaterThan(1000);
  });

  test('noise that is too small', () => {
    const noise = seededBytes('noise', 1024);
    const blurred = secret.map((word, index) => word + BigInt(noise[index]! & 3));
    const found = holding(new Uint8Array(blurred.buffer));
    expect(found.combination.found).toBe('nothing');
    expect(found.dependence).toBeGreaterThan(dependenceLimit);
  });

  test('random bytes are nothing', () => {
    const found = holding(seededBytes('nothing', 8192));
    expect(found.combination.found).toBe('nothing');
    expect(found.dependence).toBeLessThan(dependenceLimit);
    expect(found.patterns).toBe(0);
  });
});

describe('the attack itself', () => {
  const words = (label: string) => new BigUint64Array(seededBytes(label, 8 * 512).buffer);
  const [a, b, c] = [words('a'), words('b'), words('c')];
  const others = Array.from({ length: 60 }, (_, index) => words(`other ${index}`));

  test('finds sums, differences, multiples and xors', () => {
    const sum = a.map((word, index) => word - 3n * (b[index] ?? 0n) + 5n * (c[index] ?? 0n));
    expect(combine(sum, [...others, a, b, c])).toEqual({ found: 'all', terms: 3 });
    const xor = a.map((word, index) => word ^ (b[index] ?? 0n));
    expect(combine(xor, [c, b, ...others, a])).toEqual({ found: 'all', terms: 2 });
  });

  test('finds nothing where one piece is missing', () => {
    const sum = a.map((word, index) => word + (b[index] ?? 0n) + (c[index] ?? 0n));
    expect(combine(sum, [...others, a, b])).toEqual({ found: 'nothing', buffers: 62 });
  });

  test('tells when only lowest bits follow', () => {
    const partly = a.map((word, index) => word ^ ((b[index] ?? 0n) << 1n));
    expect(combine(partly, [...others, a])).toEqual({ found: 'lowestBits', terms: 1 });
  });

  test('refuses to guess among more buffers than elements', () => {
    const many = Array.from({ length: 200 }, (_, index) => words(`many ${index}`));
    expect(() => combine(a, many)).toThrow('use a larger model');
  });
});
