import { describe, expect, it } from 'vitest';
import { classifyFloat, predictedLabel, prepareFloatModel } from '../../server/zoo/float-bert.ts';
import { erf } from '../../server/engine/approximations/erf.ts';
import { loadModel } from '../../server/zoo/registry.ts';
import vectors from '../vectors/minilm-2l-imdb.json' with { type: 'json' };

const { config, tensors, sha256 } = await loadModel('minilm-2l-imdb');
const model = prepareFloatModel(config, tensors);

describe('float BERT', () => {
  it('is tested against vectors of these very weights', () => {
    expect(vectors.weightsSha256, 'run tests/vectors/make-minilm-vectors.py again').toBe(sha256);
  });

  it.each(vectors.cases)('agrees with PyTorch in float64 on "$text"', (vector) => {
    const mask = Uint8Array.from(vector.ids, (_, position) =>
      Number(position < vector.realPositions),
    );
    const { logits, hidden } = classifyFloat(model, Int32Array.from(vector.ids), mask);
    vector.logits.forEach((expected, label) => expect(logits[label]).toBeCloseTo(expected, 9));
    expect(hidden).toHaveLength(vector.hidden.length);
    const last = (vector.realPositions - 1) * config.hidden;
    vector.hidden.forEach(([first = [], final = []], layer) => {
      const row = hidden[layer];
      first.forEach((expected, k) => expect(row?.[k]).toBeCloseTo(expected, 9));
      final.forEach((expected, k) => {
        expect(row?.[last + config.hidden - 4 + k]).toBeCloseTo(expected, 9);
      });
    });
  });

  it('ignores what stands at padded positions', () => {
    const ids = Int32Array.of(2, 100, 101, 3, 0, 0, 0, 0);
    const mask = Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0);
    const other = Int32Array.of(2, 100, 101, 3, 500, 501, 502, 503);
    const { logits } = classifyFloat(model, ids, mask);
    expect(classifyFloat(model, other, mask).logits).toEqual(logits);
    const short = classifyFloat(model, ids.slice(0, 4), mask.slice(0, 4)).logits;
    short.forEach((value, label) => expect(logits[label]).toBeCloseTo(value, 12));
  });

  it('tells the reviews apart', () => {
    const labels = vectors.cases.map(({ logits }) => predictedLabel(logits));
    expect(labels.slice(0, 2)).toEqual([1, 0]);
  });

  it('refuses ids outside the vocabulary and sequences that are too long', () => {
    expect(() => classifyFloat(model, Int32Array.of(8192), Uint8Array.of(1))).toThrow(/8192/);
    expect(() => classifyFloat(model, Int32Array.of(-1), Uint8Array.of(1))).toThrow(/-1/);
    expect(() => classifyFloat(model, new Int32Array(129), new Uint8Array(129).fill(1))).toThrow(
      /129/,
    );
    expect(() => classifyFloat(model, Int32Array.of(2, 3), Uint8Array.of(1))).toThrow(/mask of 1/);
  });

  it('refuses weights that do not fit the config', () => {
    const without = new Map(tensors);
    without.delete('bert.pooler.dense.bias');
    expect(() => prepareFloatModel(config, without)).toThrow(/bert\.pooler\.dense\.bias/);
    expect(() => prepareFloatModel({ ...config, ffn: 1535 }, tensors)).toThrow(
      /intermediate\.dense/,
    );
  });
});

describe('erf', () => {
  // Values by Python's math.erf.
  const known: [number, number][] = [
    [1e-3, 0.0011283787909692365],
    [0.5, 0.5204998778130465],
    [1.9999, 0.9953201979070294],
    [2, 0.9953222650189527],
    [3.5, 0.9999992569016276],
    [5.9, 0.9999999999999999],
    [30, 1],
  ];
  it.each(known)('of %d is %d, and odd', (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThan(1e-14);
    expect(erf(-x)).toBe(-erf(x));
  });
});
