'use client';
/** Ranges on the axes of the parallel coordinates: what lies in all of them stays bright, and is listed. */
import { Button, RangeSlider } from '@mantine/core';
import Link from 'next/link';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import { formatCount, plural } from '../../server/api/schemas/format.ts';
import { brushed, type Brush, type ParallelAxis } from '../_charts/compare-parallel.ts';
import classes from './parallel-brush.module.css';

interface ParallelBrushProps {
  readonly runs: readonly NamedRun[];
  readonly axes: readonly ParallelAxis[];
  readonly brush: Brush;
  readonly onBrush: (brush: Brush) => void;
  readonly onOnly?: (ids: readonly string[]) => void;
}

/** So many runs are named; the table of the chart has all of them. */
const mostNamed = 12;
/** Steps of a slider along numbers. */
const steps = 50;

/** What a handle at this place says: the nearest value that a run has. */
function valueAt({ at, cells, format }: ParallelAxis, place: number): string {
  let nearest = -1;
  at.forEach((one, index) => {
    const best = at[nearest] ?? null;
    if (one !== null && (best === null || Math.abs(one - place) < Math.abs(best - place))) {
      nearest = index;
    }
  });
  const cell = cells[nearest] ?? null;
  return typeof cell === 'number' ? (format?.(cell) ?? String(cell)) : (cell ?? '');
}

export default function ParallelBrush({ runs, axes, brush, onBrush, onOnly }: ParallelBrushProps) {
  const within = brushed(axes, brush, runs.length);
  const kept = runs.filter((_, index) => within[index] === true);
  const isBrushed = Object.keys(brush).length > 0;
  return (
    <section aria-label="Ranges" className={classes.box}>
      <div className={classes.axes}>
        {axes.map((axis) => {
          const range = brush[axis.key] ?? [0, 1];
          const isSetting = axis.key.startsWith('setting_');
          const count = isSetting ? new Set(axis.cells).size - 1 : steps;
          const scaled: [number, number] = [
            Math.round(range[0] * count),
            Math.round(range[1] * count),
          ];
          return (
            <div key={axis.key} className={classes.axis}>
              <span className={classes.label}>
                {axis.label}
                <small>
                  {valueAt(axis, range[0])} to {valueAt(axis, range[1])}
                </small>
              </span>
              <RangeSlider
                size="sm"
                thumbSize={24}
                min={0}
                max={count}
                minRange={0}
                step={1}
                label={null}
                value={scaled}
                thumbFromLabel={`${axis.label}, from`}
                thumbToLabel={`${axis.label}, to`}
                scale={(value) => value}
                onChange={([low, high]) => {
                  const { [axis.key]: _was, ...others } = brush;
                  onBrush(
                    low === 0 && high === count
                      ? others
                      : { ...others, [axis.key]: [low / count, high / count] },
                  );
                }}
              />
            </div>
          );
        })}
      </div>
      <p aria-live="polite" className={classes.said}>
        {isBrushed
          ? `${formatCount(kept.length)} of ${plural(runs.length, 'run')} in the ranges.`
          : 'Move a handle to keep the runs of a range.'}
      </p>
      {isBrushed && (
        <>
          <ul className={classes.kept} aria-label="Runs in the ranges">
            {kept.slice(0, mostNamed).map(({ run, name }) => (
              <li key={run.id}>
                <Link href={`/runs/${run.id}`}>{name}</Link>
              </li>
            ))}
            {kept.length > mostNamed && <li>and {formatCount(kept.length - mostNamed)} more</li>}
          </ul>
          <div className={classes.actions}>
            <Button size="xs" variant="default" onClick={() => onBrush({})}>
              Drop the ranges
            </Button>
            {onOnly !== undefined && kept.length > 0 && kept.length < runs.length && (
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  onOnly(kept.map(({ run }) => run.id));
                  onBrush({});
                }}
              >
                Compare only these
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
