'use client';
/** Learn > Calibration: what was expected of runs, what they took, and how often the interval held. */
import { useMemo } from 'react';
import {
  formatAgo,
  formatCount,
  formatDuration,
  formatPercent,
  formatProportion,
  formatRatio,
  plural,
  proportionValue,
} from '../../../server/api/schemas/format.ts';
import { goodShare, intendedShare } from '../../../server/api/schemas/latency-shares.ts';
import type { CalibrationGroup, CalibrationView } from '../../../server/api/schemas/latency.ts';
import { calibrationChart } from '../../_charts/calibration.ts';
import { ChartFrame } from '../../_charts/chart-frame.tsx';
import { lightTheme } from '../../_charts/chart.ts';
import { useChartTheme } from '../../_charts/use-chart-theme.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import { Empty, Failure, Notice, Waiting } from '../../_components/states.tsx';
import { useCalibration } from '../../_lib/api-calibration.ts';
import { useNow } from '../../_lib/use-now.ts';
import { InOrder } from './in-order.tsx';
import tables from '../../_run/run-view.module.css';
import classes from '../protocols/learn.module.css';

/** Below so many runs a share says nothing. */
const fewRuns = 10;

export function LearnCalibration() {
  const calibration = useCalibration();
  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <h1>Calibration</h1>
        <p>
          Before a run its online time is predicted, with an interval that is meant to hold for{' '}
          {formatPercent(intendedShare, 0)} of runs. What was said is stored with the run when it is
          queued and never changed, so the score below is of what was said beforehand.
        </p>
      </header>
      {calibration.data !== undefined ? (
        <Score view={calibration.data} />
      ) : calibration.error !== null ? (
        <Failure
          title="The score cannot be read"
          reason={calibration.error}
          retry={calibration.retry}
        />
      ) : (
        <Waiting what="the score" height={600} />
      )}
      {/* What stands below the score has no place before its height is known. */}
      {!calibration.waiting && <How rates={calibration.data?.rates} />}
      {!calibration.waiting && <InOrder />}
    </Stack>
  );
}

function Score({ view }: { view: CalibrationView }) {
  const { runs, groups, unjudged } = view;
  const theme = useChartTheme();
  const charts = useMemo(
    () =>
      runs.length === 0
        ? null
        : { model: calibrationChart(runs, theme), light: calibrationChart(runs, lightTheme) },
    [runs, theme],
  );
  const [all] = groups;
  if (charts === null || all === undefined || all.inside === null) {
    return (
      <Empty title="No run has been judged yet" action={{ href: '/new', word: 'Make a run' }}>
        Every run that is queued from now on gets an expectation, and is judged when it ends.
        {unjudged > 0 ? ` ${plural(unjudged, 'earlier run')} had none.` : ''}
      </Empty>
    );
  }
  return (
    <>
      <Panel
        title="How often the interval held"
        note={`Runs of this installation, measured to their end${unjudged > 0 ? `; ${plural(unjudged, 'older run')} without an expectation left out` : ''}. Shipped and imported runs are never among them.`}
      >
        <Verdict group={all} />
        <Scroll label="Share of runs inside of their interval, by variant">
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">Variant</th>
                <th scope="col">Inside of the 80 % interval</th>
                <th scope="col">Measured / expected, median</th>
              </tr>
            </thead>
            <tbody>
              {groups.map(({ variant, inside, ratio }) => (
                <tr key={variant ?? 'all'}>
                  <th scope="row">{variant ?? 'all'}</th>
                  <td>{inside === null ? '' : formatProportion(inside)}</td>
                  <td>{ratio === null ? '' : formatRatio(ratio)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
      <Panel title="Expected and measured">
        <ChartFrame title="Expected and measured" model={charts.model} forExport={charts.light} />
      </Panel>
    </>
  );
}

function Verdict({ group: { inside } }: { group: CalibrationGroup }) {
  if (inside === null) return null;
  const share = proportionValue(inside);
  const [low, high] = goodShare;
  const range = `${formatPercent(low, 0)} to ${formatPercent(high, 0)}`;
  if (inside.n < fewRuns) {
    return (
      <Notice tone="info">
        {plural(inside.n, 'run')} so far: too few to judge a share by. It should come to {range}.
      </Notice>
    );
  }
  if (share >= low && share <= high) {
    return (
      <p className={classes.quiet}>
        {formatPercent(share)} of {formatCount(inside.n)} runs: as it should be, which is {range}.
      </p>
    );
  }
  return (
    <Notice>
      {formatPercent(share)} of {formatCount(inside.n)} runs, where {range} would be right:
      intervals are {share < low ? 'too narrow' : 'wider than they need be'}. The next ones are{' '}
      {share < low ? 'widened' : 'narrowed'} by it.
    </Notice>
  );
}

/** `rates` is undefined while nothing is known of them. */
function How({ rates }: { rates: CalibrationView['rates'] | undefined }) {
  const now = useNow(60_000);
  return (
    <Panel title="How it is predicted">
      <div className={classes.words}>
        <p>
          <dfn>Formula.</dfn> From shapes alone it is known what a batch sends, in how many rounds,
          and how many elements every operation works on. Rates say how long this machine takes for
          one element of each operation; the link’s own arithmetic says what the fullest link
          serialises and what each round waits for. The three are added.
        </p>
        <p>
          <dfn>Record.</dfn> What earlier runs of the variant took, against the formula, corrects
          it. The same spec counts most, another model or network less, shipped and imported runs
          not at all.
        </p>
        <p>
          <dfn>Interval.</dfn> From the spread of that record, widened or narrowed until 80 % of the
          latest runs would have been inside of theirs.
        </p>
        <p className={classes.quiet}>
          {rates === undefined
            ? ''
            : rates === null
              ? 'This machine’s rates have not been measured yet: that takes a few seconds and is done while nothing runs. Until then the formula starts from built-in rates.'
              : `Rates measured in ${formatDuration(rates.tookMs)} on ${rates.machine}, engine ${rates.commit}, ${formatAgo(rates.takenAt, now)}.`}
        </p>
      </div>
    </Panel>
  );
}
