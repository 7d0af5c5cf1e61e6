/** What is new since somebody was here: visits, pairs, and the panels that say so. */
import { screen } from '@testing-library/react';
import { beforeEach, describe, expect, test } from 'vitest';
import WhatChanged from '../../app/_home/what-changed.tsx';
import { bestOfPairs, breakMs, faster, newFrom, visit } from '../../app/_home/changes.ts';
import { CitedBy } from '../../app/runs/[id]/cited-by.tsx';
import { Newer } from '../../app/s/[slug]/newer.tsx';
import { parseQuery } from '../../server/api/schemas/results-query.ts';
import type { Headline, RunSummary } from '../../server/api/schemas/run-view.ts';
import { doneRun, summaryOf } from '../support/fixtures.ts';
import { renderApp } from './render.tsx';

const headline = doneRun.headline as Headline;
const run = (id: string, ms: number, network = 'lan'): RunSummary => ({
  ...summaryOf(doneRun),
  id,
  spec: { ...doneRun.spec, network: { ...doneRun.spec.network, name: network } },
  headline: { ...headline, onlineMsPerSample: { ...headline.onlineMsPerSample, median: ms } },
});

describe('visits', () => {
  const now = 1_800_000_000_000;

  test('begin anew after a break, and not within one', () => {
    expect(visit(null, now)).toEqual({ seen: now, before: null });
    expect(visit(`${now - 2 * breakMs}`, now)).toEqual({ seen: now, before: now - 2 * breakMs });
    expect(visit(`${now - 1000} ${now - 9e6}`, now)).toEqual({ seen: now, before: now - 9e6 });
    for (const bad of ['x', '-3', `${now + 5}`, '']) {
      expect(visit(bad, now)).toEqual({ seen: now, before: null });
    }
  });

  test('without one before it is the week', () => {
    expect(newFrom({ seen: now, before: null }, now)).toEqual({
      since: new Date(now - 7 * 86_400_000),
      word: 'This week',
    });
    expect(newFrom({ seen: now, before: now - 9e6 }, now).word).toBe('Since your last visit');
  });
});

test('the best of a pair is the fastest on that model and network', () => {
  const pairs = bestOfPairs([run('a', 30), run('b', 20), run('c', 90, 'wan')]);
  expect(pairs.map(({ run: { id }, network, n }) => [id, network, n])).toEqual([
    ['b', 'lan', 2],
    ['c', 'wan', 1],
  ]);
  expect(faster(run('b', 20), run('old', 50))).toBe(2.5);
  expect(faster(run('b', 20), run('old', 10))).toBeNull();
  expect(faster(run('b', 20), undefined)).toBeNull();
});

describe('what changed', () => {
  beforeEach(() => window.localStorage.clear());

  test('names new runs, the fastest of each pair, and what it beats', async () => {
    const { asked } = renderApp(<WhatChanged />, {
      'results.list': ({ q }: { q: string }) =>
        q.includes('finished<')
          ? { rows: [run('old', 50)], total: 1, nextCursor: null }
          : { rows: [run('a', 30), run('b', 20)], total: 2, nextCursor: null },
    });
    const panel = await screen.findByRole('region', { name: 'What changed' });
    expect(panel).toHaveTextContent(/This week, from .*: 2 new runs measured here/);
    expect(await screen.findByRole('link', { name: 'best before' })).toHaveAttribute(
      'href',
      '/compare?runs=old,b',
    );
    expect(panel).toHaveTextContent(/the fastest of 2 new is .* 20\.0.ms a sample; 2\.5\d* times/);
    for (const { input } of asked) {
      expect(parseQuery((input as { q: string }).q).problems).toEqual([]);
    }
    expect(window.localStorage.getItem('parley-visits')).toMatch(/^\d+$/);
  });

  test('says nothing where nothing is new', async () => {
    const { asked, container } = renderApp(<WhatChanged />, {
      'results.list': () => ({ rows: [], total: 0, nextCursor: null }),
    });
    await expect.poll(() => asked.length).toBe(1);
    expect(container.querySelector('section')).toBeNull();
  });
});

test('a frozen copy says when there is newer data, and leads to it', async () => {
  const newest = ['x', 'y'].map((id) => ({ id, finishedAt: '2026-11-22T10:00:00.000Z' }));
  renderApp(<Newer slug="s" />, { 'permalinks.newer': () => ({ runs: 3, newest }) });
  expect(await screen.findByText(/Newer data exists: 3 runs of the same specs/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Compare the newest of each' })).toHaveAttribute(
    'href',
    '/compare?runs=x,y',
  );
});

test('a run names the notebooks that cite it', async () => {
  renderApp(<CitedBy runId="r" />, {
    'runs.citedBy': () => [
      { id: 'n1', title: 'Mine', shipped: false },
      { id: 'shipped-x', title: 'Theirs', shipped: true },
    ],
  });
  const panel = await screen.findByRole('region', { name: 'Related notebooks' });
  expect(panel).toHaveTextContent('MineTheirs, shipped');
  expect(screen.getByRole('link', { name: 'Mine' })).toHaveAttribute('href', '/n/n1');
});
