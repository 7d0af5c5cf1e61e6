/** A pinned run beside all others, groups of several fields, and statistics as columns. */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { Results } from '../../app/results/results.tsx';
import { columnsOf } from '../../server/api/schemas/results-columns.ts';
import { cellText } from '../../server/api/schemas/results-column.ts';
import { withRatios } from '../../server/api/schemas/results-ratio.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { doneRun, exactRun, quadRun, runInState } from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';
import { resultsAnswers, rowOf } from './results-server.ts';

const headline = doneRun.headline as Headline;
const slow = rowOf({
  ...doneRun,
  id: 'slow',
  headline: {
    ...headline,
    rounds: headline.rounds * 2,
    onlineMsPerSample: {
      ...headline.onlineMsPerSample,
      median: headline.onlineMsPerSample.median * 3,
    },
  },
});
const base = rowOf(doneRun);

beforeEach(() => visit('/results'));

test('ratios are factors of the baseline, shares are points, and other classes are marked', () => {
  const columns = withRatios(
    columnsOf(['name', 'network', 'samples', 'accuracy', 'latency', 'rounds']),
    base,
  );
  expect(columns.map(({ id }) => id).join(' ')).toBe(
    'name network samples accuracy accuracy-ratio latency latency-ratio rounds rounds-ratio',
  );
  const cell = (id: string, run = slow): string => {
    const column = columns.find((one) => one.id === id);
    return column === undefined ? 'none' : `${cellText(column, run)} ${column.note(run)}`.trim();
  };
  expect(cell('latency-ratio')).toBe('3.00×');
  expect(cell('rounds-ratio')).toBe('2.00×');
  expect(cell('accuracy-ratio')).toBe('0.0 points');
  expect(cell('latency-ratio', base)).toBe('1.00× baseline');
  expect(cell('rounds-ratio', rowOf(runInState('failed', 'why')))).toBe('');
  const imported = rowOf({ ...doneRun, id: 'other', provenance: 'imported', headline: null });
  expect(cell('rounds-ratio', { ...imported, figures: { rounds: headline.rounds } })).toBe(
    '1.00× imported against measured',
  );
  expect(withRatios(columnsOf(['rounds']), null)).toHaveLength(1);
});

test('one selected run is pinned, stays in the address and the files, and is let go', async () => {
  const user = userEvent.setup();
  const rows = [slow, base, rowOf(quadRun)];
  renderApp(<Results />, resultsAnswers(rows));
  const table = await screen.findByRole('table');
  const boxes = await within(table).findAllByRole('checkbox', { name: /^Select (?!all)/ });
  await user.click(boxes[0] as HTMLElement);
  await user.click(boxes[1] as HTMLElement);
  expect(screen.queryByRole('button', { name: 'Pin as baseline' })).toBeNull();
  await user.click(boxes[0] as HTMLElement);
  await user.click(screen.getByRole('button', { name: 'Pin as baseline' }));
  expect(window.location.search).toBe(`?baseline=${base.id}`);
  expect(await screen.findByText(/^Baseline:/)).toBeVisible();
  expect(
    within(table).getByRole('columnheader', { name: /Online, per sample, ratio/ }),
  ).toBeVisible();
  expect(within(table).getByText('3.00×')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Export' }));
  expect(await screen.findByRole('menuitem', { name: /^CSV/ })).toHaveAttribute(
    'href',
    expect.stringContaining(`baseline=${base.id}`),
  );
  await user.keyboard('{Escape}');
  await user.click(screen.getByRole('button', { name: 'Unpin' }));
  expect(window.location.search).toBe('');
  expect(within(table).queryByText('3.00×')).toBeNull();
});

test('a baseline that is gone says so', async () => {
  visit('/results?baseline=gone');
  renderApp(<Results />, resultsAnswers([base]));
  expect(await screen.findByText(/The pinned baseline gone is not stored here/)).toBeVisible();
});

test('runs stand in groups of several fields, chosen one after the other', async () => {
  const user = userEvent.setup();
  const rows = [rowOf(quadRun), rowOf(exactRun)];
  renderApp(<Results />, {
    ...resultsAnswers(rows),
    'results.ids': ({ q }: { q: string }) => ({
      ids: rows.map(({ id }) => id),
      groups: q.includes('group:model,rtt')
        ? [
            { values: ['minilm', '0.4'], runs: 1 },
            { values: ['minilm', null], runs: 1 },
          ]
        : null,
      archived: 0,
    }),
  });
  await screen.findByRole('table');
  expect(screen.queryByRole('combobox', { name: 'then by' })).toBeNull();
  await user.selectOptions(screen.getByRole('combobox', { name: 'Group by' }), 'Model');
  await user.selectOptions(screen.getByRole('combobox', { name: 'then by' }), 'RTT');
  const headers = await screen.findAllByRole('rowheader');
  expect(headers.map((header) => header.textContent)).toEqual([
    expect.stringMatching(/^Model: minilm, 0\.4\d*.ms RTT 1 run$/),
    'Model: minilm, RTT: none 1 run',
  ]);
  await user.selectOptions(screen.getByRole('combobox', { name: 'Group by' }), 'nothing');
  expect(window.location.search).toBe('?q=group:rtt');
});

test('least, most and 95th percentile of the inferences are columns of their own, sorted by', () => {
  const [least, most, tail] = columnsOf(['latency-min', 'latency-max', 'latency-p95']);
  if (least === undefined || most === undefined || tail === undefined)
    throw new Error('three columns');
  expect([least, most, tail].map(({ sort }) => sort)).toEqual([
    'latency-least',
    'latency-most',
    'latency-tail',
  ]);
  const p95 = { ...headline.onlineMsPerSample, p95: 7 };
  expect(tail.value({ ...base, headline: { ...headline, onlineMsPerSample: p95 } })).toBe(7);
  expect(tail.value(base)).toBe(headline.onlineMsPerSample.p95 ?? null);
  const { min, max, n } = headline.onlineMsPerSample;
  expect([least.value(base), most.value(base)]).toEqual([min, max]);
  expect(least.note(base)).toBe(`n = ${n}`);
  expect(least.value(rowOf(runInState('failed', 'why')))).toBeNull();
  expect(most.parts[0].key).toBe('online_ms_per_sample_max');
});
