/**
 * Costs of single operations: the contract of the figures for every operation on every variant,
 * measured against declared, and published against declared.
 */
import { describe, expect, test } from 'vitest';
import { measureOperation, measureTable } from '../../server/costs/measure-operations.ts';
import { readShippedMeasurements } from '../../server/costs/shipped-measurements.ts';
import { compareWithPublished } from '../../server/engine/cost/compare-published.ts';
import { operationCost, type OperationRequest } from '../../server/engine/cost/operation-cost.ts';
import {
  operationTable,
  sameCost,
  tableOperations,
} from '../../server/engine/cost/operation-table.ts';
import { operationsOf } from '../../server/engine/cost/operations.ts';
import { publishedCosts } from '../../server/engine/cost/published.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Shape } from '../../server/engine/ring/tensor.ts';

const kernels = loadKernels();
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const required =
  'mul square matmul truncate ltz eq relu max argmax exp reciprocal inv_sqrt softmax 2quad 2relu quad gelu division select clamp layernorm'.split(
    ' ',
  );

describe.each(variantDescriptions.map(({ id }) => id))('%s', (variant) => {
  test('has every operation', () => {
    const names = operationsOf(variant).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(required));
  });

  test('figures are whole numbers and add up, in both rings, with and without a dealer', async () => {
    const { needsCorrelations } = variantDescriptions.find(({ id }) => id === variant)!;
    for (const operation of tableOperations().filter((entry) => entry.variant === variant)) {
      for (const bits of [64, 32] as const) {
        const cost = await operationCost({ ...operation, bits });
        const what = `${operation.op} ${operation.form} 2^${bits}`;
        const { 'dealer>0': dealt = 0, ...online } = cost.links;
        const numbers = [cost.rounds, cost.roundsOverlapped, dealt, ...Object.values(online)];
        expect(
          numbers.every((value) => Number.isInteger(value) && value >= 0),
          what,
        ).toBe(true);
        expect(sum(Object.values(online)), what).toBe(cost.bytesSentTotal);
        expect(sum(cost.bytesSentByParty), what).toBe(cost.bytesSentTotal);
        expect(Math.max(...cost.bytesSentByParty), what).toBe(cost.bytesSentPerParty);
        expect(dealt, what).toBe(cost.dealerBytes);
        expect('dealer>0' in cost.links, what).toBe(needsCorrelations);
        expect(cost.roundsOverlapped, what).toBeLessThanOrEqual(cost.rounds);
        cost.bytesSentByParty.forEach((bytes, party) => {
          const sent = Object.entries(online).filter(([link]) => link.startsWith(`${party}>`));
          expect(sum(sent.map(([, value]) => value ?? 0)), what).toBe(bytes);
        });
        if (!needsCorrelations) continue;
        const insecure = await operationCost({
          ...operation,
          bits,
          correlations: 'insecureFirstParty',
        });
        expect(insecure, what).toMatchObject({
          dealerBytes: 0,
          bytesSentTotal: cost.bytesSentTotal,
        });
        expect(insecure.links, what).not.toHaveProperty(['dealer>0']);
      }
    }
  });

  test('roles rotate by turn with period three, the total stays', async () => {
    for (const operation of tableOperations().filter((entry) => entry.variant === variant)) {
      const costs = [];
      for (const turn of [0, 1, 2, 3]) costs.push(await operationCost({ ...operation, turn }));
      const totals = costs.map(({ bytesSentTotal }) => bytesSentTotal);
      expect(new Set(totals).size, operation.op).toBe(1);
      expect(costs[3]?.links, operation.op).toEqual(costs[0]?.links);
    }
  });
});

test('with another turn another party sends most', async () => {
  const sent = async (turn: number) =>
    (await operationCost({ variant: 'replicated/aby3', op: 'truncate', shapes: [[1]], turn }))
      .bytesSentByParty;
  expect(await sent(0)).toEqual([16, 16, 32]);
  expect(await sent(1)).toEqual([32, 16, 16]);
  expect(await sent(2)).toEqual([16, 32, 16]);
});

test('nothing is sent for nothing, where an operation works element by element', async () => {
  for (const variant of variantDescriptions.map(({ id }) => id)) {
    for (const { name, usage, forms } of operationsOf(variant)) {
      if (!usage.startsWith('shape')) continue;
      for (const { id: form } of forms) {
        const cost = await operationCost({ variant, op: name, form, shapes: [[0]] });
        expect(cost, `${variant} ${name} ${form}`).toMatchObject({
          bytesSentTotal: 0,
          dealerBytes: 0,
        });
      }
    }
  }
});

describe('measured', () => {
  test('every operation on every variant sends what is declared, and as the shipped file says', async () => {
    const { rows, measured } = await measureTable(kernels);
    const differing = rows.filter(({ agrees }) => agrees !== true);
    expect(differing.map(({ variant, op, form }) => `${variant} ${op} ${form}`)).toEqual([]);
    expect(rows.length).toBeGreaterThan(21 * variantDescriptions.length);
    const shipped = await readShippedMeasurements();
    expect(shipped.operations, 'run node benchmarks/protocols/run.ts --write').toEqual(measured);
  });

  test.each<[string, OperationRequest]>([
    ['several rows', { variant: 'additive/crypten', op: 'softmax', shapes: [[3, 5]] }],
    ['an empty tensor', { variant: 'additive/crypten', op: 'relu', shapes: [[0, 4]] }],
    ['the other ring', { variant: 'additive/fast', op: 'ltz', shapes: [[7]], bits: 32 }],
    ['another turn', { variant: 'replicated/aby3', op: 'relu', shapes: [[5]], turn: 1 }],
    [
      'an insecure first party',
      {
        variant: 'additive/semi2k',
        op: 'exp',
        shapes: [[2, 2]],
        correlations: 'insecureFirstParty',
      },
    ],
  ])('%s', async (_, request) => {
    const declared = await operationCost(request);
    expect(sameCost(declared, await measureOperation(kernels, request))).toBe(true);
  });

  test('odd shapes, another turn', async () => {
    const shapesOf = (usage: string): readonly Shape[] => {
      if (usage.includes('KxN')) {
        return [
          [2, 3, 5],
          [2, 5, 1],
        ];
      }
      return usage.includes('VOCABULARY') ? [[3], [7, 2]] : [[3, 5]];
    };
    const differing: string[] = [];
    for (const { id: variant } of variantDescriptions) {
      for (const { name: op, usage, forms } of operationsOf(variant)) {
        // One-hot rows times a table take no batch.
        if (op === 'embedding' && usage.includes('KxN')) continue;
        for (const { id: form } of forms) {
          const request = { variant, op, form, shapes: shapesOf(usage), turn: 1 };
          const declared = await operationCost(request);
          const same = sameCost(declared, await measureOperation(kernels, request));
          if (!same) differing.push(`${variant} ${op} ${form}`);
        }
      }
    }
    expect(differing).toEqual([]);
  });

  test('a weight that is masked once is not opened again', async () => {
    const product = async (form: string) =>
      operationCost({
        variant: 'additive/fast',
        op: 'matmul',
        form,
        shapes: [
          [5, 7],
          [7, 3],
        ],
      });
    const [twice, once] = [await product('fixed'), await product('weight')];
    expect(twice.bytesSentPerParty - once.bytesSentPerParty).toBe(8 * 7 * 3);
    expect(once).toMatchObject({ bytesSentPerParty: 8 * (5 * 7 + 5 * 3), rounds: 2 });
  });

  test('a wrong measurement is told', async () => {
    const [row] = await operationTable();
    if (row === undefined) throw new Error('an empty table');
    const { variant, op, form, shape, ring, fractionBits, correlations, links } = row.declared;
    const { 'dealer>0': dealerBytes = 0, ...online } = links;
    const { roundsOverlapped } = row.declared;
    const right = { variant, op, form, shape, ring, fractionBits, correlations, dealerBytes };
    const verdict = async (measured: { roundsOverlapped: number; links: typeof online }) =>
      (await operationTable([{ ...right, ...measured }]))[0]?.agrees;
    expect(row.agrees).toBe(null);
    expect(await verdict({ roundsOverlapped, links: online })).toBe(true);
    expect(await verdict({ roundsOverlapped: 1000, links: online })).toBe(false);
    expect(await verdict({ roundsOverlapped, links: { ...online, '0>1': 1e6 } })).toBe(false);
  });
});

describe('published', () => {
  test('every figure belongs to a form that exists, and ours equals it to the byte', async () => {
    const rows = await operationTable();
    const compared = rows.flatMap(({ op, form, published }) =>
      published.map((figure) => ({ op, form, ...figure })),
    );
    expect(compared).toHaveLength(publishedCosts.length);
    const differing = compared.filter(({ equal }) => !equal);
    expect(differing.map(({ op, form, shape, verdict }) => [op, form, shape, verdict])).toEqual([]);
  });

  test('a figure that is off by one byte or round is told', async () => {
    const figure = publishedCosts.find(({ op }) => op === 'mul')!;
    const wrong = { ...figure, bytes: figure.bytes - 1, rounds: 3 };
    expect(await compareWithPublished(wrong, 'default')).toMatchObject({
      equal: false,
      verdict: 'differs: +1 bytes, -2 rounds',
    });
  });
});

/** Sent by a party, rounds in program order: written down here apart from the table's data. */
describe('spot checks', () => {
  const row = (length: number): readonly Shape[] => [[1, length]];
  test.each<[string, string | undefined, readonly Shape[], number, number]>([
    ['mul', undefined, [[1]], 16, 1],
    ['square', undefined, [[1]], 8, 1],
    [
      'matmul',
      undefined,
      [
        [5, 7],
        [7, 3],
      ],
      8 * (35 + 21),
      1,
    ],
    ['ltz', undefined, [[1]], 216, 8],
    ['eq', undefined, [[1]], 104, 7],
    ['relu', undefined, [[1]], 232, 9],
    ['exp', undefined, [[1]], 64, 8],
    ['reciprocal', 'allPositive', [[1]], 304, 28],
    ['reciprocal', undefined, [[1]], 552, 38],
    ['division', undefined, [[1]], 568, 39],
    ['inv_sqrt', undefined, [[1]], 184, 17],
    ['sqrt', undefined, [[1]], 200, 18],
    ['max', undefined, row(32), 10_736, 51],
    ['argmax', undefined, row(32), 21_120, 68],
    ['softmax', undefined, row(128), 95_256, 116],
  ])('additive/crypten %s %s', async (op, form, shapes, bytes, rounds) => {
    const cost = await operationCost({ variant: 'additive/crypten', op, form, shapes });
    expect(cost).toMatchObject({ bytesSentPerParty: bytes, rounds });
  });

  test.each<[string, string | undefined, number, number | undefined]>([
    ['mul', undefined, 24, 1],
    ['truncate', undefined, 64, 2],
    ['ltz', undefined, 108, 8],
    ['gelu', 'puma', 1316, 56],
  ])('replicated/aby3 %s %s, over three parties', async (op, form, bytes, rounds) => {
    const cost = await operationCost({ variant: 'replicated/aby3', op, form, shapes: [[1]] });
    expect(cost.bytesSentTotal).toBe(bytes);
    if (rounds !== undefined) expect(cost.rounds).toBe(rounds);
  });

  test.each([
    ['truncate', 8],
    ['ltz', 56],
    ['select', 24],
    ['relu', 80],
    ['exp', 200],
    ['division', 576],
    ['clamp', 160],
  ])('additive/semi2k %s', async (op, bytes) => {
    const cost = await operationCost({ variant: 'additive/semi2k', op, shapes: [[1]] });
    expect(cost.bytesSentPerParty).toBe(bytes);
  });
});
