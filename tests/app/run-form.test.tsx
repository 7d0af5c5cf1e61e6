import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { NewRun } from '../../app/new/new-run.tsx';
import { checkDraft } from '../../app/_lib/check-draft.ts';
import { draftOf } from '../../app/_lib/spec-draft.ts';
import { readQuery, unknownChoices, writeQuery } from '../../app/_lib/spec-query.ts';
import {
  catalog,
  cryptenSpec,
  dealtRun,
  doneRun,
  exactSpec,
  preview,
  pumaSpec,
  runInState,
} from '../support/fixtures.ts';
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

  it('keeps a long list of functions short, but never hides the chosen one', async () => {
    visit('/new?gelu=crypten-hardtanh');
    const user = userEvent.setup();
    const more = ['crypten-tanh', 'crypten-erf', 'crypten-hardtanh'].map((id) => ({
      id,
      title: id,
      description: 'As CrypTen has it.',
      source: null,
    }));
    renderApp(<NewRun />, {
      'catalog.get': () => ({ ...catalog, gelu: [...catalog.gelu, ...more] }),
    });
    await form();
    const group = screen.getByRole('group', { name: /^GELU/ });
    expect(within(group).getAllByRole('radio')).toHaveLength(4);
    expect(within(group).getByRole('radio', { name: 'crypten-hardtanh' })).toBeChecked();
    await user.click(within(group).getByRole('button', { name: '2 more for GELU' }));
    expect(within(group).getAllByRole('radio')).toHaveLength(6);
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

  it('offers every protocol with what it protects, and its own fraction bits', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />);
    await form();
    expect(await screen.findByText(/Any two of the three have all components/)).toBeVisible();
    expect(screen.queryByRole('group', { name: /Who deals/ })).toBeNull();
    await user.click(radio('Additive sharing, CrypTen'));
    expect(field('Fraction bits')).toHaveValue('16');
    expect(screen.getByText(/Local truncation by m bits: with probability/)).toBeVisible();
    expect(radio('A dealer')).toBeChecked();
    // The default is left out of the spec: both forms have one hash.
    await waitFor(() =>
      expect(asked.at(-1)).toMatchObject({
        path: 'runs.preview',
        input: {
          protocol: { variant: 'additive/crypten', ring: { bits: 64, fractionBits: 16 } },
        },
      }),
    );
    expect(JSON.stringify(asked.at(-1)?.input)).not.toContain('correlations');
    expect(screen.getByText(/2 parties and a dealer, each a process/)).toBeVisible();
  });

  it('warns of an insecure first party before the run, and forgets it with the protocol', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />);
    await form();
    await user.click(radio('Additive sharing, CrypTen'));
    await user.click(radio('Party 0 itself, insecure'));
    expect(screen.getAllByText(/No privacy against party 0/).length).toBeGreaterThanOrEqual(2);
    await waitFor(() =>
      expect(asked.at(-1)?.input).toMatchObject({
        protocol: { correlations: 'insecureFirstParty' },
      }),
    );
    await waitFor(() => expect(window.location.search).toContain('correlations=insecure'));
    await user.click(radio('Replicated sharing, ABY3'));
    expect(screen.queryByText(/No privacy against party 0/)).toBeNull();
    expect(screen.queryByText(/to settle first/)).toBeNull();
  });

  it('refuses correlations where nobody deals, at their field', async () => {
    visit('/new?correlations=insecureFirstParty');
    renderApp(<NewRun />);
    await form();
    expect(screen.getAllByText(/needs nobody to deal correlations/)).not.toHaveLength(0);
    expect(screen.getByRole('button', { name: 'Correlations' })).toBeVisible();
  });

  it('shows online, offline and rounds of the price apart', async () => {
    renderApp(<NewRun />, {
      'runs.preview': () => ({ ...preview, prediction: { ...dealtRun.prediction, agrees: null } }),
    });
    await form();
    const panel = screen.getByRole('complementary', { name: 'Preview' });
    expect(await within(panel).findByText('1,204')).toBeVisible();
    expect(within(panel).getByText('Per party, online').parentElement).toHaveTextContent('210 MB');
    expect(within(panel).getByText('Dealer, offline').parentElement).toHaveTextContent('345 MB');
  });

  it('keeps what is typed: 2.5 is not 25, and letters are named', async () => {
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.clear(field('Repeats'));
    await user.type(field('Repeats'), '2.5');
    expect(field('Repeats')).toHaveValue('2.5');
    expect(screen.getAllByText(/2\.5 is not a whole number/)).not.toHaveLength(0);
    await user.clear(field('Repeats'));
    await user.type(field('Repeats'), 'ten');
    expect(field('Repeats')).toHaveValue('ten');
    expect(screen.getAllByText(/ten is not a whole number/)).not.toHaveLength(0);
    await user.clear(field('Repeats'));
    await user.type(field('Repeats'), '3');
    expect(screen.queryByText(/to settle first/)).toBeNull();
  });

  it('a preset overwrites what was typed', async () => {
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.clear(field('Reviews'));
    await user.type(field('Reviews'), '7');
    await user.click(radio('Quad + 2Quad'));
    expect(field('Reviews')).toHaveValue('16');
  });

  it('shows the spec as JSON and the command that runs it', async () => {
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.click(screen.getByRole('tab', { name: 'JSON' }));
    const text = await screen.findByRole<HTMLTextAreaElement>('textbox', {
      name: 'Run spec as JSON',
    });
    expect(JSON.parse(text.value)).toEqual(pumaSpec);
    await user.click(screen.getByRole('tab', { name: 'CLI' }));
    expect(screen.getByRole('region', { name: 'Command' })).toHaveTextContent(
      /npm run parley -- run .*\.json/,
    );
  });

  it('forks a run', async () => {
    const user = userEvent.setup();
    visit('/new?fork=r_4dx81ppa');
    const answers = { 'runs.get': () => ({ ...doneRun, spec: exactSpec }) };
    const first = renderApp(<NewRun />, answers);
    await form();
    expect(screen.getByText(/Forked from run/)).toBeVisible();
    expect(screen.getAllByRole('radio', { name: 'Exact, by series' })[0]).toBeChecked();
    const repeats = screen.getByRole('textbox', { name: 'Repeats' });
    await user.clear(repeats);
    await user.type(repeats, '9');
    await waitFor(() => expect(window.location.search).toMatch(/repeats=9.*fork=r_4dx81ppa/));

    // The page is loaded again: what was changed is there, and from which run it was.
    first.unmount();
    visit(`${window.location.pathname}${window.location.search}`);
    renderApp(<NewRun />, answers);
    await form();
    expect(screen.getByText(/Forked from run/)).toBeVisible();
    expect(screen.getByRole('textbox', { name: 'Repeats' })).toHaveValue('9');
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
    const insecure = {
      ...cryptenSpec,
      protocol: { ...cryptenSpec.protocol, correlations: 'insecureFirstParty' as const },
    };
    for (const spec of [pumaSpec, exactSpec, cryptenSpec, insecure]) {
      expect(checkDraft(draftOf(spec), catalog)).toEqual({ spec, issues: [] });
    }
  });

  it.each([
    ['dataset.samples', 1_000_000, /1,000,000 is more than the 240/],
    ['dataset.samples', '', /Fill this in/],
    ['measurement.batchSize', 1.5, /whole number/],
    ['measurement.batchSize', 8, /A batch of 8 is more than the 5 reviews of this run/],
    ['measurement.repeats', 99, /at most 20/],
    ['sequenceLength', 2, /at least 4/],
  ] as const)('with %s = %s is refused by name', (path, value, message) => {
    const draft = draftOf(pumaSpec);
    if (path === 'dataset.samples') draft.dataset.samples = value;
    if (path === 'measurement.batchSize') {
      draft.dataset.samples = 5;
      draft.measurement.batchSize = value;
    }
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

it('an address that names a protocol means its own fraction bits, unless it says others', () => {
  const read = (query: string) => readQuery(new URLSearchParams(query), catalog)?.draft;
  const crypten = read('protocol=additive%2Fcrypten');
  expect(crypten?.protocol.ring.fractionBits).toBe(16);
  const finer = read('protocol=additive%2Fcrypten&fractionBits=18');
  expect(finer?.protocol.ring.fractionBits).toBe(18);
  for (const draft of [crypten, finer]) {
    if (draft === undefined) throw new Error('the catalog has presets');
    const query = writeQuery('puma-minilm2-imdb-lan', draft, catalog);
    expect(readQuery(query, catalog)?.draft).toEqual(draft);
  }
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
