import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, hashSpec } from '../../server/runs/spec-hash.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

describe('canonical JSON', () => {
  test('sorts keys at every depth and writes no spaces', () => {
    const value = { b: [1, { z: null, a: true }], a: 'x', é: 1.5 };
    expect(canonicalJson(value)).toBe('{"a":"x","b":[1,{"a":true,"z":null}],"é":1.5}');
  });

  test('does not depend on the order of insertion, and reads back as the same value', () => {
    assert(
      property(jsonValue(), (value) => {
        const reversed = JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
          typeof inner === 'object' && inner !== null && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).reverse())
            : inner,
        ) as unknown;
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('leaves undefined fields out and refuses what JSON cannot hold', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
    for (const value of [Number.NaN, Infinity, 1n, () => 1]) {
      expect(() => canonicalJson({ value })).toThrow(TypeError);
    }
  });
});

test('the hash of a spec is fixed: a change here breaks every stored identity', () => {
  expect(hashSpec(smallSpec).hash).toBe(
    '9623bce2df0f72b20519d3c0d10ca8599221c10685c1709e4e1120d873d84089',
  );
  const { dataset } = smallSpec;
  expect(
    hashSpec({ ...smallSpec, dataset: { samples: dataset.samples, id: dataset.id } }).hash,
  ).toBe(hashSpec(smallSpec).hash);
  expect(hashSpec({ ...smallSpec, sequenceLength: 9 }).hash).not.toBe(hashSpec(smallSpec).hash);
});

test('a dealer that is named and one that is meant are the same spec, another source is not', () => {
  const hashOf = (protocol: RunSpec['protocol']) =>
    hashSpec({ ...smallAdditiveSpec, protocol: { ...smallAdditiveSpec.protocol, ...protocol } });
  const { protocol } = smallAdditiveSpec;
  const meant = hashOf(protocol);
  expect(hashOf({ ...protocol, correlations: 'dealer' })).toEqual(meant);
  expect(meant.canonical).not.toContain('correlations');
  const insecure = hashOf({ ...protocol, correlations: 'insecureFirstParty' });
  expect(insecure.hash).not.toBe(meant.hash);
  expect(insecure.canonical).toContain('"correlations":"insecureFirstParty"');
});
