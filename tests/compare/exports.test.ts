/** Comparisons and permalinks against a real database: one request, files by suffix, frozen copies. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { compareBars } from '../../app/_charts/compare-bars.ts';
import { compareScatter } from '../../app/_charts/compare-scatter.ts';
import { lightTheme } from '../../app/_charts/chart.ts';
import { handleExport, readExportPath } from '../../server/api/handle-export.ts';
import { createCaller } from '../../server/api/root.ts';
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import { readUnits } from '../../server/api/schemas/compare-units.ts';
import { named } from '../../server/compare/document.ts';
import { documentFormats } from '../../server/compare/write-document.ts';
import { useDatabase } from '../support/database.ts';
import { dealtRun, doneRun, operations, pumaSpec, quadRun } from '../support/fixtures.ts';
import { rememberingQueue } from '../support/queue.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const context = async () => ({ connection: database, queue: rememberingQueue() });
const api = createCaller(context);
const environment = { cpu: 'AMD EPYC', cores: '2', commit: 'abc123' };

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  handleExport(
    new Request(`http://localhost:4300${path}`, {
      headers: { host: 'localhost:4300', ...headers },
    }),
    context,
  );
const textOf = async (path: string): Promise<string> => {
  const response = await get(path);
  expect(response.status, path).toBe(200);
  return response.text();
};

function parseCsv(text: string): readonly Record<string, string>[] {
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      ),
    );
  const [head = [], ...body] = rows;
  return body.map((row) => Object.fromEntries(head.map((key, index) => [key, row[index] ?? ''])));
}

beforeAll(async () => {
  const { db } = database;
  await storeRuns(db, [
    {
      id: 'puma',
      spec: doneRun.spec,
      headline: doneRun.headline,
      environment,
      note: 'secret note',
    },
    { id: 'quad', spec: quadRun.spec, headline: quadRun.headline, environment, tags: ['hush'] },
    { id: 'dealt', spec: dealtRun.spec, headline: dealtRun.headline, environment },
    { id: 'waits', spec: pumaSpec, headline: null },
    ...Array.from({ length: 1000 }, (_, index) => ({
      id: `many${index}`,
      spec: doneRun.spec,
      headline: doneRun.headline,
      tags: ['many'],
    })),
  ]);
  for (const runId of ['puma', 'quad']) {
    await db.operationTotal.createMany({
      data: operations.map((row, ordinal) => ({
        runId,
        ordinal,
        path: row.path,
        op: row.op,
        phase: row.phase,
        calls: row.calls,
        elements: BigInt(row.elements),
        bytesSent: row.bytesSent.map(BigInt),
        predictedBytesSent: [],
        computeMs: row.computeMs,
        waitMs: row.waitMs,
      })),
    });
  }
});

describe('one request', () => {
  test('holds 1,000 runs in the order asked for, and names what is missing', async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `many${999 - index}`);
    const { runs, missing } = await api.compare.runs({ ids: [...ids, 'gone'] });
    expect(runs.map(({ id }) => id)).toEqual(ids);
    expect(missing).toEqual(['gone']);
    expect((await api.compare.runs({ q: 'tag:many' })).runs).toHaveLength(1000);
  });

  test('carries machine and commit, and nothing that people wrote', async () => {
    const { runs } = await api.compare.runs({ ids: ['puma', 'quad'] });
    expect(runs[0]).toMatchObject({ machine: 'AMD EPYC, 2 cores', commit: 'abc123' });
    expect(JSON.stringify(runs)).not.toMatch(/secret note|hush/);
    const [a, b] = await api.compare.profiles({ a: 'quad', b: 'puma' });
    expect([a?.id, b?.id]).toEqual(['quad', 'puma']);
    expect(a?.operations).toHaveLength(operations.length);
  });
});

describe('files by suffix', () => {
  test.each(['sent,GB,sample,online', 'total,GiB,batch,both', 'both-ways,GB,token,online'])(
    'numbers of charts and CSV are equal, in %s',
    async (units) => {
      const csv = parseCsv(await textOf(`/compare.csv?runs=puma,quad,dealt&units=${units}`));
      const { runs } = await api.compare.runs({ ids: ['puma', 'quad', 'dealt'] });
      const metrics = metricsOf(readUnits(units));
      let compared = 0;
      for (const metric of metrics) {
        const { figure } = compareBars(named(runs), { metric, base: null, theme: lightTheme });
        const drawn = (figure.data[0] as unknown as { x: readonly number[] }).x.map(String);
        const cells = csv.map((row) => row[metric.key] ?? 'no column');
        expect(cells.filter((cell) => cell !== '')).toEqual(drawn);
        compared += drawn.length;
      }
      expect(compared).toBeGreaterThan(25);
      const [x, y] = [metricById(metrics, 'time'), metricById(metrics, 'accuracy')];
      const { table } = compareScatter(named(runs), { x, y, scale: 'auto', theme: lightTheme });
      for (const row of table.rows) {
        const line = csv.find(({ run }) => run === row['run']);
        expect([line?.[x.key], line?.[y.key]]).toEqual([String(row[x.key]), String(row[y.key])]);
      }
    },
  );

  test('every format of a run, a comparison and a frozen one says where its numbers come from', async () => {
    const { slug } = await api.permalinks.publishComparison({ ids: ['puma', 'quad'] });
    for (const base of ['/runs/puma', '/compare', `/s/${slug}`]) {
      for (const format of documentFormats) {
        const query = base === '/compare' ? '?runs=puma,quad' : '';
        const text = await textOf(`${base}.${format}${query}`);
        expect(text.length, `${base}.${format}`).toBeGreaterThan(100);
        expect(text).not.toMatch(/NaN|undefined|\[object/);
        if (format !== 'bib') expect(text, `${base}.${format}`).toContain('measured');
      }
    }
    const bib = await textOf(`/s/${slug}.bib`);
    expect(bib).toMatch(/^@misc\{parley-[0-9a-f]{10},\n/);
    // Localhost is no source; the path and the hash are.
    expect(bib).not.toMatch(/localhost|url {10}=/);
    expect(bib).toContain(`page /s/${slug} of its installation`);
    const html = await textOf(`/s/${slug}.html`);
    expect(html).not.toContain('localhost');
    expect(html).toContain('without a public address');
    const { contentHash } = await api.permalinks.get({ slug });
    expect(bib).toContain(contentHash);
  });

  test('the difference in a file adds up', async () => {
    const file = JSON.parse(await textOf('/compare.json?runs=puma,quad')) as {
      readonly verdict: { readonly sentences: readonly string[] };
      readonly profiles: readonly unknown[];
    };
    expect(file.verdict.sentences[0]).toMatch(/is faster, ×0/);
    expect(file.profiles).toHaveLength(2);
    expect(await textOf('/compare.html?runs=puma,quad')).toContain('booked to no place');
  });

  test('the picture is the one that the address asks for, with the numbers of the CSV', async () => {
    const query = 'runs=puma,quad,dealt';
    const csv = parseCsv(await textOf(`/compare.csv?${query}`));
    const column = (key: string): readonly string[] =>
      csv.map((row) => row[key] ?? '').filter((cell) => cell !== '');
    const drawn = (svg: string, attribute: string): readonly string[] =>
      [...svg.matchAll(new RegExp(`data-${attribute}="([^"]+)"`, 'g'))].map(
        ([, value = '']) => value,
      );
    const metrics = metricsOf(readUnits(null));
    for (const metric of metrics) {
      const svg = await textOf(`/compare.svg?${query}&chart=bars,${metric.id}`);
      expect(drawn(svg, 'value'), metric.id).toEqual(column(metric.key));
    }
    const scatter = await textOf(`/compare.svg?${query}&chart=scatter,rounds,bytes`);
    expect(drawn(scatter, 'x')).toEqual(column('rounds'));
    expect(drawn(scatter, 'y')).toEqual(column(metricById(metrics, 'bytes').key));
    expect(scatter).toContain('against rounds');
  });

  test('pictures in pixels, and the preview of a link', async () => {
    const { slug } = await api.permalinks.publishComparison({ ids: ['puma', 'quad'] });
    const size = async (path: string): Promise<readonly number[]> => {
      const response = await get(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    };
    expect(await size(`/s/${slug}.png?card`)).toEqual([1200, 630]);
    expect((await size('/compare.png?runs=puma,quad&chart=bars,bytes'))[0]).toBe(1440);
    expect((await size('/runs/puma.png'))[0]).toBe(1440);
  });

  test('an embed is a chart that any site may frame, and nothing else', async () => {
    const { slug } = await api.permalinks.publishComparison({ ids: ['puma', 'quad'] });
    const response = await get(`/embed/${slug}?theme=dark&chart=bars,rounds`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain('frame-ancestors *');
    expect(policy).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).toContain('data-value="742"');
    expect(html).toContain(`href="/s/${slug}"`);
    expect(html).toContain('#181b22');
    expect(html).not.toMatch(/<script|<table|#ffffff/);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect((await get(`/embed/${'a'.repeat(32)}`)).status).toBe(404);
    expect((await get('/embed/puma')).status).toBe(404);
  });

  test('other paths, hosts, runs and methods of asking are refused', async () => {
    expect(readExportPath('/runs/a.exe')).toBeNull();
    expect(readExportPath('/runs/a/b.csv')).toBeNull();
    expect((await get('/runs/nope.csv')).status).toBe(404);
    expect((await get(`/s/${'a'.repeat(32)}.json`)).status).toBe(404);
    expect((await get('/compare.csv?runs=puma', { host: 'evil.example' })).status).toBe(403);
  });
});

describe('permalinks to comparisons', () => {
  test('freeze numbers and units, and keep their address', async () => {
    const { db } = database;
    await storeRuns(db, [
      { id: 'frozen', spec: doneRun.spec, headline: doneRun.headline, environment },
    ]);
    const asked = { ids: ['frozen', 'quad'], base: 'quad', units: 'total,GiB' };
    const first = await api.permalinks.publishComparison(asked);
    expect(await api.permalinks.publishComparison(asked)).toEqual(first);
    await db.run.delete({ where: { id: 'frozen' } });
    const view = await api.permalinks.get({ slug: first.slug });
    expect(view).toMatchObject({
      kind: 'comparison',
      base: 'quad',
      units: 'total,GiB,sample,online',
    });
    const { snapshot } = await db.permalink.findUniqueOrThrow({ where: { slug: first.slug } });
    expect(createHash('sha256').update(snapshot).digest('hex')).toBe(first.contentHash);
    expect(snapshot).not.toMatch(/secret note|hush/);
  });

  test('a view of the results keeps its name and its query', async () => {
    const view = { name: 'Mine', q: 'state:done' };
    const { slug } = await api.permalinks.publishComparison({ ids: ['puma', 'quad'], view });
    expect(await api.permalinks.get({ slug })).toMatchObject({ kind: 'comparison', view });
    const listed = await api.permalinks.published();
    expect(listed.find((link) => link.slug === slug)?.title).toBe('Mine: 2 runs');
    const plain = await api.permalinks.publishComparison({ ids: ['puma', 'quad'] });
    expect(plain.slug).not.toBe(slug);
  });

  test('are listed, end by themselves, and are taken back', async () => {
    const { slug } = await api.permalinks.publishComparison({
      ids: ['puma', 'dealt'],
      expiresInDays: 7,
    });
    const line = (await api.permalinks.published()).find((one) => one.slug === slug);
    expect(line).toMatchObject({ kind: 'comparison', path: `/s/${slug}` });
    expect(Date.parse(line?.expiresAt ?? '') - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    await database.db.permalink.update({ where: { slug }, data: { expiresAt: new Date(0) } });
    await expect(api.permalinks.get({ slug })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await api.permalinks.published()).some((one) => one.slug === slug)).toBe(false);
    const other = await api.permalinks.publishComparison({ ids: ['quad', 'dealt'] });
    await api.permalinks.revoke({ slug: other.slug });
    expect((await get(`/s/${other.slug}.html`)).status).toBe(404);
  });

  test('a run that is missing or going on is named', async () => {
    await expect(api.permalinks.publishComparison({ ids: ['gone'] })).rejects.toThrow(/gone/);
    await expect(api.permalinks.publishComparison({ ids: ['waits'] })).rejects.toThrow(
      /waits is queued/,
    );
  });

  test('are built of PARLEY_PUBLIC_URL', async () => {
    expect(await api.permalinks.address()).toEqual({ publicUrl: null });
    process.env['PARLEY_PUBLIC_URL'] = 'https://parley.example.org/';
    try {
      expect(await api.permalinks.address()).toEqual({ publicUrl: 'https://parley.example.org' });
      expect(await textOf('/runs/puma.bib')).toContain('https://parley.example.org/runs/puma');
      const { slug } = await api.permalinks.publishComparison({ ids: ['puma', 'quad'] });
      expect(await textOf(`/s/${slug}.html`)).toContain(
        `property="og:image" content="https://parley.example.org/s/${slug}.png?card"`,
      );
      process.env['PARLEY_PUBLIC_URL'] = 'parley';
      await expect(api.permalinks.address()).rejects.toThrow(/PARLEY_PUBLIC_URL is "parley"/);
    } finally {
      delete process.env['PARLEY_PUBLIC_URL'];
    }
  });
});

/** Whatever makes a browser fetch something, or leave the file. */
const external = [
  /\bsrc\s*=/i,
  /\bhref\s*=/i,
  /\bsrcset\s*=/i,
  /\baction\s*=/i,
  /<(script|link|iframe|object|embed|base|form|img|video|audio|use|foreignObject)\b/i,
  /url\s*\(/i,
  /@import/i,
  /\son\w+\s*=/i,
  /http-equiv="refresh"/i,
];

test('the one HTML file holds no script and refers to nothing outside, whatever the runs are called', async () => {
  const spec = { ...pumaSpec, model: '"><img src=x onerror=alert(1)>' };
  await storeRuns(database.db, [
    { id: 'evil', spec, headline: doneRun.headline, environment: { cpu: '<script>1</script>' } },
  ]);
  const { slug } = await api.permalinks.publishComparison({ ids: ['puma', 'quad', 'evil'] });
  const single = await api.permalinks.create({ runId: 'puma' });
  for (const path of [`/s/${slug}.html`, `/s/${single.slug}.html`]) {
    const html = await textOf(path);
    // Escaped text is text; only what is left of the markup can do something.
    const markup = [...html.matchAll(/<[^>]*>/g)].join('\n');
    for (const pattern of external) expect(markup).not.toMatch(pattern);
    expect(html).not.toMatch(/<script/i);
    expect(html).not.toMatch(/url\(|@import/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('<svg');
    expect(html).toContain('<table');
    expect(html).toContain('Content hash');
  }
});
