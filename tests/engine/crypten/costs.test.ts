/**
 * Costs of CrypTen's functions, from shapes, against what CrypTen 0.4.0 logged (two parties, trusted
 * first party): bytes are what one party sends, half of its log; rounds are in program order.
 */
import { describe, expect, test } from 'vitest';
import { resolveOperation } from '../../../server/engine/cost/operation-cost.ts';
import { priceProgram } from '../../../server/engine/cost/price-program.ts';
import { operationsOf } from '../../../server/engine/cost/operations.ts';

type Shapes = readonly (readonly number[])[];

async function price(op: string, form: string | undefined, shapes: Shapes) {
  const request = { variant: 'additive/crypten', op, form, shapes };
  return priceProgram(resolveOperation(request));
}

describe('one element', () => {
  test.each([
    ['mul', undefined, 1, 16],
    ['square', undefined, 1, 8],
    ['truncate', undefined, 0, 0],
    ['ltz', undefined, 8, 216],
    ['eq', undefined, 7, 104],
    ['relu', undefined, 9, 232],
    ['exp', undefined, 8, 64],
    ['reciprocal', undefined, 38, 552],
    ['reciprocal', 'allPositive', 28, 304],
    ['division', undefined, 39, 568],
    ['inv_sqrt', undefined, 17, 184],
    ['sqrt', undefined, 18, 200],
    ['sigmoid', undefined, 23, 376],
    ['tanh', undefined, 23, 376],
    ['erf', undefined, 34, 376],
    ['hardtanh', undefined, 9, 464],
    ['clamp', undefined, 9, 464],
    ['log', undefined, 32, 368],
    ['gelu', 'erf', 35, 392],
    ['gelu', 'tanh', 26, 416],
    ['gelu', 'hardtanh', 12, 504],
    ['quad', 'asShipped', 1, 16],
    ['quad', 'paper', 1, 8],
    // Our own forms.
    ['select', undefined, 2, 32],
    ['exp', 'corrected', 17, 296],
    ['reciprocal', 'corrected', 28, 304],
    ['erf', 'corrected', 14, 560],
    ['gelu', 'erfCorrected', 15, 576],
    ['gelu', 'relu', 9, 232],
    ['silu', undefined, 24, 392],
  ] as const)('%s %s: %i rounds, %i B', async (op, form, rounds, bytes) => {
    expect(await price(op, form, [[1]])).toMatchObject({ rounds, bytesSentPerParty: bytes });
    const many = await price(op, form, [[7, 11, 13]]);
    expect(many).toMatchObject({ rounds, bytesSentPerParty: bytes * 1001 });
    expect((await price(op, form, [[0, 4]])).bytesSentPerParty).toBe(0);
  });

  test('a matrix product opens each factor once', async () => {
    expect(
      await price('matmul', undefined, [
        [64, 96],
        [96, 32],
      ]),
    ).toMatchObject({
      rounds: 1,
      bytesSentPerParty: 8 * (64 * 96 + 96 * 32),
    });
  });
});

describe('rows', () => {
  test.each([
    [2, [19, 1040], [36, 1824], [73, 2280]],
    [8, [39, 2528], [56, 5232], [93, 6120]],
    [16, [41, 6768], [58, 12_032], [95, 13_496]],
    [32, [51, 10_736], [68, 21_120], [105, 23_736]],
    [128, [62, 44_624], [79, 85_728], [116, 95_256]],
    [512, [82, 139_856], [99, 303_840], [136, 341_016]],
  ] as const)('maximum, argmax and softmax of %i, as logged', async (n, max, argmax, softmax) => {
    const cost = async (op: string) => {
      const { rounds, bytesSentPerParty } = await price(op, undefined, [[1, n]]);
      return [rounds, bytesSentPerParty];
    };
    expect([await cost('max'), await cost('argmax'), await cost('softmax')]).toEqual([
      max,
      argmax,
      softmax,
    ]);
  });

  test.each([
    [32, [48, 8240], [40, 1328], [30, 824]],
    [128, [48, 31_280], [40, 3632], [30, 2360]],
    [512, [48, 123_440], [40, 12_848], [30, 8504]],
  ] as const)(
    '2ReLU, 2Quad and 2Quad over the mean of %i, as logged',
    async (n, relu, quad, mean) => {
      const cost = async (op: string, form: string) => {
        const { rounds, bytesSentPerParty } = await price(op, form, [[1, n]]);
        return [rounds, bytesSentPerParty];
      };
      expect(await cost('2relu', 'asShipped')).toEqual(relu);
      expect(await cost('2quad', 'asShipped')).toEqual(quad);
      expect(await cost('2quad', 'corrected')).toEqual(mean);
    },
  );

  test.each([1, 2, 3, 5, 7, 64, 100, 197, 1000, 50_257])(
    'any length: %i follows from the algorithm',
    async (n) => {
      const max = maximumOf(n);
      // Equality with the maximum, then a random one among the equal.
      const argmax = { rounds: max.rounds + 17, bytes: max.bytes + 144 + 320 * n };
      expect(await price('max', undefined, [[1, n]])).toMatchObject(figures(max));
      expect(await price('argmax', undefined, [[1, n]])).toMatchObject(figures(argmax));
      const tail = { rounds: 8 + 28 + 1, bytes: 64 * n + 304 + 8 * (n + 1) };
      const softmax = (first: Cost) =>
        n === 1
          ? { rounds: 0, bytes: 0 }
          : { rounds: first.rounds + tail.rounds, bytes: first.bytes + tail.bytes };
      expect(await price('softmax', undefined, [[1, n]])).toMatchObject(figures(softmax(argmax)));
      expect(await price('softmax', 'noArgmax', [[1, n]])).toMatchObject(figures(softmax(max)));
      expect(await price('softmax', 'corrected', [[1, n]])).toMatchObject(figures(softmax(max)));
      const quotient = 552 + 8 * (n + 1);
      expect(await price('2relu', undefined, [[1, n]])).toMatchObject(
        figures({ rounds: 48, bytes: 232 * n + quotient }),
      );
      expect(await price('2quad', undefined, [[1, n]])).toMatchObject(
        figures({ rounds: 40, bytes: 16 * n + quotient }),
      );
    },
  );

  test('rows add up, rounds do not', async () => {
    for (const op of ['max', 'argmax', 'softmax', '2relu', '2quad']) {
      const one = await price(op, undefined, [[1, 24]]);
      const many = await price(op, undefined, [[2, 3, 5, 24]]);
      expect([many.rounds, many.bytesSentPerParty]).toEqual([
        one.rounds,
        30 * one.bytesSentPerParty,
      ]);
    }
  });

  test('a maximum of nothing is refused, with the shape', async () => {
    await expect(price('max', undefined, [[4, 0]])).rejects.toThrow('rows of [4, 0]');
  });
});

describe('normalisation and embedding', () => {
  test.each([1, 8, 128])('LayerNorm of %i rows of 768 opens gamma once', async (rows) => {
    // Squares; an inverse square root; a product with a column; one with gamma.
    const bytes = rows * (8 * 768 + 184 + 8 * 769 + 8 * 768) + 8 * 768;
    expect(await price('layernorm', undefined, [[rows, 768]])).toMatchObject(
      figures({ rounds: 20, bytes }),
    );
    if (rows === 8) expect(bytes / rows).toBe(19_392);
  });

  test('the BatchNorm stand-in is two products', async () => {
    expect(await price('layernorm', 'batchNorm', [[128, 768]])).toMatchObject(
      figures({ rounds: 2, bytes: 16 * (128 * 768 + 768) }),
    );
  });

  test('the one-hot embedding takes 250 rounds in blocks, one at once', async () => {
    const bytes = 8 * (128 * 28_996 + 28_996 * 768);
    const shapes = [
      [128, 28_996],
      [28_996, 768],
    ];
    expect(await price('embedding', 'asShipped', shapes)).toMatchObject(
      figures({ rounds: 250, bytes }),
    );
    expect(await price('embedding', 'oneProduct', shapes)).toMatchObject(
      figures({ rounds: 1, bytes }),
    );
  });
});

test.each([
  ['mul', 8],
  ['square', 8],
  ['ltz', 112],
  ['eq', 56],
  ['exp', 64],
  ['tanh', 232],
] as const)('the dealer sends %s %i B, a word per corrected product', async (op, bytes) => {
  // CrypTen's trusted third party logs 3 % more for one of 1,000 elements: the frames of its messages.
  const dealt = await price(op, undefined, [[1000]]);
  expect(dealt.dealerBytes).toBe(bytes * 1000);
  expect(dealt.links['dealer>0']).toBe(bytes * 1000);
});

test('every form names itself once and every operation is there', () => {
  const operations = operationsOf('additive/crypten');
  expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
  for (const { name, forms } of operations) {
    expect(new Set(forms.map(({ id }) => id)).size, name).toBe(forms.length);
  }
  const issued =
    'mul square matmul truncate ltz eq relu max argmax exp reciprocal inv_sqrt softmax 2quad 2relu quad gelu division select clamp layernorm';
  expect(operations.map(({ name }) => name)).toEqual(expect.arrayContaining(issued.split(' ')));
});

interface Cost {
  readonly rounds: number;
  readonly bytes: number;
}

const figures = ({ rounds, bytes }: Cost) => ({ rounds, bytesSentPerParty: bytes });

/** crypten/common/functions/maximum.py, counted by hand: bytes that one party sends for one row. */
function maximumOf(n: number): Cost {
  let length = n;
  let rounds = 0;
  let bytes = 0;
  const steps = Math.floor(Math.log(n));
  for (let step = 0; step < steps; step++) {
    bytes += Math.floor(length / 2) * (216 + 2 * 16);
    rounds += 10;
    length = Math.ceil(length / 2);
  }
  const others = Math.max(length, 2) - 1;
  bytes += others * length * 216;
  rounds += 8;
  for (let left = others; left > 1; left = Math.ceil(left / 2)) {
    bytes += Math.floor(left / 2) * length * 16;
    rounds += 1;
  }
  // 16 random bits, times the total, against the running sums; then the product with the choice.
  bytes += 128 + 16 + 216 * length + 16 * length;
  rounds += 1 + 1 + 8 + 1;
  return { rounds, bytes };
}
