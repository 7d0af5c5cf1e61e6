/** /api/health and /api/metrics, with and without a worker, and without a database. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { handleHealth, handleMetrics } from '../../server/api/handle-health.ts';
import { prometheusText } from '../../server/health/read-metrics.ts';
import { useDatabase } from '../support/database.ts';
import { headline, pumaSpec } from '../support/fixtures.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const request = (path: string) =>
  new Request(`http://localhost:4300${path}`, { headers: { host: 'localhost:4300' } });
const open = () => Promise.resolve(database.db);
const broken = () => Promise.reject(new Error('connect to postgres://user:secret@host failed'));

beforeAll(async () => {
  await storeRuns(database.db, [
    { spec: pumaSpec, headline },
    { spec: pumaSpec, headline },
    { spec: pumaSpec, headline: null, createdAt: new Date(Date.now() - 90_000) },
    // Measured elsewhere: in no figure of this installation.
    { spec: pumaSpec, headline, shipped: true },
  ]);
});

describe('health', () => {
  test('without a worker it is not well, and says what to start', async () => {
    const response = await handleHealth(request('/api/health'), open);
    expect(response.status).toBe(503);
    const health: unknown = await response.json();
    expect(health).toMatchObject({ ok: false });
    expect(JSON.stringify(health)).toMatch(/no worker: none was ever here; start one/);
  });

  test('with a worker that was just heard of it is well; with a silent one it is not', async () => {
    const worker = { id: 'w1', host: 'here', pid: 1 };
    await database.db.worker.create({ data: { ...worker, heartbeatAt: new Date() } });
    const well = await handleHealth(request('/api/health'), open);
    expect(well.status).toBe(200);
    expect(well.headers.get('cache-control')).toBe('no-store');
    const heartbeatAt = new Date(Date.now() - 60_000);
    await database.db.worker.update({ where: { id: 'w1' }, data: { heartbeatAt } });
    const silent = await handleHealth(request('/api/health'), open);
    expect(silent.status).toBe(503);
    expect(await silent.text()).toMatch(/last was heard of (59|6\d) s ago/);
  });

  test('without a database it answers, and gives no address away', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const response = await handleHealth(request('/api/health'), broken);
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(text).toMatch(/the database does not answer/);
    expect(text).not.toMatch(/secret/);
    expect((await handleMetrics(request('/api/metrics'), broken)).status).toBe(503);
    expect(log).toHaveBeenCalledTimes(2);
    log.mockRestore();
  });
});

describe('metrics', () => {
  test('count this installation’s runs by state, in the format of Prometheus', async () => {
    const response = await handleMetrics(request('/api/metrics'), open);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('parley_runs{state="done"} 2\n');
    expect(text).toContain('parley_runs{state="queued"} 1\n');
    const waited = Number(/^parley_queue_oldest_seconds (.*)$/m.exec(text)?.[1]);
    expect(waited).toBeGreaterThanOrEqual(90);
    expect(Number(/^parley_disk_free_bytes (.*)$/m.exec(text)?.[1])).toBeGreaterThan(0);
    // Every line is a comment or a name, labels and a finite number.
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) parley_|parley_[a-z_]+(\{.*\})? -?[\d.e+]+$)/);
    }
  });

  test('labels are escaped', () => {
    const text = prometheusText([
      { name: 'x', kind: 'gauge', help: 'h', values: [{ labels: { a: 'b"\\\nc' }, value: 1 }] },
    ]);
    expect(text).toBe('# HELP x h\n# TYPE x gauge\nx{a="b\\"\\\\\\nc"} 1\n');
  });
});
