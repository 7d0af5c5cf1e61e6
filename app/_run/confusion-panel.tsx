'use client';
/** Which true labels the run took for which, for each of the computations. */
import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { SampleRow } from '../../server/api/schemas/run-view.ts';
import { formatCount, formatPercent } from '../../server/api/schemas/format.ts';
import { Panel } from '../_components/panel.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { sum } from '../_lib/statistics.ts';
import { computationsOf, confusionOf, type Computation } from './agreement.ts';
import classes from './run-view.module.css';

const words: Readonly<Record<Computation, string>> = {
  plaintext: 'Plaintext',
  approximated: 'Approximated',
  clear: 'Clear',
  secure: 'Secure',
};

interface ConfusionPanelProps {
  readonly samples: readonly SampleRow[];
  readonly labels: readonly string[];
}

export function ConfusionPanel({ samples, labels }: ConfusionPanelProps) {
  const [of, setOf] = useState<Computation>('secure');
  const counts = useMemo(() => confusionOf(samples, of), [samples, of]);
  const name = (index: number): string => labels[index] ?? `label ${index}`;
  return (
    <Panel
      title="Confusion"
      note="True labels by row, answers by column. The diagonal is right. Measured."
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Answers of"
          value={of}
          onChange={(value) => setOf(value)}
          data={computationsOf(samples).map((value) => ({ value, label: words[value] }))}
        />
      }
    >
      <Scroll label="Confusion table">
        <table className={`${classes.table} ${classes.confusion}`}>
          <thead>
            <tr>
              <th scope="col">True label</th>
              {counts.map((_, answer) => (
                <th key={name(answer)} scope="col">
                  says {name(answer)}
                </th>
              ))}
              <th scope="col">Right</th>
              <th scope="col">n</th>
            </tr>
          </thead>
          <tbody>
            {counts.map((line, truth) => {
              const n = sum(line);
              return (
                <tr key={name(truth)}>
                  <th scope="row">{name(truth)}</th>
                  {line.map((count, answer) => (
                    <td
                      key={name(answer)}
                      data-right={answer === truth || undefined}
                      data-some={count > 0 || undefined}
                    >
                      {formatCount(count)}
                    </td>
                  ))}
                  <td>{n === 0 ? '–' : formatPercent((line[truth] ?? 0) / n)}</td>
                  <td>{formatCount(n)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
