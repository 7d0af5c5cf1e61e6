'use client';
/** Finished runs next to each other: the picture, one cost at a time, and every number in a table. */
import { SegmentedControl, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import Link from 'next/link';
import { useMemo, useState, type ReactNode } from 'react';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { accuracyLatencyChart, type NamedRun } from '../_charts/accuracy-latency.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { comparisonBars, costMetrics, type CostMetric } from '../_charts/comparison-bars.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { Notice } from '../_components/states.tsx';
import {
  privacyWarnings,
  randomWeightsNote,
  warningsOf,
} from '../../server/api/schemas/warnings.ts';
import { StateBadge } from '../_components/state-badge.tsx';
import { settingsOf, warningWords } from '../_lib/describe-spec.ts';
import {
  exactBytes,
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatPercent,
  formatSpread,
  plural,
  proportionValue,
} from '../../server/api/schemas/format.ts';
import { largest, sum } from '../_lib/statistics.ts';
import classes from './comparison.module.css';
import { Scroll } from '../_components/scroll.tsx';

interface Line {
  readonly name: string;
  readonly better?: 'more' | 'less';
  readonly value: (headline: Headline) => ReactNode;
  readonly note?: (headline: Headline) => string;
  readonly exact?: (headline: Headline) => string;
}

/** Also false of runs from before there were dealers. */
const dealt = (headline: Headline): boolean => headline.correlations === 'dealer';

/** Settings that make runs answer different questions, by their field in the spec. */
const incomparable: readonly string[] = [
  'model',
  'dataset.id',
  'dataset.samples',
  'sequenceLength',
  'measurement.batchSize',
  'network',
];

/** Random weights have no answer here. */
const none = '–';

const lines: readonly Line[] = [
  {
    name: 'Secure accuracy',
    better: 'more',
    value: (h) =>
      h.accuracy === null ? randomWeightsNote : formatPercent(proportionValue(h.accuracy.secure)),
    note: ({ accuracy }) =>
      accuracy === null
        ? ''
        : `${accuracy.secure.correct} of ${accuracy.secure.n}, ${formatInterval(accuracy.secure)}`,
  },
  {
    name: 'Plaintext accuracy',
    value: (h) =>
      h.accuracy === null ? none : formatPercent(proportionValue(h.accuracy.plaintext)),
  },
  {
    name: 'Labels unlike plaintext',
    better: 'less',
    value: (h) =>
      h.disagreement === null ? none : `${h.disagreement.withPlaintext} of ${h.samples}`,
  },
  {
    name: 'Online, per sample',
    better: 'less',
    value: (h) => formatDuration(h.onlineMsPerSample.median),
    note: (h) => formatSpread(h.onlineMsPerSample, formatDuration),
    exact: (h) => `${h.onlineMsPerSample.median} ms`,
  },
  {
    name: 'Online, per batch',
    better: 'less',
    value: (h) => formatDuration(h.onlineMs.median),
    note: (h) => formatSpread(h.onlineMs, formatDuration),
  },
  {
    name: 'Online + offline, per batch',
    better: 'less',
    value: (h) => formatDuration(dealt(h) ? h.totalMs.median : h.onlineMs.median),
    note: (h) => (dealt(h) ? `offline ${formatDuration(h.offlineMs.median)}` : 'nothing offline'),
  },
  {
    name: 'Sent per party, online',
    better: 'less',
    value: (h) => formatBytes(largest(h.onlineBytesSent)),
    note: () => 'one batch, busiest party',
    exact: (h) => exactBytes(largest(h.onlineBytesSent)),
  },
  {
    name: 'Sent, all parties, online',
    better: 'less',
    value: (h) => formatBytes(sum(h.onlineBytesSent)),
    exact: (h) => exactBytes(sum(h.onlineBytesSent)),
  },
  {
    name: 'Sent by the dealer, offline',
    better: 'less',
    value: (h) => (dealt(h) ? formatBytes(h.dealerBytes) : 'no dealer'),
    exact: (h) => (dealt(h) ? exactBytes(h.dealerBytes) : ''),
  },
  {
    name: 'Rounds',
    better: 'less',
    value: (h) => formatCount(h.rounds),
    note: () => 'one batch, exact',
  },
  {
    name: 'Peak memory',
    better: 'less',
    value: (h) => formatBytes(h.peakRssBytes),
    note: () => 'largest role',
  },
];

const costWords: Readonly<Record<CostMetric, string>> = {
  latency: 'Latency',
  bytes: 'Bytes',
  rounds: 'Rounds',
};

export function Comparison({ runs }: { runs: readonly NamedRun[] }) {
  const theme = useChartTheme();
  const compact = useMediaQuery('(max-width: 40em)') ?? false;
  const [metric, setMetric] = useState<CostMetric>('latency');
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const key = runs.map(({ run, name }) => `${run.id} ${name}`).join('\n');
  const [scatter, scatterLight] = useMemo(
    () => [
      accuracyLatencyChart(runs, { theme }),
      accuracyLatencyChart(runs, { theme: lightTheme }),
    ],
    // A poll makes new but equal lists; the key says when they really differ.
    // oxlint-disable-next-line react/exhaustive-deps
    [key, theme],
  );
  const [bars, barsLight] = useMemo(
    () => [
      comparisonBars(runs, { metric, theme, compact }),
      comparisonBars(runs, { metric, theme: lightTheme }),
    ],
    // oxlint-disable-next-line react/exhaustive-deps
    [key, metric, theme, compact],
  );

  const settings = runs.map(({ run }) => settingsOf(run.spec));
  const rows = (settings[0] ?? []).map((setting, index) => ({
    name: setting.name,
    field: setting.field,
    values: settings.map((list) => list[index]?.value ?? ''),
  }));
  const differing = rows.filter(({ values }) => new Set(values).size > 1);
  const shown = onlyDifferences ? differing : rows;
  const hidden = rows.length - shown.length;
  const unlike = differing.filter(({ field }) => incomparable.includes(field));
  const names = new Set(differing.map(({ name }) => name));
  const mixed = names.has('Protocol') && (names.has('GELU') || names.has('Softmax'));
  const openWarnings = ({ run }: NamedRun) => privacyWarnings(warningsOf(run.spec));
  const open = runs.filter((run) => openWarnings(run).length > 0);
  const judged = runs.filter(({ run }) => run.headline?.accuracy != null);
  const random = runs.filter(({ run }) => run.headline?.accuracy === null);
  const unmet = runs.filter(({ run }) => run.linkVerdict === 'not met');
  const fewest = Math.min(
    ...judged.map(({ run }) => run.headline?.samples ?? Number.POSITIVE_INFINITY),
  );

  return (
    <div className={classes.comparison}>
      {unlike.length > 0 && (
        <Notice>
          These runs also differ in {unlike.map(({ name }) => name.toLowerCase()).join(' and ')}:
          their costs per batch and accuracies do not compare one to one.
        </Notice>
      )}
      {mixed && (
        <Notice>
          Protocol and functions differ at once: a difference in cost is that of both together. To
          compare protocols, hold GELU and softmax fixed.
        </Notice>
      )}
      {open.length > 0 && (
        <Notice tone="bad">
          {open.map(({ name }) => name).join(' and ')} gave up privacy (
          {[...new Set(open.flatMap(openWarnings))]
            .map((warning) => warningWords[warning])
            .join(', ')}
          ): its costs are no costs of a private run.
        </Notice>
      )}
      {unmet.length > 0 && (
        <Notice>
          Link not met in {unmet.map(({ name }) => name).join(' and ')}: the emulated network was
          not what was asked for, so these latencies are not those of that network.
        </Notice>
      )}
      {random.length > 0 && (
        <Notice>
          {random.map(({ name }) => name).join(' and ')}: {randomWeightsNote}.
        </Notice>
      )}
      <div className={classes.charts}>
        {judged.length > 0 && (
          <div>
            <h3>Accuracy against latency</h3>
            <ChartFrame title="Accuracy against latency" model={scatter} forExport={scatterLight} />
          </div>
        )}
        <div>
          <h3>Cost</h3>
          <ChartFrame
            title="Cost"
            model={bars}
            forExport={barsLight}
            controls={
              <SegmentedControl
                size="xs"
                aria-label="Cost shown"
                value={metric}
                onChange={(value) => setMetric(value)}
                data={costMetrics.map((value) => ({ value, label: costWords[value] }))}
              />
            }
          />
        </div>
      </div>
      <div>
        <div className={classes.tableHead}>
          <h3>Every number</h3>
          <Switch
            size="sm"
            label={`Only settings that differ${hidden > 0 ? ` (${hidden} equal ones hidden)` : ''}`}
            checked={onlyDifferences}
            onChange={(event) => setOnlyDifferences(event.currentTarget.checked)}
          />
        </div>
        <Scroll label="Comparison table">
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">
                  <span className="visually-hidden">Quantity</span>
                </th>
                {runs.map(({ run, name }) => (
                  <th key={run.id} scope="col">
                    <Link href={`/runs/${run.id}`}>{name}</Link>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name, values }) => (
                <tr key={name} className={classes.setting}>
                  <th scope="row">{name}</th>
                  {values.map((value, index) => (
                    <td key={runs[index]?.run.id}>{value}</td>
                  ))}
                </tr>
              ))}
              {lines.map((line) => (
                <tr key={line.name}>
                  <th scope="row">
                    {line.name}
                    {line.better !== undefined && (
                      <span className={classes.better} title={`${line.better} is better`}>
                        {line.better === 'more' ? ' ↑' : ' ↓'}
                        <span className="visually-hidden"> {line.better} is better</span>
                      </span>
                    )}
                  </th>
                  {runs.map(({ run }) => (
                    <td
                      key={run.id}
                      title={run.headline === null ? undefined : line.exact?.(run.headline)}
                    >
                      {run.headline === null ? (
                        <StateBadge state={run.state} />
                      ) : (
                        <>
                          <span className={classes.value}>{line.value(run.headline)}</span>
                          {line.note !== undefined && line.note(run.headline) !== '' && (
                            <span className={classes.note}>{line.note(run.headline)}</span>
                          )}
                        </>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        {fewest < 100 && Number.isFinite(fewest) && (
          <p className={classes.caution}>
            With {plural(fewest, 'review')}, accuracies a few points apart cannot be told: look at
            the intervals, and at how many labels differ from plaintext on the same reviews.
          </p>
        )}
      </div>
    </div>
  );
}
