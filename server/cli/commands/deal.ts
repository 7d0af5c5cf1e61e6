/** `parley deal FILE`: run the offline phase of a whole run now, for one run to come. */
import { dataFolder } from '../../db/data-folder.ts';
import { requireSpec } from '../../runs/check-spec.ts';
import { dealAhead } from '../../runs/deal-ahead.ts';
import { batchSizesOf, planOfSpec } from '../../runs/plan-of-spec.ts';
import { lengthsOfSpec } from '../../runs/public-lengths.ts';
import { modelConfigOf } from '../../runs/run-models.ts';
import { sessionOf } from '../../runs/session-of-spec.ts';
import { formatBytes, formatMs, formatTable, sum } from '../format.ts';
import { readSpecFile } from '../spec-file.ts';

/** Exit code: 0 when a stock is on the shelf. Throws `RunError` and `LaunchError`. */
export async function dealCommand(
  file: string,
  options: { json?: boolean; samples?: number },
): Promise<number> {
  const spec = await requireSpec(await readSpecFile(file, options));
  const plan = planOfSpec(spec, await modelConfigOf(spec.model));
  const session = sessionOf(
    spec,
    plan,
    batchSizesOf(spec.dataset.samples, spec.measurement.batchSize),
    await lengthsOfSpec(spec),
  );
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const stock = await dealAhead({ dataFolder: dataFolder(), spec, session, signal: stop.signal });
  const traces = stock.dealer.traces;
  const inferences = session.batchSizes.length;
  const dealerBytes = sum(traces.map(({ bytesSent }) => bytesSent.offline));
  const dealerMs = sum(traces.map(({ startedAtMs, endedAtMs }) => endedAtMs - startedAtMs));
  if (options.json === true) {
    const { id, createdAt } = stock;
    console.log(JSON.stringify({ id, createdAt, inferences, dealerBytes, dealerMs }, null, 2));
    return 0;
  }
  console.log(
    formatTable([
      ['dealt', stock.id],
      ['inferences', String(inferences)],
      ['sent by the dealer', formatBytes(dealerBytes)],
      ['time', formatMs(dealerMs)],
      ['used by', 'the next run of this spec, once'],
    ]),
  );
  return 0;
}
