/** The sharper test than overlapping intervals: the same reviews, answered by two computations. */
import { useMemo } from 'react';
import type { SampleRow } from '../../server/api/schemas/run-view.ts';
import { formatCount, formatSignificant } from '../../server/api/schemas/format.ts';
import { Scroll } from '../_components/scroll.tsx';
import { computationsOf, pairedOf, type Computation } from './agreement.ts';
import classes from './run-view.module.css';

type Pair = readonly [Computation, Computation, string];

/** Step by step, where every step was computed; and from one end to the other. */
const split: readonly Pair[] = [
  ['plaintext', 'approximated', 'approximations'],
  ['approximated', 'clear', 'fixed point'],
  ['clear', 'secure', 'protocol'],
  ['plaintext', 'secure', 'all together'],
];
const unsplit: readonly Pair[] = [
  ['plaintext', 'clear', 'approximations'],
  ['clear', 'secure', 'protocol'],
  ['plaintext', 'secure', 'both'],
];

export function PairedTable({ samples }: { samples: readonly SampleRow[] }) {
  const rows = useMemo(
    () =>
      (computationsOf(samples).includes('approximated') ? split : unsplit).map(([a, b, what]) => ({
        ...pairedOf(samples, a, b),
        what,
      })),
    [samples],
  );
  return (
    <>
      <h3 className={classes.small}>Paired, over the same {formatCount(samples.length)}</h3>
      <Scroll label="Paired disagreement table">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">What may differ</th>
              <th scope="col">Other label</th>
              <th scope="col">Became wrong</th>
              <th scope="col">Became right</th>
              <th
                scope="col"
                title="McNemar’s test, two-sided, exact: how likely a split so uneven is by chance"
              >
                p
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ a, b, what, differ, onlyA, onlyB, p }) => (
              <tr key={what}>
                <th scope="row" title={`${a} to ${b}`}>
                  {what}
                </th>
                <td>{formatCount(differ)}</td>
                <td>{formatCount(onlyA)}</td>
                <td>{formatCount(onlyB)}</td>
                <td>{formatSignificant(p, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p className={classes.quiet}>p: McNemar’s exact test, two-sided.</p>
    </>
  );
}
