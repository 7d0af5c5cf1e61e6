'use client';
/** A finished run of this installation, as its chart and its headline numbers. */
import Link from 'next/link';
import { useMemo } from 'react';
import type { RunSummary } from '../../server/api/schemas/run-view.ts';
import { accuracyTripleChart } from '../_charts/accuracy-triple.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Verdict } from '../_components/state-badge.tsx';
import { HeadlineStats } from '../_run/headline-stats.tsx';
import { RunWarnings } from '../_run/run-warnings.tsx';
import { approximationName, runName, sampleWord, specSentence } from '../_lib/describe-spec.ts';
import { formatDate } from '../../server/api/schemas/format.ts';

export function LatestResult({ run }: { run: RunSummary }) {
  const theme = useChartTheme();
  const { headline } = run;
  const word = sampleWord(run.spec);
  const accuracy = headline?.accuracy;
  const [shown, light] = useMemo(
    () =>
      accuracy == null
        ? [null, null]
        : [
            accuracyTripleChart(accuracy, { theme, word }),
            accuracyTripleChart(accuracy, { theme: lightTheme, word }),
          ],
    [accuracy, theme, word],
  );
  if (headline === null) return null;
  return (
    <Panel
      title={
        run.origin === 'first-start'
          ? 'This installation’s first run'
          : `${run.shipped === true ? 'Came with Parley:' : 'Measured here with'} ${approximationName(run.spec.approximations)}`
      }
      note={`${runName(run.spec)}: ${specSentence(run.spec)}. ${formatDate(run.createdAt)}.`}
      aside={
        <>
          {run.linkVerdict === 'not met' && <Verdict ok={false}>Link not met</Verdict>}
          <ProvenanceMark of={run.provenance} />
          {run.shipped === true && 'elsewhere, shipped'}
          <Link href={`/runs/${run.id}`}>Open the run</Link>
        </>
      }
    >
      <Stack gap={20}>
        <RunWarnings spec={run.spec} />
        <HeadlineStats headline={headline} batchSize={run.spec.measurement.batchSize} word={word} />
        {shown !== null && light !== null && (
          <ChartFrame title="Accuracy" model={shown} forExport={light} />
        )}
      </Stack>
    </Panel>
  );
}
