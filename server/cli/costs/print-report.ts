/** The cost of one inference of a whole model, as JSON or as a table for people. */
import { costFigures } from '../../engine/cost/figures.ts';
import type { CostReport } from '../../engine/cost/report.ts';
import {
  expectedTruncationFailures,
  type TruncationFailures,
} from '../../engine/cost/truncation-failures.ts';
import { correlationsOf } from '../../engine/execute.ts';
import type { Plan } from '../../engine/plan.ts';
import { bytesByPlace, totalBytesOf } from '../../runs/prediction.ts';
import { formatBytes, formatTable } from '../format.ts';

/** Places shown in the table for people; the JSON has them all. */
const placesShown = 12;

export interface PricedModel {
  /** Its name in the zoo. */
  readonly model: string;
  readonly plan: Plan;
  /** Samples of the inference. */
  readonly batch: number;
  readonly report: CostReport;
}

export async function printReport(priced: PricedModel, json: boolean): Promise<void> {
  const failures = await expectedTruncationFailures(priced.plan, priced.batch);
  console.log(
    json ? JSON.stringify(documentOf(priced, failures), null, 2) : tableOf(priced, failures),
  );
}

function documentOf({ model, plan, batch, report }: PricedModel, failures: TruncationFailures) {
  const correlations = correlationsOf(plan);
  return {
    provenance: 'predicted',
    model,
    variant: plan.variant,
    correlations,
    ring: plan.ring.bits,
    fractionBits: plan.ring.fractionBits,
    approximations: plan.approximations,
    length: plan.length,
    batch,
    ...costFigures(report, correlations === 'dealer'),
    expectedTruncationFailures: failures,
    rows: report.rows.map((row) => ({
      ...row,
      bytesSentPerParty: Math.max(0, ...row.bytesSent),
      bytesSentTotal: row.bytesSent.reduce((sum, bytes) => sum + bytes, 0),
    })),
  };
}

function tableOf(
  { model, plan, batch, report }: PricedModel,
  { expected, meanMagnitude }: TruncationFailures,
): string {
  const correlations = correlationsOf(plan);
  const figures = costFigures(report, correlations === 'dealer');
  const total = Math.max(1, totalBytesOf(report));
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return formatTable([
    ['provenance', 'predicted, from shapes alone'],
    ['model', `${model}, ${plan.length} positions`],
    ['variant', correlations === null ? plan.variant : `${plan.variant}, ${correlations}`],
    ['samples in the batch', String(batch)],
    ['rounds', `${figures.roundsOverlapped} as run, ${figures.rounds} in program order`],
    ['online, by party', figures.bytesSentByParty.map(formatBytes).join(' + ')],
    ...(correlations === 'dealer'
      ? [['offline, by the dealer', formatBytes(figures.dealerBytes)] as const]
      : []),
    ...(expected > 0
      ? [
          [
            'wrong truncations',
            `${expected.toPrecision(2)} expected per inference, for values of size ${meanMagnitude}`,
          ] as const,
        ]
      : []),
    ...bytesByPlace(report)
      .slice(0, placesShown)
      .map(({ path, bytesSent, dealerBytes }): [string, string] => {
        const dealt = dealerBytes > 0 ? `, ${formatBytes(dealerBytes)} by the dealer` : '';
        return [
          path === '' ? '(whole model)' : path,
          `${formatBytes(bytesSent)} online${dealt}  (${percent((bytesSent + dealerBytes) / total)})`,
        ];
      }),
  ]);
}
