import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { NewRun } from '../../app/new/new-run.tsx';
import { checkDraft, draftOf } from '../../app/_lib/check-draft.ts';
import { readQuery, unknownChoices, writeQuery } from '../../app/_lib/spec-query.ts';
import { catalog, doneRun, exactSpec, preview, pumaSpec, runInState } from '../support/fixtures.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit } from './render.tsx';

const form = () => screen.findByRole('form', { name: 'Run' });
const radio = (name: string | RegExp) => screen.getByRole('radio', { name });
const field = (name: string | RegExp) => screen.getByRole('textbox', { name });

describe('Run form', () => {
  beforeEach(() => visit('/new'));

  it('starts from the first preset and shows its price', async () => {
    renderApp(<NewRun />);
    await form();
    expect(radio('PUMA')).toBeChecked();
    expect(radio('PUMA’s polynomials')).toBeChecked();
    expect(radio('LAN')).toBeChecked();
    expect(field('Reviews')).toHaveValue('16');
    const panel = screen.getByRole('complementary', { name: 'Preview' });
    expect(await within(panel).findByText('742')).toBeVisible();
    expect(within(panel).getByText(/Earlier runs took 39.0 s/)).toBeVisible();
  });

  it('runs the defaults at once and goes to the run', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />, {
      'runs.preview': () => ({ ...preview, identicalRunIds: [] }),
      'runs.create': () => ({ ...runInState('queued'), id: 'r_new' }),
    });
    await form();
    await user.click(await screen.findByRole('button', { name: 'Run' }));
    await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/runs/r_new'));
    expect(asked.find(({ path }) => path === 'runs.create')?.input).toEqual(pumaSpec);
  });

  it('follows a preset, and marks what is changed from it', async () => {
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.click(radio('Quad + 2Quad'));
    expect(radio('Quad')).toBeChecked();
    expect(radio('2Quad')).toBeChecked();
    await user.click(radio('PUMA’s exponential'));
    const group = screen.getByRole('group', { name: /Softmax/ });
    expect(within(group).getByText('changed')).toBeVisible();
  });

  it('is filled from the address and writes itself back into it', async () => {
    visit('/new?preset=exact-minilm2-imdb-lan&samples=4&network=wan');
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    expect(radio('Exact functions')).toBeChecked();
    expect(field('Reviews')).toHaveValue('4');
    expect(radio('WAN')).toBeChecked();
    await user.clear(field('Repeats'));
    await user.type(field('Repeats'), '5');
    await waitFor(() => expect(window.location.search).toContain('repeats=5'));
    expect(window.location.search).toContain('samples=4');
  });

  it('names a bad value at its field and in the list, and does not run', async () => {
    visit('/new?samples=0&length=999');
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />);
    await form();
    expect(field('Reviews')).toBeInvalid();
    expect(screen.getAllByText(/0 is too small: at least 1/)).not.toHaveLength(0);
    expect(field(/Wordpieces per review/)).toBeInvalid();
    expect(screen.getAllByText(/more than the 128 that MiniLM/)).not.toHaveLength(0);
    expect(screen.getByText('2 things to settle first')).toBeVisible();
    await user.click(screen.getByRole('button', { name: /^Run/ }));
    expect(asked.some(({ path }) => path === 'runs.create')).toBe(false);
    expect(field('Reviews')).toHaveFocus();
  });

  it('leads from an issue to its field', async () => {
    visit('/new?repeats=99');
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.click(screen.getByRole('button', { name: 'Repeats' }));
    expect(field('Repeats')).toHaveFocus();
  });

  it('disables what cannot be chosen and says why', async () => {
    renderApp(<NewRun />);
    await form();
    const digits = radio('Handwritten digits');
    expect(digits).toBeDisabled();
    expect(digits).toHaveAccessibleDescription(/reads text, Handwritten digits holds images/);
  });

  it('shows what the server finds wrong, by field', async () => {
    renderApp(<NewRun />, {
      'runs.preview': () => ({
        ...preview,
        prediction: null,
        byPlace: [],
        identicalRunIds: [],
        issues: [
          { field: 'measurement.batchSize', message: '16 does not fit into memory: use 4.' },
        ],
      }),
    });
    await form();
    expect(await screen.findAllByText(/does not fit into memory/)).toHaveLength(2);
    expect(field('Reviews per batch')).toBeInvalid();
  });

  it('offers the identical run that exists', async () => {
    renderApp(<NewRun />);
    await form();
    expect(await screen.findByRole('link', { name: `open ${doneRun.id}` })).toHaveAttribute(
      'href',
      `/runs/${doneRun.id}`,
    );
    expect(screen.getByRole('button', { name: 'Run again' })).toBeVisible();
  });

  it('takes a custom link', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />);
    await form();
    await user.click(radio('Custom'));
    await user.clear(field('RTT, ms'));
    await user.type(field('RTT, ms'), '12.5');
    await waitFor(() =>
      expect(asked.at(-1)).toMatchObject({
        path: 'runs.preview',
        input: { network: { name: 'custom', backend: 'inline', rttMs: 12.5 } },
      }),
    );
  });

  it('shows the spec as JSON and the command that runs it', async () => {
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.click(screen.getByRole('tab', { name: 'JSON' }));
    const text = screen.getByRole('region', { name: 'Run spec as JSON' }).textContent;
    expect(JSON.parse(text)).toEqual(pumaSpec);
    await user.click(screen.getByRole('tab', { name: 'CLI' }));
    expect(screen.getByRole('region', { name: 'Command' })).toHaveTextContent(
      /npm run parley -- run .*\.json/,
    );
  });

  it('forks a run', async () => {
    visit('/new?fork=r_4dx81ppa');
    renderApp(<NewRun />, { 'runs.get': () => ({ ...doneRun, spec: exactSpec }) });
    await form();
    expect(screen.getByText(/Forked from run/)).toBeVisible();
    expect(screen.getAllByRole('radio', { name: 'Exact, by series' })[0]).toBeChecked();
  });

  it('says when the catalog or the start fails', async () => {
    const user = userEvent.setup();
    const { unmount } = renderApp(<NewRun />, {
      'catalog.get': () => {
        throw new Error('the zoo is not unpacked');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('The zoo is not unpacked.');
    unmount();
    renderApp(<NewRun />, {
      'runs.create': () => {
        throw new Error('the disk is full');
      },
    });
    await form();
    await user.click(await screen.findByRole('button', { name: /^Run/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent('the disk is full');
  });
});

describe('draft', () => {
  it('of a spec is that spec again', () => {
    for (const spec of [pumaSpec, exactSpec]) {
      expect(checkDraft(draftOf(spec), catalog)).toEqual({ spec, issues: [] });
    }
  });

  it.each([
    ['dataset.samples', 1_000_000, /1,000,000 is more than the 240/],
    ['dataset.samples', '', /Fill this in/],
    ['measurement.batchSize', 1.5, /whole number/],
    ['measurement.repeats', 99, /at most 20/],
    ['sequenceLength', 2, /at least 4/],
  ] as const)('with %s = %s is refused by name', (path, value, message) => {
    const draft = draftOf(pumaSpec);
    if (path === 'dataset.samples') draft.dataset.samples = value;
    if (path === 'measurement.batchSize') draft.measurement.batchSize = value;
    if (path === 'measurement.repeats') draft.measurement.repeats = value;
    if (path === 'sequenceLength') draft.sequenceLength = value;
    const { spec, issues } = checkDraft(draft, catalog);
    expect(spec).toBeNull();
    expect(issues).toHaveLength(1);
    expect(issues[0]?.field).toBe(path);
    expect(issues[0]?.message).toMatch(message);
  });

  it('survives the address', () => {
    const draft = draftOf(exactSpec);
    draft.dataset.samples = 4;
    draft.network = {
      name: 'mine',
      backend: 'inline',
      bitsPerSecond: 1e8,
      rttMs: 7,
      topology: 'pair',
    };
    draft.seed = { kind: 'insecure', value: '42' };
    const query = writeQuery('exact-minilm2-imdb-lan', draft, catalog);
    expect(query.toString()).not.toContain('gelu');
    expect(readQuery(query, catalog)?.draft).toEqual(draft);
  });
});

it('an address that names an unknown preset or network is told so', () => {
  const sentences = (query: string) => unknownChoices(new URLSearchParams(query), catalog);
  expect(sentences('preset=nope&network=mars')).toEqual([
    expect.stringContaining('preset "nope", which is not here; known: '),
    expect.stringContaining('network "mars", which is not here; known: '),
  ]);
  expect(sentences('network=mine&rate=1000000&rtt=3')).toEqual([]);
  expect(sentences(`preset=${catalog.presets[0]?.id ?? ''}`)).toEqual([]);
});
