/** The notebooks' pages: list, editor, keys, saving, conflict, results, pins, hostile texts. */
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import FrozenNotebook from '../../app/_notebook/frozen-notebook.tsx';
import { NotebookPage } from '../../app/n/[id]/notebook-page.tsx';
import { Notebooks } from '../../app/n/notebooks.tsx';
import type { Cell } from '../../server/api/schemas/notebook-cells.ts';
import { readNotebook } from '../../server/api/schemas/notebook-file.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import type { Answered } from '../../server/api/schemas/notebook-evaluate.ts';
import type { SaveView } from '../../server/api/routers/notebooks/save.ts';
import type { NotebookDetail } from '../../server/api/schemas/notebook-requests.ts';
import type { DataTable } from '../../server/api/schemas/notebook-table.ts';
import { navigation } from './navigation.ts';
import { opened, rendering } from './opened.ts';
import { renderApp, visit, type Answers } from './render.tsx';

// The text area has the same keys; CodeMirror itself is looked at in a browser.
vi.mock('../../app/_notebook/codemirror.ts', () => {
  throw new Error('not here');
});
vi.mock('../../app/_notebook/sandbox.ts', () => ({
  runJavascript: async ({ code }: { code: string }): Promise<Answered> =>
    code.includes('for(;;)')
      ? { status: 'error', message: 'it was ended after 2 s; look for a loop without end.' }
      : {
          status: 'ok',
          value: {
            kind: 'scalar',
            scalar: { value: 7, format: 'plain', runs: [], classes: ['computed'] },
          },
        },
}));

const tableOf = (rows: readonly (readonly [string, number])[]): DataTable => ({
  columns: [
    { key: 'protocol', label: 'Protocol', type: 'text', format: 'plain' },
    { key: 'rounds', label: 'Rounds', type: 'number', format: 'count' },
  ],
  rows: rows.map(([protocol, rounds], index) => ({
    cells: [protocol, rounds],
    runs: [`r${index}`],
    class: 'measured',
  })),
  total: rows.length,
});
const all: readonly (readonly [string, number])[] = [
  ['aby3', 742],
  ['fast', 400],
];

const cells: Cell[] = [
  { id: 'a', kind: 'markdown', source: 'There are **{{count(runs)}}** runs.' },
  {
    id: 'i',
    kind: 'input',
    name: 'limit',
    label: 'Most rounds',
    control: { kind: 'slider', min: 0, max: 900, step: 100, value: 900 },
  },
  { id: 'q', kind: 'query', name: 'runs', source: 'rounds<={{limit}}' },
  { id: 'c', kind: 'chart', chart: 'bars', table: 'runs', x: 'protocol', y: 'rounds' },
  { id: 's', kind: 'assertion', source: 'count(runs) == 2' },
];

const detailOf = (of: Cell[], more: Partial<NotebookDetail> = {}): NotebookDetail => ({
  id: 'n1',
  title: 'Study',
  version: 1,
  updatedAt: '2026-11-23T12:00:00Z',
  forkedFrom: null,
  shipped: false,
  text: writeNotebook({ title: 'Study', cells: of }),
  ...more,
});

const answersFor = (detail: NotebookDetail, more: Answers = {}): Answers => ({
  ...rendering,
  'notebooks.get': () => opened(detail),
  'notebooks.list': () => [detail],
  'notebooks.save': ({ base }: { base: number }): SaveView => ({
    status: 'saved',
    version: base + 1,
    updatedAt: '2026-11-23T12:01:00Z',
  }),
  'notebooks.answer': ({ q = '' }: { q?: string }): Answered => {
    const most = Number(/\d+/.exec(q)?.[0] ?? 1e9);
    return {
      status: 'ok',
      value: { kind: 'table', table: tableOf(all.filter(([, rounds]) => rounds <= most)) },
    };
  },
  'notebooks.versions': () => [],
  ...more,
});

const open = (of: Cell[] = cells, more: Answers = {}, detail = detailOf(of)) => {
  visit('/n/n1');
  return renderApp(<NotebookPage id="n1" />, answersFor(detail, more));
};
const cell = (name: RegExp) => screen.findByRole('region', { name });

describe('the list', () => {
  it('is designed for nothing, and begins a notebook', async () => {
    visit('/n');
    renderApp(<Notebooks />, {
      'notebooks.list': () => [],
      'notebooks.create': ({ text }: { text: string }) => {
        expect(readNotebook(text).cells.length).toBeGreaterThan(0);
        return detailOf([]);
      },
    });
    expect(await screen.findByText('No notebook yet')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'New notebook' }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/n/n1'));
  });

  it('imports a Jupyter file and says what could not be taken', async () => {
    visit('/n');
    const { container } = renderApp(<Notebooks />, {
      'notebooks.list': () => [],
      'notebooks.create': () => detailOf([]),
    });
    await screen.findByText('No notebook yet');
    const file = new File(
      [JSON.stringify({ nbformat: 4, cells: [{ cell_type: 'code', source: 'x', metadata: {} }] })],
      'a.ipynb',
    );
    const input = container.querySelector('input[type=file]');
    if (!(input instanceof HTMLInputElement)) throw new Error('no field');
    await userEvent.upload(input, file);
    expect(await screen.findByText(/cannot run here/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Open the imported notebook' })).toHaveAttribute(
      'href',
      '/n/n1',
    );
  });

  it('offers the way back after a deletion', async () => {
    visit('/n?deleted=n1');
    renderApp(<Notebooks />, {
      'notebooks.list': () => [],
      'notebooks.undelete': () => detailOf([]),
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/n/n1'));
  });
});

describe('a notebook', () => {
  it('computes its cells, and every number knows its class and runs', async () => {
    open();
    const number = await screen.findByRole('link', { name: '2' });
    expect(number).toHaveAttribute('title', 'measured; run r0, r1 behind it');
    expect(number).toHaveAttribute('href', '/compare?runs=r0,r1');
    expect(await cell(/^Query runs, fresh/)).toHaveTextContent('aby3');
    expect(await cell(/^Assertion, fresh/)).toHaveTextContent('Holds (measured)');
    const chart = await cell(/^Chart, fresh/);
    expect(await within(chart).findByText(/Classes: measured\./)).toBeVisible();
  });

  it('an input moves everything that uses it', async () => {
    const { asked } = open();
    await screen.findByRole('link', { name: '2' });
    const slider = await screen.findByRole('slider', { name: 'Most rounds' });
    act(() => slider.focus());
    for (let step = 0; step < 3; step += 1) fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    expect(await screen.findByRole('link', { name: '1' })).toBeVisible();
    expect(await cell(/^Assertion, failed/)).toHaveTextContent('Does not hold');
    expect(asked.filter(({ path }) => path === 'runs.create')).toEqual([]);
  });

  it('is worked with as in Jupyter', async () => {
    const user = userEvent.setup();
    open();
    const text = await cell(/^Text/);
    act(() => text.focus());
    await user.keyboard('{Enter}');
    const area = await within(text).findByRole('textbox');
    await user.type(area, ' More.');
    await user.keyboard('{Escape}');
    expect(within(text).queryByRole('textbox')).toBeNull();
    await waitFor(() => expect(text).toHaveTextContent('runs. More.'));
    await waitFor(() => expect(text).toHaveFocus());
    await user.keyboard('b');
    const areas = await screen.findAllByRole('textbox', { name: 'Text' });
    expect(areas).toHaveLength(1);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getAllByRole('region', { name: /^Text/ })).toHaveLength(2));
    await user.keyboard('dd');
    expect(screen.getAllByRole('region', { name: /^Text/ })).toHaveLength(1);
    await user.keyboard('z');
    expect(screen.getAllByRole('region', { name: /^Text/ })).toHaveLength(2);
  });

  it('saves by itself, on top of the version that it knows', async () => {
    const { asked } = open();
    await screen.findByRole('link', { name: '2' });
    fireEvent.change(screen.getByRole('textbox', { name: 'Title' }), {
      target: { value: 'Renamed' },
    });
    await waitFor(() => expect(asked.some(({ path }) => path === 'notebooks.save')).toBe(true));
    const save = asked.find(({ path }) => path === 'notebooks.save')?.input as {
      base: number;
      text: string;
    };
    expect([save.base, readNotebook(save.text).title]).toEqual([1, 'Renamed']);
    expect(await screen.findByText('Saved')).toBeVisible();
  });

  it('when another tab was first it says so, overwrites nothing, and keeps both', async () => {
    const theirs = detailOf([{ id: 'x', kind: 'markdown', source: 'Theirs.' }], { version: 5 });
    const { asked } = open(cells, {
      'notebooks.save': (): SaveView => ({ status: 'conflict', theirs: opened(theirs) }),
      'notebooks.fork': () => ({ ...theirs, id: 'copy' }),
    });
    await screen.findByRole('link', { name: '2' });
    fireEvent.change(screen.getByRole('textbox', { name: 'Title' }), { target: { value: 'Mine' } });
    expect(await screen.findByText(/Nothing is lost/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Keep mine as a copy' }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/n/copy'));
    const fork = asked.find(({ path }) => path === 'notebooks.fork')?.input as { text: string };
    expect(readNotebook(fork.text).title).toBe('Mine');
    await userEvent.click(screen.getByRole('button', { name: 'Take the other' }));
    expect(await screen.findByText('Theirs.')).toBeVisible();
  });

  it('pins a result, which then asks nobody and is kept in the text', async () => {
    const { asked } = open();
    const query = await cell(/^Query runs, fresh/);
    await userEvent.click(within(query).getByRole('button', { name: 'Pin' }));
    expect(await cell(/^Query runs, pinned/)).toHaveTextContent('aby3');
    await waitFor(() => expect(asked.some(({ path }) => path === 'notebooks.save')).toBe(true));
    const save = asked.findLast(({ path }) => path === 'notebooks.save')?.input as { text: string };
    const kept = readNotebook(save.text).cells.find(({ id }) => id === 'q');
    expect(kept?.pinned?.value).toEqual({ kind: 'table', table: tableOf(all) });
  });

  it('a run cell says its price and starts only when told', async () => {
    const { asked } = open([{ id: 'r', kind: 'run', name: 'mine', source: '{"version":1}' }], {
      'notebooks.answer': (): Answered => ({
        status: 'stale',
        message: 'No finished run has exactly this spec.',
      }),
      'runs.create': () => ({ id: 'new-run' }),
    });
    const run = await cell(/^Run mine, stale/);
    expect(await within(run).findByText(/online a batch/)).toBeVisible();
    expect(asked.some(({ path }) => path === 'runs.create')).toBe(false);
    await userEvent.click(within(run).getByRole('button', { name: 'Run' }));
    expect(
      await within(run).findByRole('progressbar', { name: 'Progress of the run' }),
    ).toBeVisible();
    expect(asked.filter(({ path }) => path === 'runs.create')).toHaveLength(1);
  });

  it('cycles, double names and endless loops are errors of their cells alone', async () => {
    open([
      { id: 'a', kind: 'javascript', name: 'one', source: 'return two', uses: ['two'] },
      { id: 'b', kind: 'javascript', name: 'two', source: 'return one', uses: ['one'] },
      { id: 'c', kind: 'javascript', name: 'one', source: 'return 1', uses: [] },
      { id: 'd', kind: 'javascript', name: 'loop', source: 'for(;;);', uses: [] },
      { id: 'e', kind: 'javascript', name: 'fine', source: 'return 7', uses: [] },
      { id: 'f', kind: 'assertion', source: 'fine == 7' },
    ]);
    expect(await cell(/^JavaScript two, error/)).toHaveTextContent(
      'This cell uses itself: two uses one uses two.',
    );
    expect(
      (await screen.findAllByRole('region', { name: /^JavaScript one, error/ }))[1],
    ).toHaveTextContent('Another cell is named');
    expect(await cell(/^JavaScript loop, error/)).toHaveTextContent('It was ended after 2 s');
    expect(await cell(/^Assertion, fresh/)).toHaveTextContent('Holds');
  });

  it('one that came with Parley can be tried and forked, and is never saved', async () => {
    const { asked } = open(
      cells,
      { 'notebooks.fork': () => detailOf([], { id: 'mine' }) },
      detailOf(cells, { shipped: true }),
    );
    expect(await screen.findByText(/came with Parley/)).toBeVisible();
    expect(screen.queryByRole('toolbar', { name: 'Add a cell' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Fork' }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/n/mine'));
    expect(asked.some(({ path }) => path === 'notebooks.save')).toBe(false);
  });

  it('a text that cannot be read is shown with its line, not lost', async () => {
    open(cells, {}, { ...detailOf(cells), text: 'no notebook' });
    expect(await screen.findByRole('alert')).toHaveTextContent('Line 1: this is no notebook');
    expect(screen.getByText('no notebook')).toBeVisible();
  });
});

describe('hostile texts', () => {
  const attacks = [
    '<script>window.pwned = 1</script>',
    '<img src=x onerror="window.pwned = 1">',
    '<svg onload="window.pwned = 1"></svg>',
    '[x](javascript:window.pwned=1)',
    '![x](https://evil.example/x.png)',
    '$\\href{javascript:window.pwned=1}{x}$',
    '{{first(runs.protocol)}}',
    '`{{count(runs)}}` and $a_{{count(runs)}}$',
    '<data value="count(runs)">x</data>',
  ];
  it('are texts and nothing else', async () => {
    const evil = tableOf([['<img src=x onerror="window.pwned = 1">', 1]]);
    const of = [
      ...attacks.map((source, index): Cell => ({ id: `m${index}`, kind: 'markdown', source })),
      cells[1] as Cell,
      cells[2] as Cell,
    ];
    const { container } = open(of, {
      'notebooks.answer': (): Answered => ({ status: 'ok', value: { kind: 'table', table: evil } }),
    });
    expect(await cell(/^Query runs, fresh/)).toHaveTextContent('<img src=x onerror');
    await waitFor(() =>
      expect(container.querySelectorAll('[data-kind=markdown] p').length).toBeGreaterThan(5),
    );
    expect(
      container.querySelectorAll(
        [
          'script',
          'img',
          'iframe',
          'object',
          'embed',
          'style:not([data-mantine-styles])',
          '[onerror]',
          '[onload]',
        ]
          .map((one) => `[data-cell] ${one}`)
          .join(),
      ),
    ).toHaveLength(0);
    for (const link of container.querySelectorAll('a[href]')) {
      expect(link.getAttribute('href')).not.toMatch(/^\s*(javascript|data|vbscript):/i);
    }
    expect('pwned' in window).toBe(false);
    // Code keeps what was written.
    expect(screen.getByText('{{count(runs)}}')).toBeVisible();
  });
});

describe('a frozen notebook', () => {
  it('renders from its text alone', async () => {
    const pinned = {
      at: '2026-11-23T12:00:00Z',
      value: { kind: 'table' as const, table: tableOf(all) },
    };
    const frozen = cells.map((one): Cell => (one.kind === 'query' ? { ...one, pinned } : one));
    const { asked } = renderApp(
      <FrozenNotebook notebook={{ title: 'Study', cells: frozen }} />,
      rendering,
    );
    expect(await screen.findByRole('link', { name: '2' })).toHaveAttribute(
      'title',
      'measured; run r0, r1 behind it',
    );
    expect(screen.getByRole('heading', { name: 'Study' })).toBeVisible();
    expect(screen.getByText('Most rounds: 900.0')).toBeVisible();
    // Its texts, where they did not come with it, and nothing else.
    expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['notebooks.render']));
  });
});
