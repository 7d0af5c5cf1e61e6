/** GET /api/health (200 where runs can be taken, else 503) and GET /api/metrics (Prometheus). */
import { connect } from '../db/client.ts';
import type { Database } from '../db/client.ts';
import { readHealth } from '../health/read-health.ts';
import { readMetrics } from '../health/read-metrics.ts';
import { refusalAt } from './admit.ts';
import { refusalOf } from './refusal.ts';

const uncached = { 'Cache-Control': 'no-store' } as const;
const open = async (): Promise<Database> => (await connect()).db;

/** For whoever looks whether it lives, so it asks for no login; it says nothing of runs or people. */
export async function handleHealth(request: Request, database = open): Promise<Response> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refusal;
  const health = await readHealth(database);
  return Response.json(health, { status: health.ok ? 200 : 503, headers: uncached });
}

export async function handleMetrics(request: Request, database = open): Promise<Response> {
  const refusal = await refusalAt(request, 'read', database);
  if (refusal !== undefined) return refusal;
  try {
    const text = await readMetrics(await database());
    const type = 'text/plain; version=0.0.4; charset=utf-8';
    return new Response(text, { headers: { ...uncached, 'Content-Type': type } });
  } catch (error) {
    console.error(`metrics: ${error instanceof Error ? error.message : String(error)}`);
    return new Response('the database does not answer\n', { status: 503, headers: uncached });
  }
}
