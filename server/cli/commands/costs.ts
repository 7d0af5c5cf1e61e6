/** `parley costs --spec FILE`: what a run will send, from shapes alone. Needs no database. */
import { modelConfigOf, requireSpec } from '../../runs/check-spec.ts';
import { fullBatchOf } from '../../runs/plan-of-spec.ts';
import { bytesByPlace, predictFullBatch } from '../../runs/prediction.ts';
import { formatBytes, formatTable, sum } from '../format.ts';
import { readSpecFile } from '../spec-file.ts';

export async function costsCommand(file: string, json: boolean): Promise<number> {
  const spec = await requireSpec(await readSpecFile(file));
  const cost = await predictFullBatch(spec, await modelConfigOf(spec.model));
  if (json) {
    console.log(
      JSON.stringify({ provenance: 'predicted', batch: fullBatchOf(spec), ...cost }, null, 2),
    );
    return 0;
  }
  const total = sum(cost.onlineBytesSent);
  console.log(
    formatTable([
      ['provenance', 'predicted'],
      ['samples in the batch', String(fullBatchOf(spec))],
      ['rounds', String(cost.rounds)],
      ['online, by party', cost.onlineBytesSent.map(formatBytes).join(' + ')],
      ['offline, by party', cost.offlineBytesSent.map(formatBytes).join(' + ')],
      ...bytesByPlace(cost)
        .slice(0, 12)
        .map(({ path, bytesSent }): [string, string] => [
          path,
          `${formatBytes(bytesSent)}  (${((100 * bytesSent) / total).toFixed(1)} %)`,
        ]),
    ]),
  );
  return 0;
}
