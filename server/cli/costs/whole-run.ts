/** `parley costs FILE`: what one full batch of a spec will send. Needs no database. */
import { requireSpec } from '../../runs/check-spec.ts';
import { fullBatchOf, planOfSpec } from '../../runs/plan-of-spec.ts';
import { predictFullBatch } from '../../runs/prediction.ts';
import { pricedSpec } from '../../runs/public-lengths.ts';
import { modelConfigOf } from '../../runs/run-models.ts';
import { readSpecFile } from '../spec-file.ts';
import { printReport } from './print-report.ts';

/** @throws RunError 'invalid' for a file that is no spec, or one that cannot be run here */
export async function printRunCost(file: string, json: boolean): Promise<void> {
  const spec = await requireSpec(await readSpecFile(file));
  const config = await modelConfigOf(spec.model);
  const report = await predictFullBatch(spec, config);
  // With public lengths, of the text in the middle.
  const plan = planOfSpec(await pricedSpec(spec), config);
  await printReport({ model: spec.model, plan, batch: fullBatchOf(spec), report }, json);
}
