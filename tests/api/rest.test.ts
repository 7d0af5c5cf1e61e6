/**
 * The REST interface against its own document: every path that is written answers, every answer is of
 * the form that is written, and every refusal says field, value and fix.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { handleRest } from '../../server/api/rest/handle-rest.ts';
import { openApiDocument } from '../../server/api/rest/openapi.ts';
import { closeListener } from '../../server/runs/events.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const database = useDatabase();
const queue = rememberingQueue();
const context = async () => ({ connection: database, queue });
const document = openApiDocument() as unknown as Document;

const base = 'http://localhost:4300/api/v1';
const ask = (method: string, path: string, body?: unknown, headers = {}): Promise<Response> =>
  handleRest(
    new Request(`${base}${path}`, {
      method,
      headers: { host: 'localhost:4300', ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
    context,
  );

/** A schema of the document, references resolved, as something that judges. */
function judge(schema: object): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const local = text.replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(JSON.parse(local) as Parameters<typeof z.fromJSONSchema>[0]);
}

let done: readonly string[] = [];
let slug = '';
beforeAll(async () => {
  const file = join(
    import.meta.dirname,
    '../../benchmarks/results/runs/puma-minilm2-imdb-lan.json',
  );
  const { spec, headline, environment } = JSON.parse(await readFile(file, 'utf8')) as RunDetail;
  done = await storeRuns(
    database.db,
    [0, 1].map(() => ({ spec, headline, environment, linkVerdict: 'met' as const })),
  );
  const made = await ask('POST', '/permalinks', { run: done[0] });
  slug = ((await made.json()) as { slug: string }).slug;
});
afterAll(closeListener);

/** A queued run of its own for each call that changes one. */
const queued = async (): Promise<string> =>
  ((await (await ask('POST', '/runs', smallSpec)).json()) as { id: string }).id;

/** What each operation is asked in the test; one that is not here fails it. */
const questions: Readonly<Record<string, () => Promise<Response>>> = {
  listRuns: () => ask('GET', '/runs?q=state:done&limit=1'),
  createRun: () => ask('POST', '/runs', smallAdditiveSpec),
  getRun: () => ask('GET', `/runs/${done[0]}`),
  cancelRun: async () => ask('POST', `/runs/${await queued()}/cancel`),
  retryRun: () => ask('POST', `/runs/${done[0]}/retry`),
  setPriority: async () => ask('POST', `/runs/${await queued()}/priority`, { priority: 'low' }),
  followRun: async () => {
    const id = await queued();
    await ask('POST', `/runs/${id}/cancel`);
    return ask('GET', `/runs/${id}/events`);
  },
  resultsCsv: () => ask('GET', '/results.csv?q=state:done'),
  compareRuns: () => ask('GET', `/compare?runs=${done.join(',')},nope`),
  listPermalinks: () => ask('GET', '/permalinks'),
  publish: () => ask('POST', '/permalinks', { ids: done }),
  readPermalink: () => ask('GET', `/permalinks/${slug}`),
  revokePermalink: async () => {
    const made = await ask('POST', '/permalinks', { ids: [done[1]], expiresInDays: 1 });
    const own = (await made.json()) as { slug: string };
    return ask('DELETE', `/permalinks/${own.slug}`);
  },
  listModels: () => ask('GET', '/models'),
  listVariants: () => ask('GET', '/variants'),
  listNetworks: () => ask('GET', '/networks'),
  listPresets: () => ask('GET', '/presets'),
  predict: () => ask('POST', '/predict', smallSpec),
  priceSweep: () =>
    ask('POST', '/sweeps/price', {
      ...smallSpec,
      dataset: { ...smallSpec.dataset, samples: [1, 2, 99_999] },
    }),
  createSweep: () =>
    ask('POST', '/sweeps', {
      base: smallSpec,
      axes: [{ field: 'measurement.repeats', values: [1, 2] }],
    }),
  calibration: () => ask('GET', '/calibration'),
  status: () => ask('GET', '/status'),
};

const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

describe('the document', () => {
  test('is served as it is, is OpenAPI 3.1 and names every operation once', async () => {
    const response = await ask('GET', '/openapi.json');
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
    expect(document.openapi).toMatch(/^3\.1\./);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(Object.keys(questions).sort());
  });

  test('every reference leads somewhere, and every part of a path is a parameter', () => {
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    for (const [, name = ''] of references)
      expect(document.components.schemas).toHaveProperty(name);
    for (const [path, methods] of Object.entries(document.paths)) {
      const braces = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        const named = parameters.filter((parameter) => parameter.in === 'path');
        expect(named.map(({ name }) => name)).toEqual(braces);
      }
    }
  });
});

describe('every operation answers as written', () => {
  test.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s',
    async (id, operation) => {
      const response = await questions[id]!();
      const status = Object.keys(operation.responses).find((code) => code.startsWith('2'));
      expect(String(response.status), await response.clone().text()).toBe(status);
      const content = operation.responses[String(response.status)]?.content ?? {};
      const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
      expect(Object.keys(content)).toEqual([type]);
      const schema = content[type]?.schema ?? {};
      if (type !== 'application/json') {
        expect((await response.text()).length).toBeGreaterThan(10);
        return;
      }
      const judged = judge(schema).safeParse(await response.json());
      expect(judged.error?.issues ?? []).toEqual([]);
    },
  );

  test('the judge refuses what is of another form', () => {
    const { schema } =
      document.paths['/runs/{id}']!['get']!.responses['200']!.content['application/json']!;
    expect(judge(schema).safeParse({ id: 'x' }).success).toBe(false);
  });
});

describe('refusals have one form', () => {
  const error = judge(document.components.schemas['Error'] ?? {});
  test.each([
    ['an unknown run', () => ask('GET', '/runs/nope'), 404, 'NOT_FOUND', []],
    ['an unknown path', () => ask('GET', '/dance'), 404, 'NOT_FOUND', []],
    ['a path that cannot be decoded', () => ask('GET', '/runs/%E0%A4%A'), 404, 'NOT_FOUND', []],
    ['another method', () => ask('DELETE', '/runs'), 405, 'METHOD_NOT_SUPPORTED', []],
    [
      'a limit out of range',
      () => ask('GET', '/runs?limit=0'),
      400,
      'BAD_REQUEST',
      [{ field: 'limit', value: '"0"', fix: 'Use at least 1.' }],
    ],
    [
      'a parameter that there is not',
      () => ask('GET', '/runs?page=2'),
      400,
      'BAD_REQUEST',
      [{ field: 'page', value: '"2"', fix: 'Use q or limit or cursor, or remove it.' }],
    ],
    [
      'a query that cannot be read',
      () => ask('GET', '/runs?q=rtt%3E%3Dmany'),
      400,
      'BAD_REQUEST',
      [{ field: 'q', value: '"rtt>=many"' }],
    ],
    [
      'a spec that cannot be run',
      () => ask('POST', '/runs', { ...smallSpec, sequenceLength: 500 }),
      400,
      'BAD_REQUEST',
      [{ field: 'sequenceLength', value: '500', fix: 'Use at most 64.' }],
    ],
    [
      'no JSON',
      () => ask('POST', '/runs', 'model=x'),
      400,
      'BAD_REQUEST',
      [{ field: 'body', value: '"model=x"', problem: 'not JSON' }],
    ],
    [
      'a permalink to nothing',
      () => ask('POST', '/permalinks', { runs: 'x' }),
      400,
      'BAD_REQUEST',
      [{ field: 'body' }],
    ],
    [
      'another origin',
      () => ask('POST', '/runs', smallSpec, { origin: 'http://evil.example' }),
      403,
      'FORBIDDEN',
      [],
    ],
    ['a long body', () => ask('POST', '/runs', 'x'.repeat(300_000)), 413, 'PAYLOAD_TOO_LARGE', []],
    ['cancelling what ended', () => ask('POST', `/runs/${done[0]}/cancel`), 409, 'CONFLICT', []],
  ])('%s', async (_, question, status, code, issues) => {
    const response = await question();
    const body: unknown = await response.json();
    expect(response.status).toBe(status);
    expect(error.safeParse(body).success).toBe(true);
    expect(body).toMatchObject({ code, issues });
  });
});

test('pages of runs follow each other, and the CSV has as many lines', async () => {
  const first = (await (await ask('GET', '/runs?q=state:done&limit=1')).json()) as {
    runs: { id: string }[];
    total: number;
    nextCursor: string;
  };
  const rest = (await (
    await ask('GET', `/runs?q=state:done&limit=9&cursor=${first.nextCursor}`)
  ).json()) as { runs: { id: string }[]; nextCursor: null };
  const ids = [...first.runs, ...rest.runs].map(({ id }) => id);
  expect([...ids].sort()).toEqual([...done].sort());
  expect(first.total).toBe(2);
  expect(rest.nextCursor).toBeNull();
  const csv = await (await ask('GET', '/results.csv?q=state:done')).text();
  expect(csv.trim().split('\n')).toHaveLength(3);
});

test('events resume after the number that the client has seen', async () => {
  const id = await queued();
  await ask('POST', `/runs/${id}/cancel`);
  const all = await (await ask('GET', `/runs/${id}/events`)).text();
  expect([...all.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => seq)).toEqual(['1', '2']);
  expect(all).toContain('"state":"cancelled"');
  const rest = await (
    await ask('GET', `/runs/${id}/events`, undefined, { 'last-event-id': '1' })
  ).text();
  expect([...rest.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => seq)).toEqual(['2']);
});
