'use client';
/** Two runs: where the seconds and the bytes went, and both profiles side by side, place by place. */
import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import {
  alignProfiles,
  deltaGroups,
  deltaMeasures,
  operationDelta,
  type DeltaGroup,
  type DeltaMeasure,
  type PlaceCost,
} from '../../server/api/schemas/compare-operations.ts';
import type { NamedRun, RunProfile } from '../../server/api/schemas/compare-run.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  type ByteFamily,
} from '../../server/api/schemas/format.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { operationDeltaChart } from '../_charts/operation-delta.ts';
import { placeName } from '../_charts/places.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { Term } from '../_components/term.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Failure, Waiting } from '../_components/states.tsx';
import { useProfiles } from '../_lib/api-compare.ts';
import classes from './compare.module.css';

interface PairDifferenceProps {
  /** The pinned run, and the other one. */
  readonly a: NamedRun;
  readonly b: NamedRun;
  readonly family: ByteFamily;
  readonly profiles?: readonly RunProfile[];
}

export default function PairDifference({ a, b, family, profiles }: PairDifferenceProps) {
  const asked = useProfiles(profiles === undefined ? { a: a.run.id, b: b.run.id } : null);
  const found = profiles ?? asked.data;
  if (profiles === undefined && asked.error !== null) {
    return <Failure title="The profiles cannot be read" reason={asked.error} retry={asked.retry} />;
  }
  if (found === undefined) return <Waiting what="both profiles" height={320} />;
  const left = found.find(({ id }) => id === a.run.id)?.operations ?? [];
  const right = found.find(({ id }) => id === b.run.id)?.operations ?? [];
  if (left.length === 0 || right.length === 0) {
    return <p className={classes.soft}>One of the two runs left no profile of its operations.</p>;
  }
  return <Difference a={a} b={b} family={family} left={left} right={right} />;
}

const measureWords = { time: 'Seconds', bytes: 'Bytes' } as const;
const groupWords = { place: 'by place', operation: 'by operation' } as const;

function Difference({
  a,
  b,
  family,
  left,
  right,
}: Omit<PairDifferenceProps, 'profiles'> & {
  readonly left: RunProfile['operations'];
  readonly right: RunProfile['operations'];
}) {
  const theme = useChartTheme();
  const [measure, setMeasure] = useState<DeltaMeasure>('time');
  const [group, setGroup] = useState<DeltaGroup>('place');
  const [depth, setDepth] = useState('1');
  const sides = useMemo(() => {
    const [from, to] = [a.run.headline, b.run.headline];
    return from === null || to === null
      ? null
      : {
          from: { headline: from, operations: left },
          to: { headline: to, operations: right },
        };
  }, [a, b, left, right]);
  const models = useMemo(() => {
    if (sides === null) return null;
    const delta = operationDelta(sides.from, sides.to, measure, group, Number(depth));
    const options = {
      names: [a.name, b.name] as const,
      measure,
      byPlace: group === 'place',
      family,
    };
    return {
      model: operationDeltaChart(delta, { ...options, theme }),
      forExport: operationDeltaChart(delta, { ...options, theme: lightTheme }),
    };
  }, [sides, measure, group, depth, a, b, family, theme]);
  if (sides === null || models === null) return null;
  return (
    <>
      <section aria-label="Where the difference went">
        <h2>{measure === 'time' ? 'Where the seconds went' : 'Where the bytes went'}</h2>
        <p className={classes.soft}>
          From {a.name} to {b.name}, online, one batch.
        </p>
        <ChartFrame
          title="Difference"
          model={models.model}
          forExport={models.forExport}
          controls={
            <>
              <SegmentedControl
                size="xs"
                aria-label="Difference of"
                value={measure}
                onChange={(value) => setMeasure(value)}
                data={deltaMeasures.map((value) => ({ value, label: measureWords[value] }))}
              />
              <SegmentedControl
                size="xs"
                aria-label="Steps"
                value={group}
                onChange={(value) => setGroup(value)}
                data={deltaGroups.map((value) => ({ value, label: groupWords[value] }))}
              />
              {group === 'place' && (
                <SegmentedControl
                  size="xs"
                  aria-label="Depth of places"
                  value={depth}
                  onChange={setDepth}
                  data={[
                    { value: '1', label: 'layers' },
                    { value: '2', label: 'parts' },
                    { value: '3', label: 'steps' },
                  ]}
                />
              )}
            </>
          }
        />
      </section>
      <Profiles a={a} b={b} family={family} depth={Number(depth)} sides={sides} />
    </>
  );
}

function Profiles({
  a,
  b,
  family,
  depth,
  sides,
}: Pick<PairDifferenceProps, 'a' | 'b' | 'family'> & {
  readonly depth: number;
  readonly sides: {
    readonly from: Parameters<typeof alignProfiles>[0];
    readonly to: Parameters<typeof alignProfiles>[0];
  };
}) {
  const places = alignProfiles(sides.from, sides.to, depth);
  const ms = (cost: PlaceCost | null): number => (cost === null ? 0 : cost.computeMs + cost.waitMs);
  const most = Math.max(...places.flatMap((place) => [ms(place.a), ms(place.b)]), 1e-9);
  const signed = (format: (value: number) => string, delta: number): string =>
    delta > 0 ? `+${format(delta)}` : format(delta);
  const bytes = (value: number): string => formatBytes(value, family);
  const time = (cost: PlaceCost | null): string =>
    cost === null ? 'not there' : formatDuration(ms(cost));
  return (
    <section aria-label="Both profiles">
      <h2>Both profiles, aligned</h2>
      <p className={classes.soft}>
        The same place of the model on one line. Time: mean of the slowest party, computing and
        waiting; bytes: all parties, exact. <Term id="round">Rounds</Term> overlap between places,
        so they are of the whole run: {formatCount(sides.from.headline.rounds)} and{' '}
        {formatCount(sides.to.headline.rounds)}.
      </p>
      <Scroll label="Profiles side by side">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Place</th>
              <th scope="col">{a.name}</th>
              <th scope="col">{b.name}</th>
              <th scope="col">Time</th>
              <th scope="col">Bytes</th>
              <th scope="col">Calls with messages</th>
            </tr>
          </thead>
          <tbody>
            {places.map(({ place, a: from, b: to }) => (
              <tr key={place}>
                <th scope="row">{placeName(place)}</th>
                {[from, to].map((cost, side) => (
                  <td key={side === 0 ? 'a' : 'b'}>
                    {time(cost)}
                    <span
                      className={classes.flame}
                      style={{ width: `${(100 * ms(cost)) / most}%` }}
                      data-side={side}
                    />
                  </td>
                ))}
                <td>{signed(formatDuration, ms(to) - ms(from))}</td>
                <td>{signed(bytes, (to?.bytes ?? 0) - (from?.bytes ?? 0))}</td>
                <td>{signed(formatCount, (to?.calls ?? 0) - (from?.calls ?? 0))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
