/** The results page: its query by keyboard, table, columns, views, bulk actions and addresses. */
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Home } from '../../app/_home/home.tsx';
import { halfTyped, offersAt } from '../../app/results/complete.ts';
import { fileAddress, readAddress, writeAddress } from '../../app/results/address.ts';
import { itemCount, itemsBetween } from '../../app/results/group-rows.ts';
import { Results } from '../../app/results/results.tsx';
import { importTemplate } from '../../server/api/schemas/results-import.ts';
import { parseQuery } from '../../server/api/schemas/results-query.ts';
import { defaultView } from '../../server/api/schemas/results-default-view.ts';
import type { SavedView } from '../../server/api/schemas/results-view.ts';
import {
  doneRun,
  exactRun,
  pumaSpec,
  quadRun,
  runInState,
  shapeRun,
  summaryOf,
} from '../support/fixtures.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit } from './render.tsx';
import { resultsAnswers, rowOf } from './results-server.ts';

const failed = runInState('failed', 'why');
const runs = [quadRun, exactRun, doneRun, failed].map((run) => rowOf(run));
const answers = resultsAnswers(runs);
const rows = async () =>
  (await within(await screen.findByRole('table')).findAllByRole('row')).slice(1);
const box = () => screen.findByRole('combobox', { name: 'Filter the runs' });
const askedFor = (asked: readonly { path: string; input: unknown }[], path: string) =>
  asked.filter((one) => one.path === path).map(({ input }) => input);

describe('the table', () => {
  beforeEach(() => visit('/results'));

  it('shows runs with numbers, units, interval, n and noise class', async () => {
    renderApp(<Results />, answers);
    expect((await screen.findAllByText('PUMA'))[0]).toBeVisible();
    const [first, second] = await rows();
    expect(first).toHaveTextContent(/Quad \+ 2Quad.*Done.*50\.0 %.*481 ms.*45\.9 MB.*486/);
    expect(first).toHaveTextContent(/n = \d+/);
    expect(second).toHaveTextContent('Exact (series)');
    expect(screen.getByText('Showing all 4')).toBeVisible();
  });

  it('shows tags whatever columns are picked', async () => {
    renderApp(<Results />, resultsAnswers([rowOf(doneRun, { tags: ['paper', 'table-3'] })]));
    const [row] = await rows();
    const [tag] = within(row as HTMLElement).getAllByTitle('Tags: paper, table-3');
    expect(tag).toHaveTextContent(/paper table-3/);
    expect(screen.queryByRole('columnheader', { name: /^Tags/ })).toBeNull();
  });

  it('draws the rows in sight, and its length is that of all', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `r_${index}`);
    const { asked } = renderApp(<Results />, {
      ...resultsAnswers([], () => many),
      'results.rows': ({ ids }: { ids: string[] }) => ids.map((id) => rowOf({ ...doneRun, id })),
    });
    expect(await screen.findByText('Showing all 10,000')).toBeVisible();
    const table = screen.getByRole('table');
    expect(table).toHaveAttribute('aria-rowcount', '10001');
    expect((await rows()).length).toBeLessThan(60);
    const region = screen.getByRole('region', { name: 'Runs' });
    region.scrollTop = 5000 * 56;
    act(() => void fireEvent.scroll(region));
    // The first row drawn lies six above the first in sight; the header is row 1.
    await waitFor(() =>
      expect(within(table).getAllByRole('row').at(1)).toHaveAttribute('aria-rowindex', '4996'),
    );
    // Pieces near the top and in the middle were read, the thousands between were not.
    expect(askedFor(asked, 'results.rows').length).toBeLessThan(6);
  });

  it('sorts by a header, in the query and for assistive technology', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, answers);
    await rows();
    await user.click(screen.getByRole('button', { name: /^Rounds/ }));
    expect(await box()).toHaveValue('sort:rounds');
    await user.click(screen.getByRole('button', { name: /^Rounds/ }));
    expect(await box()).toHaveValue('sort:-rounds');
    expect(screen.getByRole('columnheader', { name: /^Rounds/ })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
    // The best first: the least latency, the highest accuracy.
    await user.click(screen.getByRole('button', { name: /^Secure accuracy/ }));
    expect(await box()).toHaveValue('sort:-acc');
    await waitFor(() => expect(askedFor(asked, 'results.ids')).toContainEqual({ q: 'sort:-acc' }));
  });

  it('resizes a column by keyboard', async () => {
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    await rows();
    const edge = screen.getByRole('separator', { name: 'Width of Network' });
    const before = Number(edge.getAttribute('aria-valuenow'));
    edge.focus();
    await user.keyboard('{ArrowRight}');
    expect(Number(edge.getAttribute('aria-valuenow'))).toBe(before + 16);
  });

  it('shows, hides and moves columns', async () => {
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    await rows();
    await user.click(screen.getByRole('button', { name: 'Columns' }));
    await user.click(await screen.findByRole('checkbox', { name: 'RTT' }));
    await user.click(screen.getByRole('checkbox', { name: 'State' }));
    await user.click(screen.getByRole('button', { name: 'Move RTT up' }));
    const headers = within(screen.getByRole('table'))
      .getAllByRole('columnheader', { hidden: true })
      .map((header) => header.textContent);
    expect(headers.join('|')).toMatch(/RTT.*\|Rounds/);
    expect(headers.join('|')).not.toMatch(/State/);
    expect(window.location.search).toMatch(/cols=name,created,.*,bytes,rtt,rounds$/);
  });

  it('puts runs of one value together under a header of their own', async () => {
    const user = userEvent.setup();
    const groups = [
      { values: ['486'], runs: 1 },
      { values: [null], runs: 3 },
    ];
    renderApp(<Results />, {
      ...answers,
      'results.ids': ({ q }: { q: string }) => ({
        ids: runs.map(({ id }) => id),
        groups: q.includes('group:rounds') ? groups : null,
        archived: 0,
      }),
    });
    await rows();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Group by' }), 'Rounds');
    expect(await box()).toHaveValue('group:rounds');
    expect(await screen.findByText('Rounds: 486')).toBeVisible();
    const texts = (await rows()).map((row) => row.textContent);
    expect(texts).toHaveLength(6);
    expect(texts[2]).toBe('Rounds: none 3 runs');
    await user.click(screen.getByRole('checkbox', { name: 'Select Rounds: none' }));
    expect(screen.getByText('3 runs selected')).toBeVisible();
  });

  it('finds headers and rows of any part of a long list', () => {
    const groups = [3, 1, 4].map((runs, index) => ({ values: [String(index)], runs }));
    const words = (from: number, to: number) =>
      itemsBetween(from, to, 8, groups).map((item) =>
        item.kind === 'group' ? `[${item.group.values.join()}]` : item.index,
      );
    const all = ['[0]', 0, 1, 2, '[1]', 3, '[2]', 4, 5, 6, 7];
    expect(itemCount(8, groups)).toBe(all.length);
    for (let from = 0; from <= all.length; from += 1) {
      for (let to = from; to <= all.length; to += 1) {
        expect(words(from, to)).toEqual(all.slice(from, to));
      }
    }
  });

  it('shows bytes in the units chosen, and exports them so', async () => {
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    expect(await screen.findByText('45.9 MB')).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'GiB' }));
    expect(screen.getByText('43.8 MiB')).toBeVisible();
    expect(window.location.search).toBe('?units=binary');
    await user.click(screen.getByRole('button', { name: 'Export' }));
    expect(await screen.findByRole('menuitem', { name: /^LaTeX/ })).toHaveAttribute(
      'href',
      expect.stringMatching(/^\/api\/results\.tex\?cols=.*&units=binary$/),
    );
  });

  it('hides what is the same with D, and says how much', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, {
      ...answers,
      'results.constants': () => ['network', 'samples'],
    });
    await rows();
    await user.keyboard('d');
    expect(await screen.findByText(/2 columns hidden, the same in all of them/)).toBeVisible();
    expect(screen.queryByRole('columnheader', { name: /^Network/ })).toBeNull();
    expect(window.location.search).toBe('?diff=1');
    expect(askedFor(asked, 'results.constants')[0]).toMatchObject({ q: '' });
    await user.click(await box());
    await user.keyboard('d');
    expect(await box()).toHaveValue('d');
    expect(screen.getByRole('switch', { name: /Only what differs/ })).toBeChecked();
  });

  it('says of random weights what they are good for, and never an accuracy', async () => {
    renderApp(<Results />, resultsAnswers([rowOf(shapeRun)]));
    const [row] = await rows();
    await waitFor(() => expect(row).toHaveTextContent('random weights: latency and cost only'));
    expect(row).not.toHaveTextContent(/plaintext \d|0\.0 %|NaN|Infinity/i);
  });

  it('has words for an empty list and for an error', async () => {
    const { unmount } = renderApp(<Results />, resultsAnswers([]));
    expect(await screen.findByRole('heading', { name: 'No runs yet' })).toBeVisible();
    unmount();
    renderApp(<Results />, {
      ...answers,
      'results.ids': () => {
        throw new Error('the database does not answer');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('The database does not answer.');
  });
});

describe('the query', () => {
  beforeEach(() => visit('/results'));

  it('is completed by keyboard, field first, then value', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, answers);
    await rows();
    const input = await box();
    await user.type(input, 'netw');
    expect(screen.getByRole('option', { name: /^network:/ })).toBeVisible();
    await user.keyboard('{ArrowDown}');
    expect(input).toHaveAttribute(
      'aria-activedescendant',
      screen.getByRole('option', { name: /^network:/ }).id,
    );
    await user.keyboard('{Enter}');
    expect(input).toHaveValue('network:');
    expect(screen.getByRole('option', { name: /^lan 4 runs/ })).toBeVisible();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(input).toHaveValue('network:lan');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(window.location.search).toBe('?q=network:lan'));
    await waitFor(() =>
      expect(askedFor(asked, 'results.ids')).toContainEqual({ q: 'network:lan' }),
    );
  });

  it('waits with a word that may become a field; Enter or a space looks for it', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, answers);
    await rows();
    await user.type(await box(), 'vari');
    expect(await screen.findByText(/Enter looks for the word/)).toHaveTextContent('vari');
    // Longer than the pause after which other words count.
    await act(async () => new Promise((resolve) => setTimeout(resolve, 450)));
    expect(askedFor(asked, 'results.ids')).toEqual([{ q: '' }]);
    await user.keyboard('{Escape}{Enter}');
    await waitFor(() => expect(askedFor(asked, 'results.ids')).toContainEqual({ q: 'vari' }));
    expect(['puma', 'variant:x', '"rtt"', 'rtt ', ''].map(halfTyped)).toEqual(Array(5).fill(null));
    expect([halfTyped('puma acc'), halfTyped('-Net')]).toEqual(['acc', 'Net']);
  });

  it('names what is wrong and mends it; until then the old one holds', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, answers);
    await rows();
    await user.type(await box(), 'rtt>=40{Enter}');
    expect(await screen.findByText(/Character 1,/)).toHaveTextContent(/40 needs a unit/);
    expect(await box()).toBeInvalid();
    expect(askedFor(asked, 'results.ids')).toEqual([{ q: '' }]);
    await user.click(screen.getByRole('button', { name: 'Did you mean rtt>=40ms?' }));
    expect(await box()).toHaveValue('rtt>=40ms');
    await waitFor(() => expect(askedFor(asked, 'results.ids')).toContainEqual({ q: 'rtt>=40ms' }));
  });

  it('has its terms as chips that can be removed', async () => {
    visit('/results?q=state:failed+approx:quad+sort:-acc');
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    const chips = await screen.findByRole('list', { name: 'Filters in force' });
    expect(within(chips).getAllByRole('listitem')).toHaveLength(3);
    await user.click(within(chips).getByRole('button', { name: 'Remove approx:quad' }));
    expect(await box()).toHaveValue('state:failed sort:-acc');
    expect(window.location.search).toBe('?q=state:failed+sort:-acc');
  });

  it('that finds nothing says which term to drop, and how many runs that gives', async () => {
    visit('/results?q=state:lost+approx:quad');
    const user = userEvent.setup();
    renderApp(<Results />, {
      ...resultsAnswers(runs, (q) => (q.includes('state:lost') ? [] : [quadRun.id])),
      'results.withoutEach': () => [1, 0],
    });
    const none = await screen.findByRole('region', { name: 'No run fits' });
    expect(await within(none).findByText('then 1 run')).toBeVisible();
    await user.click(within(none).getByRole('button', { name: 'Drop state:lost' }));
    expect(await rows()).toHaveLength(1);
  });

  it('offers what fits the word under the caret', () => {
    const labels = (text: string, caret = text.length) =>
      offersAt(text, caret, []).map(({ label }) => label);
    expect(labels('puma var')).toEqual(['variant:']);
    expect(labels('state:do')).toEqual(['done']);
    expect(labels('state:done,fa')).toEqual(['failed']);
    expect(labels('sort:-lat')).toEqual([
      'latency',
      'latency-least',
      'latency-most',
      'latency-tail',
    ]);
    expect(labels('link:')).toEqual(['met', 'not-met', 'none']);
    const [offer] = offersAt('sta acc>0.5', 3, []);
    expect(offer).toMatchObject({ text: 'state: acc>0.5', caret: 6 });
  });
});

describe('addresses', () => {
  const read = (text: string) => readAddress(new URLSearchParams(text));

  it('are read and written the same, and stay short', () => {
    const state = {
      ...defaultView,
      q: 'variant:replicated/fast rtt>=40ms acc>90%',
      columns: ['name', 'rtt'],
      diffOnly: true,
      selected: ['a', 'b'],
    };
    const address = writeAddress(null, state, defaultView);
    expect(address).toBe(
      '/results?q=variant:replicated/fast+rtt>=40ms+acc>90%25&cols=name,rtt&diff=1&select=a,b',
    );
    const far = { ...defaultView, units: 'binary' as const, charts: ['comparison' as const] };
    expect(writeAddress(null, far, defaultView)).toBe('/results?units=binary&charts=comparison');
    expect({ ...defaultView, ...read('units=binary&charts=comparison').edits }).toEqual(far);
    expect({ ...defaultView, ...read(address.split('?')[1] ?? '').edits }).toEqual(state);
    expect(writeAddress(null, defaultView, defaultView)).toBe('/results');
  });

  it('of a view hold what differs from it; old ones still lead somewhere', () => {
    expect(read('view=k3&q=puma')).toEqual({ view: 'k3', edits: { q: 'puma' } });
    expect(read('state=failed&approx=Quad%20%2B%202Quad&compare=a,b').edits).toEqual({
      q: 'state:failed approx="Quad + 2Quad"',
      charts: ['comparison'],
      selected: ['a', 'b'],
    });
    expect(read('q=puma&sort=-acc').edits.q).toBe('puma sort:-acc');
    expect(read('cols=name,nope').edits.columns).toEqual(['name']);
  });

  it('of files carry query and columns, or the runs that were selected', () => {
    const view = { ...defaultView, q: 'acc>0.9', columns: ['name'] };
    expect(fileAddress('csv', view)).toBe('/api/results.csv?q=acc%3E0.9&cols=name');
    expect(fileAddress('csv', { ...view, q: '', baseline: 'r_1' })).toBe(
      '/api/results.csv?cols=name&baseline=r_1',
    );
    expect(fileAddress('tex', view, ['a', 'b'])).toBe('/api/results.tex?runs=a%2Cb&cols=name');
  });
});

describe('selected runs', () => {
  beforeEach(() => visit('/results'));
  const select = async (name: RegExp) => {
    const user = userEvent.setup();
    await user.click(await screen.findByRole('checkbox', { name }));
    return user;
  };

  it('lead to their comparison in the order of selection, and stay in the address', async () => {
    renderApp(<Results />, answers);
    await select(/^Select PUMA, 22 Nov 2026, 18:05/);
    const bar = screen.getByRole('region', { name: 'Selected runs' });
    expect(within(bar).getByRole('button', { name: 'Compare' })).toBeDisabled();
    await select(/^Select Quad/);
    expect(within(bar).getByRole('link', { name: 'Compare' })).toHaveAttribute(
      'href',
      `/compare?runs=${doneRun.id},${quadRun.id}`,
    );
    expect(window.location.search).toBe(`?select=${doneRun.id},${quadRun.id}`);
    const user = await select(/^Select all 4 runs found/);
    expect(within(bar).getByText('4 runs selected')).toBeVisible();
    await user.click(within(bar).getByRole('button', { name: 'Clear selection' }));
    expect(screen.queryByRole('region', { name: 'Selected runs' })).toBeNull();
  });

  it('of an old address stand next to each other, without those that have no result', async () => {
    visit(`/results?compare=${doneRun.id},${exactRun.id},r_failed,gone`);
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    const panel = await screen.findByRole('region', { name: 'Comparison' });
    expect(await within(panel).findByRole('region', { name: 'Comparison table' })).toBeVisible();
    expect(within(panel).getByText(/without a result: 1 selected run/)).toBeVisible();
    expect(within(panel).getByText(/Not stored here: 1 selected run/)).toBeVisible();
    expect(window.location.search).toBe(
      `?charts=comparison&select=${doneRun.id},${exactRun.id},r_failed,gone`,
    );
    await user.click(within(panel).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('region', { name: 'Comparison' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show here' }));
    expect(await screen.findByRole('region', { name: 'Comparison table' })).toBeVisible();
  });

  it('are archived, and come back with Undo', async () => {
    const before = [{ id: quadRun.id, tags: ['a'], note: 'n', starred: true, archivedAt: null }];
    const { asked } = renderApp(<Results />, {
      ...answers,
      'results.annotate': () => before,
      'results.restore': () => 1,
    });
    const user = await select(/^Select Quad/);
    await user.click(screen.getByRole('button', { name: 'Archive' }));
    expect(await screen.findByText('1 run archived; with:archived shows them.')).toBeVisible();
    expect(askedFor(asked, 'results.annotate')).toEqual([
      { ids: [quadRun.id], change: { kind: 'archive', on: true } },
    ]);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(askedFor(asked, 'results.restore')).toEqual([{ before }]));
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('are tagged with one word', async () => {
    const { asked } = renderApp(<Results />, { ...answers, 'results.annotate': () => [] });
    const user = await select(/^Select Quad/);
    await user.click(screen.getByRole('button', { name: 'Tag' }));
    const field = await screen.findByRole('textbox', { name: 'Tag' });
    await user.type(field, 'two words');
    expect(screen.getByText(/a tag has no spaces/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Add' })).toBeDisabled();
    await user.clear(field);
    await user.type(field, 'Paper{Enter}');
    await waitFor(() =>
      expect(askedFor(asked, 'results.annotate')).toEqual([
        { ids: [quadRun.id], change: { kind: 'tag', tag: 'paper', on: true } },
      ]),
    );
  });

  it('the way back is offered for ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { UndoBar, undoMs } = await import('../../app/results/undo-bar.tsx');
      const gone = vi.fn<() => void>();
      renderApp(<UndoBar done={{ id: 1, message: 'Done.', undo: () => {} }} onGone={gone} />);
      vi.advanceTimersByTime(undoMs - 1);
      expect(gone).not.toHaveBeenCalled();
      vi.advanceTimersByTime(2);
      expect(gone).toHaveBeenCalledOnce();
      expect(undoMs).toBe(10_000);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('import', () => {
  const csv = (text: string) => new File([text], 'other.csv', { type: 'text/csv' });

  it('matches columns, shows what is wrong, and sends the file once nothing is', async () => {
    visit('/results');
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, {
      ...answers,
      'results.importFile': () => ['i_1'],
    });
    await user.click(await screen.findByRole('button', { name: 'Import' }));
    const dialog = await screen.findByRole('dialog', { name: 'Import results of other tools' });
    const input = document.querySelector('input[type="file"]') as HTMLInputElement;
    const text = importTemplate.replace('tokens,', 'Sequence,').replace(',2quad,', ',2qad,');
    await user.upload(input, csv(text));
    const wrong = await within(dialog).findByRole('list', { name: 'What is wrong' });
    expect(wrong).toHaveTextContent('tokens has no column of the file; choose one');
    expect(wrong).toHaveTextContent(
      'Row 1: softmax is "2qad", which is not known here; did you mean 2quad?',
    );
    expect(within(dialog).getByRole('button', { name: 'Import 1 row' })).toBeDisabled();
    await user.upload(input, csv(text.replace('2qad', '2quad')));
    const tokens = await within(dialog).findByRole('combobox', { name: /^tokens/ });
    await user.selectOptions(tokens, 'one value for all rows');
    await user.type(within(dialog).getByRole('textbox', { name: 'tokens, for all rows' }), '64');
    expect(within(dialog).getByRole('button', { name: 'Import 1 row' })).toBeEnabled();
    await user.selectOptions(tokens, 'Sequence');
    await user.click(within(dialog).getByRole('button', { name: 'Import 1 row' }));
    await waitFor(() => expect(askedFor(asked, 'results.importFile')).toHaveLength(1));
    expect(askedFor(asked, 'results.importFile')[0]).toMatchObject({
      name: 'other.csv',
      mapping: { model: 0, tokens: 3, created_utc: 25 },
    });
    expect(await screen.findByText('1 result imported.')).toBeVisible();
    expect(await box()).toHaveValue('class:imported');
  });

  it('shows an imported run by its figures, without a page of its own', async () => {
    visit('/results');
    const row = rowOf(
      { ...doneRun, id: 'i_1', headline: null, provenance: 'imported' },
      { figures: { latency: 12_500, acc: 0.9, bytes: 2e9 }, importedFrom: 'other.csv, row 1' },
    );
    renderApp(<Results />, resultsAnswers([row]));
    expect(await screen.findByText('12.5 s')).toBeVisible();
    const [shown] = await rows();
    expect(shown).toHaveTextContent(/imported, .*90\.0 %.*12\.5 s.*2\.00 GB/);
    expect(within(shown as HTMLElement).queryByRole('link')).toBeNull();
  });
});

describe('saved views', () => {
  const view: SavedView = {
    id: 'k3',
    name: 'Paper',
    state: { ...defaultView, q: 'tag:paper', columns: ['name', 'rounds'] },
    updatedAt: doneRun.createdAt,
  };

  it('are tabs; a change can be saved or taken back', async () => {
    visit('/results?view=k3');
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, {
      ...answers,
      'views.list': () => [view],
      'views.update': () => view,
    });
    expect(await screen.findByRole('button', { name: 'Paper' })).toHaveAttribute('aria-current');
    await waitFor(async () => expect(await box()).toHaveValue('tag:paper'));
    expect(window.location.search).toBe('?view=k3');
    await rows();
    await user.click(screen.getByRole('button', { name: /^Rounds/ }));
    expect(window.location.search).toBe('?view=k3&q=tag:paper+sort:rounds');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(askedFor(asked, 'views.update')).toEqual([
        { id: 'k3', state: { ...view.state, q: 'tag:paper sort:rounds' } },
      ]),
    );
    expect(await screen.findByText('Paper was saved.')).toBeVisible();
    await user.keyboard('1');
    expect(window.location.search).toBe('');
    await user.keyboard('2');
    await waitFor(() => expect(window.location.search).toBe('?view=k3'));
  });

  it('are made from the table as it is', async () => {
    visit('/results?q=acc>0.5');
    const user = userEvent.setup();
    const { asked } = renderApp(<Results />, { ...answers, 'views.create': () => view });
    await user.click(await screen.findByRole('button', { name: 'Save as a view' }));
    await user.type(
      await screen.findByRole('textbox', { name: /Name of the view/ }),
      'Good{Enter}',
    );
    await waitFor(() =>
      expect(askedFor(asked, 'views.create')).toEqual([
        { name: 'Good', state: { ...defaultView, q: 'acc>0.5' } },
      ]),
    );
  });

  it('that were deleted are said to be', async () => {
    visit('/results?view=gone');
    renderApp(<Results />, answers);
    expect(await screen.findByText(/view of this address was deleted/)).toBeVisible();
    expect(await rows()).toHaveLength(4);
  });
});

const listed = {
  'runs.list': () => ({
    runs: [quadRun, exactRun, doneRun, failed].map(summaryOf),
    nextCursor: null,
  }),
};

describe('home', () => {
  beforeEach(() => visit('/'));

  it('shows a result of the default preset and the presets side by side', async () => {
    renderApp(<Home />, listed);
    const latest = await screen.findByRole('region', { name: 'This installation’s first run' });
    expect(within(latest).getByLabelText('Headline numbers')).toHaveTextContent('81.3 %');
    const presets = await screen.findByRole('region', { name: 'The presets, side by side' });
    expect(
      await within(presets).findByRole('img', { name: /^Secure accuracy against/ }),
    ).toBeVisible();
    expect(await within(presets).findByRole('link', { name: 'PUMA' })).toHaveAttribute(
      'href',
      `/runs/${doneRun.id}`,
    );
  });

  it('finds the presets’ runs however many newer ones there are', async () => {
    const { asked } = renderApp(<Home />, {
      'runs.list': () => ({ runs: [summaryOf(failed)], nextCursor: null }),
      'results.list': ({ q }: { q: string }) => ({
        rows: q.includes('gelu=puma')
          ? [rowOf(doneRun)]
          : q.includes('quad')
            ? [rowOf(quadRun)]
            : [],
        total: 1,
        nextCursor: null,
      }),
    });
    const presets = await screen.findByRole('region', { name: 'The presets, side by side' });
    expect(await within(presets).findByRole('link', { name: 'PUMA' })).toHaveAttribute(
      'href',
      `/runs/${doneRun.id}`,
    );
    const queries = askedFor(asked, 'results.list').map((input) => (input as { q: string }).q);
    for (const q of queries) expect(parseQuery(q).problems).toEqual([]);
    expect(new Set(queries).size).toBe(queries.length);
  });

  it('starts a run from the card', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<Home />, {
      'runs.create': () => ({ ...runInState('queued'), id: 'r_card' }),
    });
    const card = await screen.findByRole('form', { name: 'Start a run' });
    const reviews = within(card).getByRole('textbox', { name: 'Reviews' });
    await user.clear(reviews);
    await user.type(reviews, '4');
    expect(await within(card).findByText('742')).toBeVisible();
    expect(within(card).getByRole('link', { name: 'Adjust first' })).toHaveAttribute(
      'href',
      '/new?preset=puma-minilm2-imdb-lan&samples=4',
    );
    await user.click(within(card).getByRole('button', { name: 'Run it' }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/runs/r_card'));
    expect(asked.find(({ path }) => path === 'runs.create')?.input).toEqual({
      ...pumaSpec,
      dataset: { ...pumaSpec.dataset, samples: 4 },
    });
  });

  it('refuses a bad number of reviews on the card', async () => {
    const user = userEvent.setup();
    renderApp(<Home />);
    const card = await screen.findByRole('form', { name: 'Start a run' });
    const reviews = within(card).getByRole('textbox', { name: 'Reviews' });
    await user.clear(reviews);
    await user.type(reviews, '1000');
    expect(reviews).toBeInvalid();
    expect(within(card).getByRole('button', { name: 'Run it' })).toBeDisabled();
  });

  it('says what will stand here before there is a result', async () => {
    const first = summaryOf({ ...runInState('running'), origin: 'first-start' });
    renderApp(<Home />, { 'runs.list': () => ({ runs: [first], nextCursor: null }) });
    expect(
      await screen.findByRole('heading', { name: 'The first run is on its way' }),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'Watch it' })).toHaveAttribute(
      'href',
      `/runs/${first.id}`,
    );
    expect(screen.getByRole('link', { name: 'Run the next preset' })).toBeVisible();
  });
});
