/**
 * Figures of this installation in the text format of Prometheus (0.0.4). Names end in their unit;
 * nothing here names a run, a person or a model.
 */
import type { Database } from '../db/client.ts';
import { readSystemStatus } from '../runs/system-status.ts';

interface Metric {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly values: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Every metric with its help and type, values in the order given. */
export function prometheusText(metrics: readonly Metric[]): string {
  const lines = metrics.flatMap(({ name, kind, help, values }) => [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${kind}`,
    ...values.map(({ labels = {}, value }) => {
      const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
      return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}

interface Totals {
  readonly seconds: number | null;
  readonly sent: number | null;
  readonly waiting: number | null;
}

/** @throws the database's error */
export async function readMetrics(db: Database): Promise<string> {
  const [status, runs, trainings, [totals]] = await Promise.all([
    readSystemStatus(db),
    db.run.groupBy({ by: ['state'], where: { shipped: false }, _count: true }),
    db.training.groupBy({ by: ['state'], _count: true }),
    db.$queryRaw<Totals[]>`
      SELECT extract(epoch FROM sum(finished_at - started_at) FILTER (WHERE finished_at > started_at))::float8 AS seconds,
             (SELECT sum(p.bytes_sent) FROM party_totals p JOIN runs r ON r.id = p.run_id WHERE NOT r.shipped)::float8 AS sent,
             extract(epoch FROM now() - min(created_at) FILTER (WHERE state = 'queued'))::float8 AS waiting
      FROM runs WHERE NOT shipped`,
  ]);
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    kind: 'gauge',
    help,
    values: [{ value }],
  });
  return prometheusText([
    {
      name: 'parley_info',
      kind: 'gauge',
      help: 'Versions, as labels.',
      values: [
        {
          labels: {
            version: status.version,
            postgres: status.database.version,
            database: status.database.kind,
          },
          value: 1,
        },
      ],
    },
    {
      name: 'parley_runs',
      kind: 'gauge',
      help: 'Runs of this installation by state.',
      values: runs.map(({ state, _count }) => ({ labels: { state }, value: _count })),
    },
    {
      name: 'parley_trainings',
      kind: 'gauge',
      help: 'Trainings by state.',
      values: trainings.map(({ state, _count }) => ({ labels: { state }, value: _count })),
    },
    gauge('parley_workers', 'Workers heard of within 10 s.', status.workers),
    gauge(
      'parley_queue_oldest_seconds',
      'How long the oldest queued run has waited; 0 with an empty queue.',
      totals?.waiting ?? 0,
    ),
    {
      name: 'parley_run_seconds_total',
      kind: 'counter',
      help: 'Wall time of ended runs, from claim to end.',
      values: [{ value: totals?.seconds ?? 0 }],
    },
    {
      name: 'parley_party_sent_bytes_total',
      kind: 'counter',
      help: 'Payload that parties of stored runs sent to each other.',
      values: [{ value: totals?.sent ?? 0 }],
    },
    gauge('parley_disk_free_bytes', 'Free where the data folder is.', status.disk.freeBytes),
    gauge(
      'parley_web_resident_bytes',
      'Memory of the process that answers.',
      process.memoryUsage.rss(),
    ),
    gauge('parley_web_uptime_seconds', 'Its age.', Math.round(process.uptime())),
  ]);
}
