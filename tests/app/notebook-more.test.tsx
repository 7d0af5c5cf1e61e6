/** Notebooks: sweeps in run cells, what-ifs, the slash menu, addresses of cells, the reader's view. */
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { slashCell, slashItems, slashMatches } from '../../app/_notebook/slash.ts';
import { NotebookPage } from '../../app/n/[id]/notebook-page.tsx';
import type { Cell } from '../../server/api/schemas/notebook-cells.ts';
import type { Answered, OpenRuns } from '../../server/api/schemas/notebook-evaluate.ts';
import { readNotebook } from '../../server/api/schemas/notebook-file.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import type { DataTable } from '../../server/api/schemas/notebook-table.ts';
import { compactRecording } from '../../server/network/replay/codec.ts';
import { recordingFrom } from '../network/replay-support.ts';
import { opened, rendering } from './opened.ts';
import { renderApp, visit, type Answers } from './render.tsx';

vi.mock('../../app/_notebook/codemirror.ts', () => {
  throw new Error('not here');
});

const table: DataTable = {
  columns: [{ key: 'approximation', label: 'Approximation', type: 'text', format: 'plain' }],
  rows: [{ cells: ['PUMA'], runs: ['r1'], class: 'measured' }],
  total: 1,
};
const known: Answered = { status: 'ok', value: { kind: 'table', table } };

const open = (cells: Cell[], more: Answers = {}, isReader = false) => {
  visit('/n/n1');
  const text = writeNotebook({ title: 'Study', cells });
  return renderApp(<NotebookPage id="n1" isReader={isReader} />, {
    ...rendering,
    'notebooks.get': () =>
      opened({
        id: 'n1',
        title: 'Study',
        version: 1,
        updatedAt: '2026-11-23T12:00:00Z',
        forkedFrom: null,
        shipped: false,
        text,
      }),
    'notebooks.save': ({ base }: { base: number }) => ({
      status: 'saved',
      version: base + 1,
      updatedAt: '2026-11-23T12:01:00Z',
    }),
    'notebooks.answer': () => known,
    'notebooks.missingRuns': () => [],
    ...more,
  });
};
const cell = (name: RegExp) => screen.findByRole('region', { name });

const entry = (specHash: string) => ({
  specHash,
  spec: {},
  issues: [],
  latency: null,
  runMs: 60_000,
  totalBytes: 1,
  identicalRuns: 0,
  identicalRunId: null,
});
const sweep: Cell = {
  id: 'r',
  kind: 'run',
  name: 'mine',
  source: '{"dataset":{"samples":[1,2,3]}}',
};
const lacking = (more: Partial<OpenRuns>): Answered => ({
  status: 'stale',
  message: '1 of its 3 runs are there.',
  open: { of: 3, missing: ['b', 'c'], pending: [], stopped: [], ...more },
});

describe('a run cell with lists', () => {
  it('says how many runs it lacks and what these cost, and starts them when told', async () => {
    const { asked } = open([sweep], {
      'notebooks.answer': () => lacking({ stopped: [{ id: 'bad', state: 'failed' }] }),
      'runs.priceSweep': () => ({
        count: 3,
        entries: ['a', 'b', 'c'].map(entry),
        totalMs: 180_000,
        waitMs: 0,
      }),
      'notebooks.runMissing': () => ({ ids: ['x', 'y'], tag: 'sweep-1', had: 1 }),
    });
    const run = await cell(/^Run mine, stale/);
    expect(await within(run).findByText(/2 runs: about/)).toHaveTextContent('2');
    expect(within(run).getByText(/1 of its 3 runs are there/)).toBeVisible();
    expect(within(run).getByText(/Ended without a result/)).toHaveTextContent('failed');
    expect(asked.some(({ path }) => path === 'notebooks.runMissing')).toBe(false);
    await userEvent.click(within(run).getByRole('button', { name: 'Run 2 runs' }));
    await waitFor(() =>
      expect(asked.filter(({ path }) => path === 'notebooks.runMissing')).toHaveLength(1),
    );
  });

  it('shows how far it is, also when another tab started it', async () => {
    open([sweep], {
      'notebooks.answer': () => lacking({ pending: ['x', 'y'] }),
      'runs.priceSweep': () => ({ count: 3, entries: [], totalMs: 0, waitMs: 0 }),
    });
    const run = await cell(/^Run mine, stale/);
    expect(
      await within(run).findByRole('progressbar', { name: 'Runs of the sweep that are there' }),
    ).toHaveAttribute('value', '1');
    expect(within(run).getByText('1 of 3 runs there, 2 under way')).toBeVisible();
    expect(within(run).queryByRole('button', { name: /^Run/ })).toBeNull();
  });

  it('is cancelled as a whole, the last queued first', async () => {
    const { asked } = open([sweep], {
      'notebooks.answer': () => lacking({ pending: ['x', 'y'] }),
      'runs.priceSweep': () => ({ count: 3, entries: [], totalMs: 0, waitMs: 0 }),
      'runs.cancel': () => ({ state: 'cancelled' }),
    });
    const run = await cell(/^Run mine, stale/);
    await userEvent.click(await within(run).findByRole('button', { name: 'Cancel all 2' }));
    await waitFor(() =>
      expect(asked.filter(({ path }) => path === 'runs.cancel').map(({ input }) => input)).toEqual([
        { id: 'y' },
        { id: 'x' },
      ]),
    );
  });
});

const recording = recordingFrom([
  { role: 0, steps: [{ compute: 100 }, { send: 1, bytes: 0 }, { receive: 1 }] },
  { role: 1, steps: [{ receive: 0 }, { send: 0, bytes: 0 }] },
]);
const replayFile = {
  version: 1,
  link: { name: 'lan', bitsPerSecond: 1e9, rttMs: 10, overheadFactor: 1, topology: 'pair' },
  matrix: null,
  samples: 1,
  measuredMs: 110,
  machineCores: 4,
  residual: { measuredMs: 110, replayedMs: 110, n: 3, share: 0, cores: null },
  recording: compactRecording(recording),
};
const whatIf: Cell[] = [
  {
    id: 'i',
    kind: 'input',
    name: 'delay',
    label: 'Round trip',
    control: { kind: 'slider', min: 0, max: 100, step: 10, value: 50 },
  },
  { id: 'q', kind: 'query', name: 'runs', source: 'state:done' },
  {
    id: 'c',
    kind: 'chart',
    name: 'there',
    chart: 'whatif',
    table: 'runs',
    x: '',
    y: '',
    rtt: 'delay',
  },
  { id: 'm', kind: 'markdown', source: 'It takes {{min(there.online_ms)}}.' },
];

describe('a what-if', () => {
  it('follows its slider, is replayed, and asks for the recording once', async () => {
    const { asked } = open(whatIf, { 'runs.replay': () => replayFile });
    expect(await screen.findByRole('link', { name: /^150/ })).toHaveAttribute(
      'title',
      'replayed; run r1 behind it',
    );
    const chart = await cell(/^Chart there, fresh/);
    expect(await within(chart).findByText(/Replayed from the recordings/)).toBeVisible();
    const slider = await screen.findByRole('slider', { name: 'Round trip' });
    act(() => slider.focus());
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    expect(await screen.findByRole('link', { name: /^160/ })).toBeVisible();
    expect(asked.filter(({ path }) => path === 'runs.replay')).toHaveLength(1);
  });
});

describe('a what-if of runs that have no recording', () => {
  it('says so, and one click makes them here', async () => {
    let isMade = false;
    const { asked } = open(whatIf.slice(0, 3), {
      'notebooks.unrecorded': () => ({
        runs: [{ id: 'r1', twin: null, pending: isMade ? 'new' : null }],
        toMake: isMade ? 0 : 1,
        runMs: 30_000,
      }),
      'notebooks.record': () => {
        isMade = true;
        return { ids: ['new'] };
      },
    });
    const chart = await cell(/^Chart there/);
    expect(await within(chart).findByText(/The run has no recording/)).toBeVisible();
    expect(within(chart).getByText(/1 run: about/)).toHaveTextContent('30');
    expect(asked.some(({ path }) => path === 'notebooks.record')).toBe(false);
    await userEvent.click(within(chart).getByRole('button', { name: 'Run it here' }));
    expect(
      await within(chart).findByRole('progressbar', { name: 'Progress of the run' }),
    ).toBeVisible();
    expect(asked.find(({ path }) => path === 'notebooks.record')?.input).toEqual({ ids: ['r1'] });
    expect(within(chart).queryByRole('button', { name: 'Run it here' })).toBeNull();
  });
});

describe('a slash', () => {
  it('offers every kind and chart, by what was typed', () => {
    expect(slashMatches('/')).toHaveLength(slashItems.length);
    expect(slashMatches('/ru').map(({ word }) => word)).toEqual(['run']);
    expect(slashMatches('a /ru')).toEqual([]);
    expect(slashMatches('no')).toEqual([]);
    const notebook = { title: 'T', cells: [] };
    for (const item of slashItems) {
      const made = slashCell(notebook, item, '{}');
      expect(made.kind).toBe(item.kind);
      // What it makes can be kept and read again.
      expect(readNotebook(writeNotebook({ title: 'T', cells: [made] })).cells[0]).toEqual(made);
    }
  });

  it('in an empty text becomes the cell, by keyboard; below a text it adds one', async () => {
    const user = userEvent.setup();
    open([{ id: 'a', kind: 'markdown', source: '' }]);
    const text = await cell(/^Text/);
    act(() => text.focus());
    await user.keyboard('{Enter}');
    const area = await screen.findByRole('textbox', { name: 'Text' });
    await user.type(area, '/as');
    expect(screen.getByRole('list', { name: 'Cells to add' })).toHaveTextContent('/assertion');
    await user.keyboard('{Enter}');
    expect(await cell(/^Assertion/)).toBeVisible();
    expect(screen.queryByRole('region', { name: /^Text/ })).toBeNull();
  });

  it('keeps the text above it', async () => {
    const user = userEvent.setup();
    open([{ id: 'a', kind: 'markdown', source: 'Words.' }]);
    const text = await cell(/^Text/);
    act(() => text.focus());
    await user.keyboard('{Enter}');
    const area = await screen.findByRole('textbox', { name: 'Text' });
    fireEvent.change(area, { target: { value: 'Words.\n/pareto' } });
    await user.keyboard('{Enter}');
    expect(await cell(/^Chart/)).toBeVisible();
    expect(await screen.findByText('Words.')).toBeVisible();
  });
});

describe('addresses', () => {
  it('a cell has one, with its files', async () => {
    open([{ id: 'q', kind: 'query', name: 'runs', source: 'state:done' }]);
    const query = await cell(/^Query runs/);
    expect(query).toHaveAttribute('id', 'cell-runs');
    fireEvent.click(within(query).getByLabelText('Address of runs'));
    expect(within(query).getByRole('link', { name: '.csv' })).toHaveAttribute(
      'href',
      '/n/n1/cells/runs.csv',
    );
  });
});

describe('to be read', () => {
  it('has results and inputs, and nothing to edit', async () => {
    const { asked } = open(whatIf, { 'runs.replay': () => replayFile }, true);
    expect(await screen.findByRole('link', { name: /^150/ })).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Study', level: 1 })).toBeVisible();
    expect(screen.queryByRole('toolbar', { name: /cell/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
    const slider = await screen.findByRole('slider', { name: 'Round trip' });
    act(() => slider.focus());
    fireEvent.keyDown(slider, { key: 'ArrowRight' });
    expect(await screen.findByRole('link', { name: /^160/ })).toBeVisible();
    expect(asked.some(({ path }) => path === 'notebooks.save')).toBe(false);
  });

  it('a pinned result whose run is gone says so', async () => {
    const pinned = { at: '2026-11-23T12:00:00Z', value: { kind: 'table' as const, table } };
    open([{ id: 'q', kind: 'query', name: 'runs', source: 'state:done', pinned }], {
      'notebooks.missingRuns': () => ['r1'],
    });
    expect(await screen.findByRole('note')).toHaveTextContent(
      'The run behind it is not stored here',
    );
  });
});
