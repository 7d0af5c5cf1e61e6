/** What a run of a spec leaves when it came to its end with every sample, on the engine of now. */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { forecastOf } from '../../server/papers/predict.ts';
import { packageVersion } from '../../server/runs/environment.ts';
import { headline } from './fixtures.ts';

export interface WholeRun {
  readonly headline: Headline;
  readonly environment: Readonly<Record<string, string>>;
}

/** Rounds and bytes are those that the schedules foretell; the rest is the fixture's. */
export async function wholeRun(spec: RunSpec): Promise<WholeRun> {
  const forecast = await forecastOf(spec);
  if (forecast === null) throw new Error('The spec has no forecast, so no run of it is whole.');
  return {
    headline: {
      ...headline,
      samples: spec.dataset.samples,
      rounds: forecast.rounds,
      onlineBytesSent: [forecast.onlineBytes, 0, 0],
      dealerBytes: forecast.dealerBytes,
    },
    environment: { cpu: 'Zen 4', cores: '2', commit: 'abc123', parley: packageVersion() },
  };
}
