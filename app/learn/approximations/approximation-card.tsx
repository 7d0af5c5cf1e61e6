'use client';
/** One stand-in: what it is, its error over a range that can be moved, and its cost on each protocol. */
import { RangeSlider } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ApproximationEntry } from '../../../server/api/routers/learn/approximations.ts';
import { formatCount, formatSignificant, plural } from '../../../server/api/schemas/format.ts';
import { approximationErrorChart, inputWord } from '../../_charts/approximation-error.ts';
import { ChartFrame } from '../../_charts/chart-frame.tsx';
import { lightTheme } from '../../_charts/chart.ts';
import { useChartTheme } from '../../_charts/use-chart-theme.ts';
import { KeyValues } from '../../_components/key-values.tsx';
import { Panel, Stack } from '../../_components/panel.tsx';
import { ProvenanceMark } from '../../_components/provenance.tsx';
import { Scroll } from '../../_components/scroll.tsx';
import classes from '../protocols/learn.module.css';

/** Largest and mean error between two inputs; null where no point lies there. */
function errorBetween(
  { curve }: ApproximationEntry,
  [from, to]: readonly [number, number],
): { readonly max: number; readonly mean: number; readonly n: number } | null {
  const inside = curve.error.filter((_, index) => {
    const x = curve.x[index];
    return x !== undefined && x >= from && x <= to;
  });
  if (inside.length === 0) return null;
  const total = inside.reduce((sum, error) => sum + error, 0);
  return { max: Math.max(...inside), mean: total / inside.length, n: inside.length };
}

export function ApproximationCard({ entry }: { entry: ApproximationEntry }) {
  const { title, description, formula, source, domain, curve, defect } = entry;
  const least = curve.x[0] ?? 0;
  const most = curve.x.at(-1) ?? 0;
  const [range, setRange] = useState<[number, number]>([least, most]);
  const theme = useChartTheme();
  const [chart, light] = useMemo(
    () => [
      approximationErrorChart(entry, range, theme),
      approximationErrorChart(entry, range, lightTheme),
    ],
    [entry, range, theme],
  );
  const error = errorBetween(entry, range);
  const word = inputWord(entry);
  const ends = `${formatSignificant(range[0])} to ${formatSignificant(range[1])}`;
  return (
    <Panel title={title} note={description}>
      <Stack gap={18}>
        <KeyValues
          entries={[
            ['Formula', formula],
            ['Source', source ?? 'Parley'],
            ['Domain', `${domain[0]} to ${domain[1]}. ${entry.domainReason}`],
            ['Domain from', entry.domainSource],
            ['Largest error there', formatSignificant(entry.max)],
            ['Mean error there', formatSignificant(entry.mean)],
            ...(entry.needsTraining
              ? [['Models', 'Only those that were trained or distilled with it.'] as const]
              : []),
            ...(defect === null ? [] : [['Defect', defect] as const]),
          ]}
        />
        <div>
          <p id="shown-range">{word}, from and to</p>
          <RangeSlider
            aria-labelledby="shown-range"
            thumbFromLabel={`${word} from`}
            thumbToLabel={`${word} to`}
            min={least}
            max={most}
            step={0.5}
            minRange={1}
            // A finger's target: 24 pixels (WCAG 2.5.8).
            thumbSize={24}
            mb={10}
            value={range}
            onChange={setRange}
            label={(value) => formatSignificant(value)}
          />
          <p aria-live="polite" className={classes.count}>
            {error === null
              ? `No point from ${ends}.`
              : `From ${ends}: largest error ${formatSignificant(error.max)}, mean ${formatSignificant(error.mean)}, ${plural(error.n, 'point')}.`}
          </p>
        </div>
        <ChartFrame title={`Error of ${title}`} model={chart} forExport={light} />
        <Costs entry={entry} />
      </Stack>
    </Panel>
  );
}

function Costs({ entry: { title, costs, replaces } }: { entry: ApproximationEntry }) {
  return (
    <>
      <Scroll label={`Costs of ${title}`} className={classes.costs}>
        <table>
          <thead>
            <tr>
              <th scope="col">Protocol</th>
              <th scope="col">
                Rounds <ProvenanceMark of="predicted" />
              </th>
              <th scope="col">
                B per element <ProvenanceMark of="predicted" />
              </th>
              <th scope="col">
                B per element, dealer <ProvenanceMark of="predicted" />
              </th>
            </tr>
          </thead>
          <tbody>
            {costs.map(({ variant, rounds, bytesPerElement, dealerBytesPerElement }) => (
              <tr key={variant}>
                <th scope="row">{variant}</th>
                <td>{formatCount(rounds)}</td>
                <td>{formatSignificant(bytesPerElement, 4)}</td>
                <td>{formatSignificant(dealerBytesPerElement, 4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p className={classes.quiet}>
        Online payload of all parties, from shapes, for{' '}
        {replaces === 'softmax'
          ? '8 rows of 32 scores'
          : replaces === 'layernorm'
            ? '8 rows of 32 numbers'
            : '256 numbers'}
        ; rounds with independent work side by side. The dealer&apos;s bytes are sent offline.
      </p>
    </>
  );
}
