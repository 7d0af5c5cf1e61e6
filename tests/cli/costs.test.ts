/** `parley costs` as a person and a script meet it: JSON, tables, refusals. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { costsCommand } from '../../server/cli/costs/command.ts';
import { parseShapes } from '../../server/cli/costs/parse.ts';
import { formatColumns } from '../../server/cli/costs/columns.ts';
import { smallSpec } from '../support/specs.ts';

const root = join(import.meta.dirname, '..', '..');
const preset = join('benchmarks', 'specs', 'puma-minilm2-imdb-lan.json');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-costs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const wordsOf = (line: string): string[] => line.split(' ').filter((word) => word !== '');

/** `line` is split at spaces. */
function costs(line: string): Promise<Result> {
  const entry = join(root, 'server', 'cli', 'parley.mjs');
  const args = [entry, 'costs', ...wordsOf(line)];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

/** The same command without a process of its own. */
async function costsHere(line: string): Promise<Result> {
  const texts = { out: '', err: '' };
  const log = vi.spyOn(console, 'log').mockImplementation((text) => void (texts.out += text));
  const error = vi.spyOn(console, 'error').mockImplementation((text) => void (texts.err += text));
  const before = process.exitCode;
  try {
    await costsCommand().parseAsync(wordsOf(line), { from: 'user' });
    return { code: Number(process.exitCode ?? 0), ...texts };
  } finally {
    process.exitCode = before;
    log.mockRestore();
    error.mockRestore();
  }
}

const json = async (line: string): Promise<Record<string, unknown>> => {
  const { code, out, err } = await costsHere(`${line} --json`);
  expect(code, err).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
};

describe('one operation', () => {
  test('prints the whole document', async () => {
    const line = '--variant additive/crypten --op matmul --shape 128x768,768x768 --json';
    const { code, out } = await costs(line);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      op: 'matmul',
      variant: 'additive/crypten',
      shape: '128x768,768x768',
      rounds: 1,
      roundsOverlapped: 1,
      links: { '0>1': 5_505_024, '1>0': 5_505_024, 'dealer>0': 786_432 },
      bytesSentByParty: [5_505_024, 5_505_024],
      bytesSentPerParty: 5_505_024,
      bytesSentTotal: 11_010_048,
      offlineBytesPerParty: 0,
      dealerBytes: 786_432,
      setup: { rounds: 0, bytesSentPerParty: 0 },
      form: 'default',
      title: expect.any(String),
      source: expect.stringMatching(/CrypTen/),
      ring: 64,
      fractionBits: 16,
      correlations: 'dealer',
      turn: 0,
      provenance: 'predicted',
    });
  });

  test('takes form, ring, fraction bits, correlations and turn', async () => {
    const cost = await json(
      '--variant additive/crypten --op reciprocal --shape 3x2 --form allPositive --ring 32 --fraction-bits 10 --correlations insecureFirstParty --turn 2',
    );
    expect(cost).toMatchObject({
      form: 'allPositive',
      ring: 32,
      fractionBits: 10,
      correlations: 'insecureFirstParty',
      turn: 2,
      dealerBytes: 0,
      bytesSentPerParty: 6 * (304 / 2),
    });
  });

  test('prints a table for people', async () => {
    const { out } = await costsHere('--variant additive/crypten --op relu --shape 1');
    expect(out).toMatch(/rounds\s+9 in program order, 9 overlapped/);
    expect(out).toMatch(/link 0>1\s+232 B/);
  });
});

describe('a whole run', () => {
  test('sums its rows, and is the same by argument and by --spec', async () => {
    const cost = await json(preset);
    expect(await json(`--spec ${preset}`)).toEqual(cost);
    const rows = cost['rows'] as { bytesSent: number[]; bytesSentTotal: number; rounds: number }[];
    const links = cost['links'] as Record<string, number>;
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(rows.length).toBeGreaterThan(20);
    expect(sum(rows.map((row) => row.bytesSentTotal))).toBe(cost['bytesSentTotal']);
    expect(sum(rows.map((row) => row.rounds))).toBe(cost['rounds']);
    expect(sum(Object.values(links))).toBe(cost['bytesSentTotal']);
    expect(Math.max(...(cost['bytesSentByParty'] as number[]))).toBe(cost['bytesSentPerParty']);
    expect(cost['roundsOverlapped']).toBeLessThan(cost['rounds'] as number);
  });

  test('tells the dealer apart', async () => {
    const protocol = { variant: 'additive/crypten', ring: { bits: 64, fractionBits: 16 } };
    const priced = async (correlations: string) => {
      const file = join(folder, `${correlations}.json`);
      const spec = { ...smallSpec, protocol: { ...protocol, correlations } };
      await writeFile(file, JSON.stringify(spec));
      return json(file);
    };
    const cost = await priced('dealer');
    const { 'dealer>0': dealt, ...online } = cost['links'] as Record<string, number>;
    const rows = cost['rows'] as { dealerBytes: number }[];
    expect(dealt).toBeGreaterThan(0);
    expect(dealt).toBe(cost['dealerBytes']);
    expect(rows.reduce((sum, row) => sum + row.dealerBytes, 0)).toBe(dealt);
    expect(await priced('insecureFirstParty')).toMatchObject({
      correlations: 'insecureFirstParty',
      links: online,
      dealerBytes: 0,
      bytesSentTotal: cost['bytesSentTotal'],
    });
  });

  test('reads a bare spec and prints a table for people', async () => {
    const file = join(folder, 'spec.json');
    await writeFile(file, JSON.stringify(smallSpec));
    const { code, out } = await costsHere(file);
    expect(code).toBe(0);
    expect(out).toMatch(/samples in the batch\s+2/);
    expect(out).toMatch(/rounds\s+\d+ as run, \d+ in program order/);
  });
});

test('a published model by its shape, with the functions that its variant was timed with', async () => {
  const bert = await json('--model bert-base --variant additive/crypten --length 128');
  expect(bert).toMatchObject({
    model: 'bert-base',
    length: 128,
    batch: 1,
    fractionBits: 16,
    approximations: { gelu: 'crypten-tanh', softmax: 'crypten' },
  });
  const rows = bert['rows'] as { path: string; op: string; elements: number }[];
  expect(rows.find(({ path, op }) => path === 'layer11.gelu.tanh' && op === 'msb')).toMatchObject({
    elements: 128 * 3072,
  });
  const llama = await costsHere('--model llama-7b --variant replicated/aby3 --length 8');
  expect(llama).toMatchObject({ code: 0 });
  expect(llama.out).toMatch(/layer\d+\.silu/);
});

test('--table prints declared, measured and published costs', async () => {
  const { code, out, err } = await costs('--table');
  expect(code, err).toBe(0);
  expect(out).toMatch(/^relu +default +additive\/crypten +1 +9 +9 +232 +464 +\d+ +equal$/m);
  expect(out).toMatch(/^softmax .*1x128 +190,512 +190,512 +sent and received +116 +equal$/m);
  const table = JSON.parse((await costsHere('--table --json')).out) as {
    rows: { agrees: boolean; declared: object; published: { verdict: string }[] }[];
  };
  expect(table.rows.every(({ agrees }) => agrees)).toBe(true);
  expect(table.rows.flatMap(({ published }) => published).length).toBeGreaterThan(50);
});

test('LayerNorm without its deviation takes fewer rounds', async () => {
  const line = '--model bert-base --variant replicated/aby3 --length 8';
  const [exact, linear] = [await json(line), await json(`${line} --norm linear`)];
  expect(linear['rounds']).toBeLessThan(exact['rounds'] as number);
  expect(linear['approximations']).toMatchObject({ layerNorm: 'linear' });
  expect(await json(`${line} --norm exact`)).toMatchObject({ rounds: exact['rounds'] });
});

describe('refuses with exit code 2 and a sentence', () => {
  const crypten = '--variant additive/crypten';
  const mul = `${crypten} --op mul`;
  test.each<[string, string, RegExp]>([
    ['an unknown variant', '--variant nope --op mul --shape 1', /"nope".*additive\/crypten/],
    ['no protocol', '--variant clear --op mul --shape 1', /"clear".*additive\/crypten/],
    ['an unknown operation', `${crypten} --op nope --shape 1`, /nope.*crypten.*known: mul, /],
    ['an unknown form', `${crypten} --op reciprocal --shape 1 --form nope`, /nope.*allPositive/],
    ['a shape that is none', `${mul} --shape 3xx4`, /--shape is "3xx4".*128x768,768x768/],
    ['shapes that do not fit', `${crypten} --op matmul --shape 2x3,4x5`, /2x3,4x5.*MxK,KxN/],
    ['too many elements', `${mul} --shape 9999999x9999999`, /2\^40/],
    ['no shape', `${crypten} --op softmax`, /ROWSxLENGTH.*noArgmax/],
    ['another ring', `${mul} --shape 1 --ring 16`, /--ring is "16".*64 or 32/],
    ['too fine', `${mul} --shape 1 --ring 32 --fraction-bits 20`, /20.*1 to 14/],
    ['unknown correlations', `${mul} --shape 1 --correlations x`, /"x".*insecureFirstParty/],
    [
      'correlations where none are used',
      '--variant replicated/aby3 --op mul --shape 1 --correlations dealer',
      /replicated\/aby3 uses none/,
    ],
    ['nothing', '', /--variant is missing/],
    ['a missing file', '/nope.json', /\/nope\.json: cannot be read/],
    ['an operation beside a spec', `${preset} --op mul`, /--op is "mul".*spec/],
    ['an unknown model', '--model nope --variant additive/fast', /"nope".*bert-base.*llama-7b/],
    ['a length beyond', '--model gpt2 --variant additive/fast --length 5000', /5000.*1 to 1024/],
    [
      'a LayerNorm that the model has not',
      '--model llama-7b --variant additive/fast --length 8 --norm linear',
      /LLaMA has no LayerNorm/,
    ],
    ['an unknown LayerNorm', '--model gpt2 --variant additive/fast --norm x', /--norm is "x"/],
    ['an operation beside a model', '--model gpt2 --op mul', /--op is "mul".*model/],
  ])('%s', async (_, line, sentence) => {
    const { code, out, err } = await costsHere(line);
    expect(err).toMatch(sentence);
    expect(err).not.toContain('\n');
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test.each([
    ['as a process', '--variant nope --op mul --shape 1', /^variant is "nope": .*\n$/],
    ['an unknown option', '--nope', /unknown option '--nope'/],
  ])('%s', async (_, line, sentence) => {
    const { code, out, err } = await costs(line);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n\s+at /);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

test('shapes are read as they are written', () => {
  expect(parseShapes('1')).toEqual([[1]]);
  expect(parseShapes('128x768, 768x768')).toEqual([
    [128, 768],
    [768, 768],
  ]);
  expect(parseShapes('0x4')).toEqual([[0, 4]]);
  for (const text of ['', 'x', '1,', '-1', '1.5', '1e3'])
    expect(() => parseShapes(text)).toThrow(/--shape/);
});

test('columns of numbers are set right, of text left', () => {
  expect(
    formatColumns(
      ['a', 'bytes'],
      [
        ['x', 1234],
        ['long', 5],
      ],
    ),
  ).toBe('a     bytes\nx     1,234\nlong      5');
});
