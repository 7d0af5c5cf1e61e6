/**
 * The first run of an installation: Parley proves itself on four reviews, so that Home shows a number
 * measured on this machine. Once only, and only while nobody has made a run.
 */
import { createRun, type RunContext } from './create-run.ts';
import { firstStartSpec } from './presets.ts';

/** Queues it on an installation without any run; returns its id, or null where there was one. */
export async function queueFirstRun(context: RunContext): Promise<string | null> {
  const count = await context.db.run.count({ where: { shipped: false } });
  if (count > 0) return null;
  const { id } = await createRun(context, await firstStartSpec(), 'first-start');
  return id;
}
