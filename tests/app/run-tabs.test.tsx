/** The tabs of a run's page, and what is in those that run-view.test.tsx does not open. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorHistogram } from '../../app/_charts/error-histogram.ts';
import { lightTheme } from '../../app/_charts/chart.ts';
import {
  confusionOf,
  errorBins,
  exactMcNemar,
  pairedOf,
  protocolErrors,
} from '../../app/_run/agreement.ts';
import { findLines, lastError, linesOfFile } from '../../app/_run/log-lines.ts';
import { operationsCsv } from '../../app/_run/operations/operations-csv.ts';
import { operationTree, visibleRows } from '../../app/_run/operations/tree.ts';
import { RunPage } from '../../app/runs/[id]/run-page.tsx';
import type { RunDetail, RunEvent } from '../../server/api/schemas/run-view.ts';
import {
  dealtRun,
  doneRun,
  eventsOf,
  operations,
  runInState,
  samples,
} from '../support/fixtures.ts';
import { renderApp, visit, type Answers } from './render.tsx';

const region = (name: string) => screen.findByRole('region', { name });
const show = (run: RunDetail = doneRun, query = '', answers: Answers = {}) => {
  visit(`/runs/${run.id}${query}`);
  return renderApp(<RunPage id={run.id} />, {
    'runs.get': () => run,
    'runs.events': () => eventsOf(12),
    ...answers,
  });
};
const rowsOf = (table: HTMLElement) => within(table).getAllByRole('row').slice(1);

afterEach(() => vi.unstubAllGlobals());

describe('the tabs', () => {
  it('move with the arrow keys, and the address keeps the open one', async () => {
    const user = userEvent.setup();
    show();
    const summary = await screen.findByRole('tab', { name: 'Summary' });
    expect(summary).toHaveAttribute('aria-selected', 'true');
    await user.click(summary);
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole('tab', { name: 'Operations' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    expect(window.location.search).toBe('?tab=operations');
    await user.keyboard('{ArrowLeft}');
    expect(window.location.search).toBe('');
    await user.keyboard('{End}');
    expect(screen.getByRole('tab', { name: 'Files' })).toHaveFocus();
    expect(window.location.search).toBe('?tab=files');
  });

  it('open by the address; one that the run has not falls back to the summary', async () => {
    const { unmount } = show(doneRun, '?tab=environment');
    expect(await region('Environment')).toBeVisible();
    unmount();
    show(doneRun, '?tab=timeline');
    expect(await screen.findByLabelText('Headline numbers')).toBeVisible();
    expect(screen.queryByRole('tab', { name: 'Timeline' })).toBeNull();
  });

  it('of a run that failed are those that have something in them', async () => {
    show(runInState('failed', 'Party 1 ended with signal SIGKILL.'));
    const names = (await screen.findAllByRole('tab')).map((tab) => tab.textContent);
    expect(names).toEqual(['Summary', 'Environment', 'Logs']);
    expect(screen.getByRole('button', { name: 'Retry' })).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Compare' })).toBeNull();
  });
});

describe('operations', () => {
  it('sum up the tree: every branch is what its leaves are', () => {
    const tree = operationTree(operations, 'online', null);
    expect(tree.map(({ name }) => name)).toEqual([
      'Embedding',
      'Layer 0',
      'Layer 1',
      'Pooler',
      'Classifier',
    ]);
    const all = operations.flatMap(({ bytesSent }) => bytesSent).reduce((a, b) => a + b, 0);
    expect(tree.reduce((total, { bytes }) => total + bytes, 0)).toBe(all);
    const layer = tree[1];
    expect(layer?.waitMs).toBe(
      operations
        .filter(({ path }) => path.startsWith('layer0'))
        .reduce((total, { waitMs }) => total + waitMs, 0),
    );
    expect(layer?.declaredBytes).toBe(layer?.bytes);
  });

  it('sort among siblings only', () => {
    const tree = operationTree(operations, 'online', null);
    const rows = visibleRows(tree, new Set(['layer0']), 'bytes', true);
    const top = rows.filter(({ level }) => level === 0).map(({ bytes }) => bytes);
    expect(top).toEqual(top.toSorted((a, b) => b - a));
    const at = rows.findIndex(({ key }) => key === 'layer0');
    expect(rows[at + 1]?.key).toMatch(/^layer0\./);
  });

  it('open to single operations with the declared cost beside, and sort', async () => {
    const user = userEvent.setup();
    show(doneRun, '?tab=operations');
    const panel = await region('Operations');
    const table = within(panel).getByRole('region', { name: 'Operations table' });
    expect(rowsOf(table)).toHaveLength(5);
    await user.click(within(table).getByRole('button', { name: 'Layer 0' }));
    await user.click(within(table).getByRole('button', { name: 'Norm' }));
    expect(within(table).getByRole('button', { name: 'Norm' })).toHaveAttribute(
      'aria-expanded',
      'true',
    );
    const leaf = within(table)
      .getAllByRole('row')
      .find((row) => row.textContent.startsWith('truncate'));
    expect(leaf).toHaveTextContent(/166.ms26\.0.ms140.ms2\.20.MB2\.20.MB equal/);
    await user.click(within(table).getByRole('button', { name: /^Network wait/ }));
    expect(within(table).getByRole('columnheader', { name: /Network wait/ })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
    await user.click(within(panel).getByRole('button', { name: 'Expand all' }));
    expect(rowsOf(table).length).toBeGreaterThan(operations.length);
  });

  it('have memory and error where they were measured, and no such column where they were not', async () => {
    const measured: RunDetail = {
      ...doneRun,
      operations: operations.map((row, index) =>
        row.path.startsWith('layer0') ? { ...row, peakRssBytes: 100e6 + index } : row,
      ),
      placeErrors: [
        { path: 'layer0.norm', elements: 6144, maxError: 0.0021, meanError: 9e-5, largest: 8.06 },
        { path: 'layer0.mlp', elements: 6144, maxError: 0.0004, meanError: 2e-5, largest: 3 },
      ],
    };
    const tree = operationTree(measured.operations, 'online', null, measured.placeErrors);
    const layer = tree.find(({ key }) => key === 'layer0');
    expect(layer?.error).toMatchObject({ maxError: 0.0021 });
    const peaks = measured.operations.flatMap(({ peakRssBytes }) => peakRssBytes ?? []);
    expect(layer?.peakRssBytes).toBe(Math.max(...peaks));
    expect(tree.find(({ key }) => key === 'layer1')).toMatchObject({
      error: null,
      peakRssBytes: null,
    });
    // What is set up or dealt is not what the twin walks.
    const offline = operationTree(measured.operations, 'offline', null, measured.placeErrors);
    expect(offline.every(({ error }) => error === null)).toBe(true);
    expect(operationsCsv(measured).split('\n')[0]).toMatch(
      /peak_resident_bytes_one_party,place_max_error$/,
    );

    const { unmount } = show(measured, '?tab=operations');
    const table = within(await region('Operations')).getByRole('region', {
      name: 'Operations table',
    });
    expect(within(table).getByRole('columnheader', { name: 'Memory' })).toBeVisible();
    expect(within(table).getByRole('row', { name: /Layer 0/ })).toHaveTextContent(/100.MB0\.0021/);
    unmount();
    show(doneRun, '?tab=operations');
    const older = within(await region('Operations')).getByRole('region', {
      name: 'Operations table',
    });
    expect(within(older).queryByRole('columnheader', { name: /Memory|Error/ })).toBeNull();
  });

  it('cross out what differs from the declaration, and show rounds where they were kept', async () => {
    const [first, ...others] = operations;
    if (first === undefined || doneRun.prediction === null) throw new Error('a row');
    show(
      {
        ...doneRun,
        operations: [{ ...first, predictedBytesSent: [1, 1, 1] }, ...others],
        prediction: { ...doneRun.prediction, operationRounds: { 'layer0.norm|truncate': 2 } },
      },
      '?tab=operations',
    );
    const table = await screen.findByRole('region', { name: 'Operations table' });
    expect(within(table).getByText('not equal')).toBeInTheDocument();
    expect(within(table).getByRole('columnheader', { name: /Rounds/ })).toBeVisible();
  });

  it('keep the phases apart', async () => {
    const user = userEvent.setup();
    show(dealtRun, '?tab=operations');
    const panel = await region('Operations');
    await user.click(within(panel).getByRole('radio', { name: 'Offline' }));
    expect(panel).toHaveTextContent(/payload that the dealer sends/);
    expect(within(panel).getAllByText('equal').length).toBeGreaterThan(0);
  });

  it('leave as a CSV with a line for each', () => {
    const lines = operationsCsv(dealtRun).trim().split('\n');
    expect(lines).toHaveLength(dealtRun.operations.length + 1);
    expect(lines[0]).toMatch(/^path,operation,phase,calls,elements,compute_ms,network_wait_ms/);
    expect(lines[1]).toMatch(
      /^embedding,matmul,online,4,568000,410,210,9466666,4733333,9466666,true/,
    );
  });
});

describe('accuracy', () => {
  it('splits the loss in four where float64 with the approximations was computed', async () => {
    const split = samples.map((row, index) => ({
      ...row,
      approximatedLogits: index === 0 ? [...row.plaintextLogits].reverse() : row.plaintextLogits,
    }));
    const approximated = { correct: 15, n: 16, low: 0.72, high: 0.99 };
    const { headline } = doneRun;
    if (headline?.accuracy == null) throw new Error('no accuracy');
    const accuracy = { ...headline.accuracy, approximated };
    show({ ...doneRun, samples: split, headline: { ...headline, accuracy } }, '?tab=accuracy');
    const panel = await region('Accuracy');
    expect(
      within(panel).getByRole('img', {
        name: /Plaintext .*, Approximated 93\.8.%, Clear .*, Secure/,
      }),
    ).toBeVisible();
    const pairs = within(panel).getByRole('region', { name: 'Paired disagreement table' });
    expect(rowsOf(pairs).map((row) => row.firstChild?.textContent)).toEqual([
      'approximations',
      'fixed point',
      'protocol',
      'all together',
    ]);
    expect(within(pairs).getByRole('row', { name: /^approximations/ })).toHaveTextContent(
      /^approximations1/,
    );
    const confusion = await region('Confusion');
    expect(within(confusion).getByRole('radio', { name: 'Approximated' })).toBeVisible();
  });

  it('counts confusion and paired disagreement on the same reviews', () => {
    expect(confusionOf(samples, 'secure')).toEqual([
      [7, 1],
      [2, 6],
    ]);
    expect(pairedOf(samples, 'plaintext', 'secure')).toMatchObject({
      n: 16,
      differ: 1,
      onlyA: 1,
      onlyB: 0,
      p: 1,
    });
  });

  it('tests discordant pairs exactly', () => {
    // Two-sided binomial: 2 * (1 + 10 + 45) / 2^10.
    expect(exactMcNemar(2, 8)).toBeCloseTo(112 / 1024, 12);
    expect(exactMcNemar(0, 0)).toBe(1);
    expect(exactMcNemar(5, 5)).toBe(1);
    expect(exactMcNemar(0, 2000)).toBeGreaterThanOrEqual(0);
  });

  it('bins the errors of the protocol, none lost', () => {
    const errors = protocolErrors(samples);
    expect(errors).toHaveLength(32);
    const bins = errorBins([...errors, 0]);
    expect(bins.reduce((total, { count }) => total + count, 0)).toBe(33);
    expect(bins[0]).toEqual({ low: 0, high: 0, count: 1 });
    for (const { low, high } of bins.slice(1)) expect(high / low).toBeCloseTo(10 ** (1 / 3), 9);
    const chart = errorHistogram(bins, { theme: lightTheme });
    expect(chart.stops).toHaveLength(bins.length);
    expect(chart.table.rows).toHaveLength(bins.length);
  });

  it('shows the split, the pairs, the confusion of each computation and the errors', async () => {
    const user = userEvent.setup();
    show(doneRun, '?tab=accuracy');
    const pairs = await region('Paired disagreement table');
    expect(rowsOf(pairs).map((row) => row.textContent)).toEqual([
      'approximations1101.0',
      'protocol0001.0',
      'both1101.0',
    ]);
    const confusion = await region('Confusion');
    expect(confusion).toHaveTextContent(/negative7187\.5.%8/);
    await user.click(within(confusion).getByRole('radio', { name: 'Plaintext' }));
    expect(confusion).toHaveTextContent(/negative8\d*100\.0.%8|negative7187\.5.%8/);
    expect(
      within(await region('Error of the protocol')).getByRole('img', { name: /32 logits/ }),
    ).toBeVisible();
  });
});

describe('logs', () => {
  const log = '\u001B[31mError: out of memory\u001B[0m\n    at allocate\nnext line\n';

  it('are one list by role, searchable, with the last error and its trace', () => {
    const lines = linesOfFile('party-1.log', log);
    expect(lines.map(({ from, text }) => [from, text])).toEqual([
      ['Party 1', 'Error: out of memory'],
      ['Party 1', '    at allocate'],
      ['Party 1', 'next line'],
    ]);
    expect(lastError(lines)).toBe('[Party 1] Error: out of memory\n[Party 1]     at allocate');
    expect(lastError([])).toBeNull();
    expect(findLines(lines, 'MEMORY', 'Party 1')).toHaveLength(1);
    expect(findLines(lines, '', 'Party 0')).toHaveLength(0);
  });

  it('of an ended run hold its events and what its processes printed', async () => {
    const user = userEvent.setup();
    const run = {
      ...runInState('failed', 'Party 1 ended with signal SIGKILL.'),
      artifacts: [{ name: 'party-1.log', bytes: log.length, sha256: 'a'.repeat(64) }],
    };
    show(run, '?tab=logs', {
      'runs.artifact': ({ name }: { name: string }) => ({
        name,
        mediaType: 'text/plain',
        text: log,
      }),
    });
    const panel = await region('Log');
    expect(await within(panel).findByText('Error: out of memory')).toBeVisible();
    expect(within(panel).getByText('link check: met')).toBeVisible();
    expect(within(panel).getByText(/Failed: Party 1 ended/)).toBeVisible();
    expect(within(panel).getByRole('button', { name: 'Copy last error' })).toBeVisible();
    await user.selectOptions(within(panel).getByRole('combobox', { name: 'Lines of' }), 'Party 1');
    expect(within(panel).queryByText('link check: met')).toBeNull();
    await user.type(within(panel).getByRole('searchbox', { name: 'Search the log' }), 'nothing');
    expect(panel).toHaveTextContent(/None of \d+ lines/);
  });
});

describe('a live run', () => {
  const ended = { ...doneRun, id: runInState('running').id };
  const live = (events: readonly RunEvent[] = eventsOf(12).slice(0, 9), answers: Answers = {}) =>
    show(runInState('running'), '', { 'runs.events': () => events, ...answers });

  it('has the way of every party in its log, and can be held still', async () => {
    const user = userEvent.setup();
    live();
    const panel = await region('Log');
    await user.selectOptions(within(panel).getByRole('combobox', { name: 'Lines of' }), 'Party 2');
    // Events come one by one.
    await waitFor(() =>
      expect(within(panel).getAllByRole('listitem')[0]).toHaveTextContent(/Party 2at /),
    );
    await user.click(within(panel).getByRole('button', { name: 'Pause' }));
    expect(within(panel).getByRole('button', { name: 'Go on' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  });

  it('says in the title how far it is, and that it has ended', async () => {
    let reads = 0;
    live(eventsOf(4), { 'runs.get': () => (reads++ === 0 ? runInState('running') : ended) });
    await waitFor(() => expect(document.title).toBe('Done: PUMA on minilm-2l-imdb · Parley'));
  });

  it('notifies when it ends, after the browser allowed it', async () => {
    const user = userEvent.setup();
    const shown: { title: string; body: string }[] = [];
    class FakeNotification {
      static permission = 'default';
      static async requestPermission(): Promise<string> {
        FakeNotification.permission = 'granted';
        return 'granted';
      }
      constructor(title: string, { body }: { body: string }) {
        shown.push({ title, body });
      }
      addEventListener(): void {}
    }
    vi.stubGlobal('Notification', FakeNotification);
    window.localStorage.clear();
    let reads = 0;
    const { unmount } = live(eventsOf(12).slice(0, 9));
    await user.click(await screen.findByRole('button', { name: 'Notify me when it ends' }));
    expect(await screen.findByRole('button', { name: 'Will notify when it ends' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    unmount();
    live(eventsOf(4), {
      'runs.get': () => {
        reads += 1;
        return reads === 1 ? runInState('running') : ended;
      },
    });
    await waitFor(() =>
      expect(shown).toEqual([
        { title: 'Done: PUMA on minilm-2l-imdb', body: 'Online 6.21\u00a0s' },
      ]),
    );
    window.localStorage.clear();
  });
});

describe('the head', () => {
  it('offers to compare, cite and export in every format', async () => {
    const user = userEvent.setup();
    const bib = '@misc{parley-r_7k2f9mq4,\n  title = {PUMA},\n}\n';
    const fetched = vi.fn<typeof fetch>(async () => new Response(bib));
    vi.stubGlobal('fetch', fetched);
    show();
    expect(await screen.findByRole('link', { name: 'Compare' })).toHaveAttribute(
      'href',
      `/compare?runs=${doneRun.id}`,
    );
    await user.click(screen.getByRole('button', { name: 'Cite' }));
    const dialog = await screen.findByRole('dialog', { name: 'Cite this run' });
    expect(await within(dialog).findByRole('textbox', { name: 'BibTeX' })).toHaveValue(bib);
    expect(within(dialog).getByRole('button', { name: 'Copy BibTeX' })).toBeVisible();
    expect(fetched).toHaveBeenCalledWith(`/runs/${doneRun.id}.bib`);
    await user.click(within(dialog).getByRole('button', { name: 'Close' }));
    await user.click(screen.getByRole('button', { name: 'Export' }));
    const items = await screen.findAllByRole('menuitem');
    const addresses = items.flatMap((item) => item.getAttribute('href') ?? []);
    for (const suffix of ['csv', 'json', 'md', 'tex', 'svg', 'bib', 'html']) {
      expect(addresses).toContain(`/runs/${doneRun.id}.${suffix}`);
    }
  });

  it('marks the settings that are not the form’s defaults', async () => {
    show({ ...doneRun, spec: { ...doneRun.spec, sequenceLength: 17 } });
    const spec = await region('Spec');
    await waitFor(() => expect(spec).toHaveTextContent(/Set by hand, in bold/));
    expect(within(spec).getByText('17').tagName).toBe('STRONG');
  });

  it('shows the note and the tags that people gave it', async () => {
    show({ ...doneRun, note: 'Before the new kernels.', tags: ['baseline'] });
    const notes = await region('Notes');
    expect(notes).toHaveTextContent('Tags: baseline');
    expect(notes).toHaveTextContent('Before the new kernels.');
  });
});

describe('an imported run', () => {
  const imported: RunDetail = {
    ...runInState('done'),
    provenance: 'imported',
    imported: {
      accuracy: 0.9,
      plaintextAccuracy: null,
      onlineMs: 12_500,
      onlineMsPerSample: null,
      offlineMs: null,
      totalMs: null,
      onlineBytes: 1_000_000,
      totalBytes: null,
      dealerBytes: null,
      rounds: 42,
      peakRssBytes: null,
    },
    environment: { importedFrom: 'theirs.csv, row 1', importedSha256: 'c'.repeat(64), cpu: 'X1' },
    note: 'example line',
  };

  it('has a page with what is known, and nothing that it cannot do', async () => {
    show(imported);
    const figures = await region('Figures');
    expect(figures).toHaveTextContent(/Secure accuracy90\.0.%/);
    expect(figures).toHaveTextContent(/Online, per batch12\.5.s/);
    expect(figures).toHaveTextContent('theirs.csv, row 1');
    expect(figures).toHaveTextContent(/Not in the file: plaintext accuracy/);
    expect(figures).toHaveTextContent('imported');
    expect(screen.getByText(/measured elsewhere, by something else/)).toBeVisible();
    expect(await region('Notes')).toHaveTextContent('example line');
    expect(screen.queryByRole('button', { name: /Repeat|Retry/ })).toBeNull();
    expect(screen.getByRole('link', { name: 'Compare' })).toBeVisible();
    expect(screen.queryByRole('region', { name: 'Security' })).toBeNull();
  });
});
