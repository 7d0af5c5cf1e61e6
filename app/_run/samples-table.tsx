'use client';
/** Sample by sample: what the secure run says, how surely, and whether plaintext agrees. */
import { clsx } from 'clsx';
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { SampleRow } from '../../server/api/schemas/run-view.ts';
import { Icon } from '../_components/icon.tsx';
import { samplesTitle, type SampleWord } from '../../server/api/schemas/spec-settings.ts';
import { formatCount, formatPercent, formatSignificant } from '../../server/api/schemas/format.ts';
import { confidence, indexOfLargest } from '../_lib/statistics.ts';
import classes from './run-view.module.css';
import { Scroll } from '../_components/scroll.tsx';

const filters = {
  all: () => true,
  wrong: (row: SampleRow) => indexOfLargest(row.secureLogits) !== row.label,
  differs: (row: SampleRow) =>
    indexOfLargest(row.secureLogits) !== indexOfLargest(row.plaintextLogits),
} as const;
type Filter = keyof typeof filters;

/** Shown at first; long lists unfold. */
const firstRows = 16;

export function SamplesTable({
  samples,
  labels,
  word,
}: {
  samples: readonly SampleRow[];
  labels: readonly string[];
  /** What one sample is called. */
  word: SampleWord;
}) {
  const [filter, setFilter] = useState<Filter>('all');
  const [unfolded, setUnfolded] = useState(false);
  const rows = samples.filter(filters[filter]);
  const shown = unfolded ? rows : rows.slice(0, firstRows);
  const label = (index: number): string => labels[index] ?? `label ${index}`;
  const count = (key: Filter): string => formatCount(samples.filter(filters[key]).length);
  return (
    <div>
      <SegmentedControl
        size="xs"
        mb={10}
        aria-label={`${samplesTitle(word)} shown`}
        value={filter}
        onChange={(value) => setFilter(value)}
        data={[
          { value: 'all', label: `All ${count('all')}` },
          { value: 'wrong', label: `Wrong ${count('wrong')}` },
          { value: 'differs', label: `Unlike plaintext ${count('differs')}` },
        ]}
      />
      <Scroll label={`${samplesTitle(word)} table`}>
        <table className={clsx(classes.table, classes.samples)}>
          <thead>
            <tr>
              <th scope="col">{samplesTitle(word).slice(0, -1)}</th>
              <th scope="col" className={classes.text}>
                True label
              </th>
              <th scope="col" className={classes.text}>
                Secure label
              </th>
              <th scope="col">Confidence</th>
              <th scope="col" className={classes.text}>
                Plaintext
              </th>
              <th scope="col">Logit error</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => {
              const secure = indexOfLargest(row.secureLogits);
              const plaintext = indexOfLargest(row.plaintextLogits);
              const error = Math.max(
                ...row.secureLogits.map((value, i) =>
                  Math.abs(value - (row.plaintextLogits[i] ?? 0)),
                ),
              );
              const sure = confidence(row.secureLogits);
              return (
                <tr key={row.sampleId}>
                  <th scope="row" className={classes.excerpt} title={row.sampleId}>
                    {row.excerpt}
                  </th>
                  <td className={classes.text}>{label(row.label)}</td>
                  <td className={classes.text}>
                    <span className={secure === row.label ? classes.equal : classes.unequal}>
                      <Icon name={secure === row.label ? 'check' : 'cross'} size={14} />
                    </span>{' '}
                    {label(secure)}
                    <span className="visually-hidden">
                      {secure === row.label ? ', right' : ', wrong'}
                    </span>
                  </td>
                  <td>
                    <span className={classes.sure} aria-hidden="true">
                      <span style={{ width: `${Math.max(2, (sure - 0.5) * 200)}%` }} />
                    </span>
                    {formatPercent(sure)}
                  </td>
                  <td className={classes.text}>
                    {secure === plaintext ? 'agrees' : `says ${label(plaintext)}`}
                  </td>
                  <td>{formatSignificant(error, 2)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      {rows.length === 0 && <p className={classes.quiet}>None of the {samples.length}.</p>}
      {rows.length > firstRows && (
        <button type="button" className={classes.more} onClick={() => setUnfolded(!unfolded)}>
          {unfolded ? `Show the first ${firstRows}` : `Show all ${formatCount(rows.length)}`}
        </button>
      )}
    </div>
  );
}
