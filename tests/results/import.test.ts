/** Results of other tools: what is read, what is refused and how, and what becomes of it. */
import { describe, expect, test } from 'vitest';
import { createCaller } from '../../server/api/root.ts';
import {
  guessMapping,
  importTemplate,
  longestFile,
  readCsv,
  readImport,
} from '../../server/api/schemas/results-import.ts';
import { readTable } from '../../server/api/schemas/results-logs.ts';
import { exportResults } from '../../server/results/export-results.ts';
import { useDatabase } from '../support/database.ts';
import { cryptenSpec, doneRun } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const api = createCaller(() => ({ connection: database, queue: rememberingQueue() }));

const send = (text: string, change: Record<string, number | null> = {}) =>
  api.results.importFile({
    name: 'other.csv',
    text,
    mapping: { ...guessMapping(readCsv(text)), ...change },
  });

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe('a CSV', () => {
  test('is read with quotes, line ends of any kind, a byte order mark and empty lines', () => {
    expect(readCsv('\ufeffa, b \r\n"x, ""y""\nz",2\r\n\r\n3,4')).toEqual({
      header: ['a', 'b'],
      rows: [
        ['x, "y"\nz', '2'],
        ['3', '4'],
      ],
    });
    expect(readCsv('')).toEqual({ header: [], rows: [] });
  });

  test('of the template is right as it is', () => {
    const table = readCsv(importTemplate);
    const { rows, problems } = readImport(table, guessMapping(table));
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ model: 'bert-base', rtt_ms: 0.5, online_ms: 12_500 });
    expect(rows[0]).not.toHaveProperty('rounds');
  });

  test.each([
    ['100,128,quad', '100.5,128,quad', /^samples is 100\.5; use a whole number/],
    ['100,128,quad', '0,128,quad', /^samples is 0; use at least 1/],
    ['0.9,0.91', '90,0.91', /^secure_accuracy is 90; use 0 to 1/],
    ['0.9,0.91', '90 %,0.91', /^secure_accuracy is "90 %"; write a plain number/],
    ['additive/crypten', 'crypten', /^protocol is "crypten", which is not known here; /],
    ['2026-01-31T12:00:00Z', 'yesterday', /^created_utc is "yesterday"; write 2026/],
    ['bert-base', '', /^model is empty/],
    ['0.9,0.91,12500,12500', ',,,', /^the row has no number of a result/],
  ])('%s as %s names column, value and fix', (from, to, says) => {
    const table = readCsv(importTemplate.replace(from, to));
    const { problems } = readImport(table, guessMapping(table));
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
  });
});

describe('a log', () => {
  const crypten = [
    'INFO:root:==================',
    '====Communication Stats====',
    'Rounds: 1203',
    'Bytes: 4718592',
    'Communication time: 3.25',
  ].join('\r\n');
  const spu = [
    '[2026-01-01 12:00:00.000] [info] [api.cc:172] [Profiling] SPU execution infer completed, input processing took 1.2e-06s, execution took 76.4s, output processing took 2.3e-05s, total time 76.5s.',
    '[2026-01-01 12:00:00.100] [info] [api.cc:220] HLO profiling: total time 76.390170644',
    '[2026-01-01 12:00:00.100] [info] [api.cc:223] - pphlo.dot, executed 4 times, duration 0.5s, send bytes 10 recv bytes 10, send actions 2, recv actions 2',
    '[2026-01-01 12:00:00.200] [info] [api.cc:240] Link details: total send bytes 4681, recv bytes 4605, send actions 321, recv actions 316',
  ].join('\n');
  const rest = {
    model: 'bert-base',
    dataset: 'qnli',
    samples: '1',
    tokens: '128',
    gelu: 'quad',
    softmax: '2quad',
    fraction_bits: '16',
    batch_size: '1',
    network: 'lan',
    rtt_ms: '0.5',
    rate_bits_per_second: '1e9',
  };
  const read = (text: string, more: Record<string, string> = {}) => {
    const table = readTable(text);
    return readImport(table, { ...guessMapping(table), ...rest, ...more });
  };

  test('of CrypTen says protocol, rounds and bytes; the rest is given for all rows', () => {
    expect(read(crypten)).toMatchObject({
      problems: [],
      rows: [
        {
          protocol: 'additive/crypten',
          rounds: 1203,
          total_sent_bytes: 4_718_592,
          note: 'CrypTen log of one party; communication took 3.25 s',
          samples: 1,
        },
      ],
    });
    expect(
      read(`${crypten}\n${crypten.replace('1203', '7')}`).rows.map(({ rounds }) => rounds),
    ).toEqual([1203, 7]);
  });

  test('of SPU says time and bytes sent, and its actions are no rounds', async () => {
    expect(read(spu).problems.map(({ key }) => key)).toEqual(['protocol']);
    const { rows, problems } = read(spu, { protocol: 'replicated/aby3' });
    expect(problems).toEqual([]);
    expect(rows[0]).toMatchObject({
      online_ms: 76_500,
      online_sent_bytes_max: 4681,
      note: 'SPU log of one party, infer',
    });
    expect(rows[0]).not.toHaveProperty('rounds');
    const mapping = { ...guessMapping(readTable(spu)), ...rest, protocol: 'replicated/aby3' };
    const [id = ''] = await api.results.importFile({ name: 'node0.log', text: spu, mapping });
    const [row] = await api.results.rows({ ids: [id] });
    expect(row?.figures).toEqual({ batchtime: 76_500, bytes: 4681 });
    await api.results.annotate({ ids: [id], change: { kind: 'archive', on: true } });
  });

  const mpSpdz = [
    'The following benchmarks are including preprocessing (offline phase).',
    'Time = 9.89406 seconds ',
    'Time1 = 7 seconds (1 MB, 2 rounds)',
    "Data sent = 680.58 MB in ~100377 rounds (party 0 only; rounds counted double due to multi-threading; use '-v' for more details)",
    'Global data sent = 2041.73 MB (all parties)',
  ].join('\n');
  const phases =
    'Spent 14.907 seconds (293.653 MB, 11154 rounds, 3.2 CPU seconds) on the online phase and 10550.1 seconds (668873 MB, 547182 rounds) on the preprocessing/offline phase.';
  const from = { protocol: 'replicated/aby3' };

  test('of MP-SPDZ with preprocessing says times and bytes of both phases', () => {
    const { rows, problems } = read(mpSpdz, from);
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      total_ms: 9894.06,
      total_sent_bytes: 2_041_730_000,
      note: 'MP-SPDZ log of one party; rounds counted double by its threads; party 0 sent 680580000 bytes in 100377 rounds, both phases',
    });
    for (const key of ['online_ms', 'online_sent_bytes_max', 'rounds']) {
      expect(rows[0]).not.toHaveProperty(key);
    }
  });

  test('of MP-SPDZ with its phases apart, or without preprocessing, says what was online', () => {
    const [apart] = read(`${phases}\n${mpSpdz}`, from).rows;
    expect(apart).toMatchObject({
      online_ms: 14_907,
      offline_ms: 10_550_100,
      total_ms: 9894.06,
      online_sent_bytes_max: 293_653_000,
      rounds: 11_154,
    });
    const both = `${mpSpdz}\n${mpSpdz.replace('including', 'excluding')}`;
    const [first, second] = read(both, from).rows;
    expect(first).toMatchObject({ total_ms: 9894.06 });
    expect(second).toMatchObject({
      online_ms: 9894.06,
      online_sent_bytes_max: 680_580_000,
      rounds: 100_377,
    });
    expect(second).not.toHaveProperty('total_sent_bytes');
    const unsaid = mpSpdz.split('\n').slice(1).join('\n');
    expect(read(unsaid, from).rows[0]?.['note']).toMatch(/if the offline phase was run$/);
  });

  test('that was cut short imports nothing', () => {
    const cut = crypten.split('\r\n').slice(0, 2).join('\n');
    expect(read(cut).problems.map(({ message }) => message)).toEqual([
      'the row has no number of a result',
    ]);
  });
});

describe('an import', () => {
  test('becomes runs of class imported that every query, column and export knows', async () => {
    const [id = ''] = await send(importTemplate);
    const found = async (q: string) => (await api.results.ids({ q })).ids;
    expect(await found('class:imported')).toEqual([id]);
    expect(
      await found('approx:2quad latency>12s acc>=90% machine:"my machine" has:result'),
    ).toEqual([id]);
    expect(await found('class:measured')).toEqual([]);
    const [row] = await api.results.rows({ ids: [id] });
    expect(row).toMatchObject({
      provenance: 'imported',
      headline: null,
      createdAt: '2026-01-31T12:00:00.000Z',
      importedFrom: 'other.csv, row 1',
      machine: 'my machine',
      note: 'example line',
      figures: { acc: 0.9, plain: 0.91, latency: 12_500, batchtime: 12_500 },
    });
    expect(Object.keys(row?.figures ?? {})).toHaveLength(4);
    const request = { format: 'csv', query: '', only: [id], units: 'decimal' } as const;
    const columns = ['accuracy', 'latency', 'rounds'];
    const { pieces } = await exportResults(database.db, { ...request, columns });
    const text = await textOf(pieces);
    expect(readCsv(text).rows[0]?.slice(0, 4)).toEqual([id, 'imported', 'false', '0.9']);
    expect(text).toContain('12500');
  });

  test('is never the same spec as a run of this engine, nor as another row', async () => {
    const twice = `${importTemplate}${importTemplate.split('\n')[1] ?? ''}\n`;
    const ids = await send(twice);
    const rows = await api.results.rows({ ids: [...ids] });
    expect(new Set(rows.map(({ specHash }) => specHash)).size).toBe(2);
  });

  test('takes what this installation exports, with the same numbers', async () => {
    const [id = ''] = await storeRuns(database.db, [
      { spec: cryptenSpec, headline: doneRun.headline },
    ]);
    const wanted = 'model,dataset,samples,length,gelu,softmax,variant,bits,batch,network,rtt,rate';
    const columns = [...wanted.split(','), 'accuracy', 'latency', 'bytes', 'rounds', 'memory'];
    const request = { format: 'csv', query: '', columns, units: 'decimal', only: [id] } as const;
    const { pieces } = await exportResults(database.db, request);
    const [copy = ''] = await send(await textOf(pieces));
    const [from, to] = await api.results.rows({ ids: [id, copy] });
    const headline = from?.headline;
    expect(to?.figures).toEqual({
      acc: (headline?.accuracy?.secure.correct ?? 0) / (headline?.accuracy?.secure.n ?? 1),
      latency: headline?.onlineMsPerSample.median,
      bytes: Math.max(...(headline?.onlineBytesSent ?? [])),
      rounds: headline?.rounds,
      memory: headline?.peakRssBytes,
    });
    expect(to?.spec).toMatchObject({
      model: from?.spec.model,
      approximations: from?.spec.approximations,
    });
  });

  test('stores all rows or none, and names what is wrong', async () => {
    const before = await database.db.run.count();
    const bad = `${importTemplate}${(importTemplate.split('\n')[1] ?? '').replace('100', 'many')}\n`;
    await expect(send(bad)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/^row 2: samples is "many"; write a plain number/),
    });
    await expect(send(importTemplate, { model: null })).rejects.toThrow(/model has no column/);
    await expect(send('x'.repeat(longestFile + 1))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await database.db.run.count()).toBe(before);
  });
});
