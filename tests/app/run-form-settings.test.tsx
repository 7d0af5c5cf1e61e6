import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { NewRun } from '../../app/new/new-run.tsx';
import { headPresets, randomHeads } from '../../app/new/paint.ts';
import { draftOf, withModel } from '../../app/_lib/spec-draft.ts';
import { readQuery, writeQuery } from '../../app/_lib/spec-query.ts';
import { listOf, splitDraft } from '../../app/_lib/sweep-draft.ts';
import { expandSweep, type Sweep, type SweepPrice } from '../../server/api/schemas/sweep.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { catalog, preview, pumaSpec } from '../support/fixtures.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit } from './render.tsx';

const form = () => screen.findByRole('form', { name: 'Run' });
const field = (name: string | RegExp) => screen.getByRole('textbox', { name });
const presetId = catalog.presets[0]?.id ?? '';

const vit: Catalog['models'][number] = {
  id: 'vit_7_4_32',
  title: 'ViT-Lite',
  description: 'Seven layers.',
  source: null,
  kind: 'image',
  randomWeights: true,
  minLength: 65,
  maxLength: 65,
  labels: [],
  datasets: ['random'],
  reportedAccuracy: null,
  layers: 7,
  heads: 4,
  headKinds: Array.from({ length: 7 }, () => Array<'softmax'>(4).fill('softmax')),
};
const withVit: Catalog = {
  ...catalog,
  models: [...catalog.models, vit],
  datasets: [
    ...catalog.datasets,
    {
      id: 'random',
      title: 'Random inputs',
      description: 'Seeded.',
      source: null,
      kind: 'any',
      samples: 500,
    },
  ],
};

const priced = (sweep: Sweep): SweepPrice => {
  const entries = expandSweep(sweep).map((spec, index) => ({
    specHash: `hash${index}`,
    spec,
    issues: [],
    latency: { onlineMs: 1000, offlineMs: 0, low80: 800, high80: 1200, basis: 3 },
    runMs: 60_000,
    totalBytes: 1e6,
    identicalRuns: 0,
    identicalRunId: null,
  }));
  return { count: entries.length, entries, totalMs: 60_000 * entries.length, waitMs: 0 };
};

beforeEach(() => visit('/new'));

describe('protocol settings', () => {
  it('name a custom variant, and lead back to the variant itself', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />);
    await form();
    const truncation = screen.getByRole('combobox', { name: 'Truncation' });
    expect(truncation).toHaveValue('separate');
    expect(
      within(truncation).getByRole('option', { name: /local truncation: Three parties/ }),
    ).toBeDisabled();
    await user.selectOptions(truncation, 'fused');
    const bits = field('Fraction bits');
    await user.clear(bits);
    await user.type(bits, '16');
    expect(
      screen.getByText('replicated/aby3 with 16 fraction bits, fused truncation'),
    ).toBeVisible();
    expect(screen.getByText(/may be as large as 2,147,483,648/)).toBeVisible();
    await waitFor(() =>
      expect(asked.at(-1)).toMatchObject({
        path: 'runs.preview',
        input: { protocol: { truncation: 'fused', ring: { fractionBits: 16 } } },
      }),
    );
    await waitFor(() => expect(window.location.search).toContain('truncation=fused'));
    await user.click(screen.getByRole('button', { name: 'Back to replicated/aby3' }));
    expect(truncation).toHaveValue('separate');
    expect(bits).toHaveValue('18');
    await waitFor(() => expect(window.location.search).not.toContain('fused'));
  });

  it('say what a local truncation risks', async () => {
    visit('/new?protocol=additive/crypten');
    renderApp(<NewRun />);
    await form();
    expect(screen.getByText(/wrong by the whole ring with probability/)).toBeVisible();
  });

  it('refuse a step from the address that the variant cannot have, at its field', async () => {
    visit('/new?truncation=local');
    renderApp(<NewRun />);
    await form();
    expect(screen.getAllByText(/replicated\/aby3 cannot have it/)).not.toHaveLength(0);
    expect(screen.getByRole('button', { name: 'Truncation' })).toBeVisible();
  });
});

describe('length and LayerNorm', () => {
  const own: Catalog = {
    ...catalog,
    models: catalog.models.map((model) => ({ ...model, layerNorm: true, padded: true })),
  };

  it('are offered where the model has them, reach spec and address, and leave again with it', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />, { 'catalog.get': () => own });
    await form();
    const length = screen.getByRole('combobox', { name: 'Length' });
    expect(length).toHaveValue('hidden');
    await user.selectOptions(length, 'public');
    await user.click(screen.getByRole('radio', { name: 'Linear' }));
    await waitFor(() =>
      expect(asked.at(-1)).toMatchObject({
        path: 'runs.preview',
        input: { length: 'public', approximations: { layerNorm: 'linear' } },
      }),
    );
    await waitFor(() => expect(window.location.search).toContain('lengths=public'));
    expect(window.location.search).toContain('layernorm=linear');
    await user.selectOptions(length, 'hidden');
    await waitFor(() => expect(window.location.search).not.toContain('lengths='));
  });

  it('are not offered where the model has none, and an address is read back as written', async () => {
    renderApp(<NewRun />);
    await form();
    expect(screen.queryByRole('combobox', { name: 'Length' })).toBeNull();
    expect(screen.queryByRole('radio', { name: 'Linear' })).toBeNull();
    const query = new URLSearchParams({ preset: presetId, lengths: 'public', layernorm: 'linear' });
    const draft = readQuery(query, own)?.draft;
    expect(draft).toMatchObject({ length: 'public', approximations: { layerNorm: 'linear' } });
    if (draft === undefined) throw new Error('no draft');
    expect(writeQuery(presetId, draft, own).toString()).toBe(query.toString());
    expect(withModel(draft, vit.id, { ...own, models: [...own.models, vit] })).not.toHaveProperty(
      'length',
    );
  });
});

describe('the price', () => {
  it('has a latency with its interval and what it rests on, the whole run and the queue', async () => {
    renderApp(<NewRun />, {
      'runs.preview': () => ({ ...preview, queue: { runs: 2, waitMs: 90_000 } }),
    });
    await form();
    const panel = screen.getByRole('complementary', { name: 'Preview' });
    expect(
      await within(panel).findByText(/2\.10 s to 3\.20 s in 80 of 100 cases, corrected by 12/),
    ).toBeVisible();
    expect(
      within(panel).getByText(/2 runs ahead of it: about 90\.0 s|2 runs ahead of it: about 1/),
    ).toBeVisible();
    expect(within(panel).getByText(/The whole run takes about 41\.0 s/)).toBeVisible();
  });
});

describe('a sweep in the form', () => {
  it('lists in number fields and picked values multiply; one click queues all', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />, {
      'runs.priceSweep': priced,
      'runs.createSweep': () => ({ tag: 'sweep-1a2b', ids: ['a', 'b', 'c', 'd'] }),
    });
    await form();
    await user.clear(field('Reviews'));
    await user.type(field('Reviews'), '4, 8');
    await user.click(screen.getByText('Sweep: several runs at once'));
    await user.click(screen.getByRole('checkbox', { name: 'Also by additive/crypten' }));
    const region = await screen.findByRole('region', { name: 'Sweep' });
    await waitFor(() => expect(region).toHaveTextContent(/4 runs, about 4 min/));
    expect(within(region).getAllByRole('row')).toHaveLength(5);
    const queue = screen.getByRole('button', { name: 'Queue 4 runs' });
    await user.click(queue);
    await waitFor(() =>
      expect(navigation.push).toHaveBeenCalledWith('/results?q=tag%3Dsweep-1a2b'),
    );
    expect(asked.find(({ path }) => path === 'runs.createSweep')?.input).toMatchObject({
      axes: [
        { field: 'dataset.samples', values: [4, 8] },
        { field: 'protocol.variant', values: ['replicated/aby3', 'additive/crypten'] },
      ],
    });
  });

  it('above the cap is refused before it is asked', async () => {
    visit('/new?samples=1, 2, 3, 4, 5, 6, 7, 8, 9&repeats=1, 2, 3, 4, 5, 6, 7, 8');
    const { asked } = renderApp(<NewRun />, { 'runs.priceSweep': priced });
    await form();
    expect(screen.getByText(/multiply to 72 runs; one sweep queues at most 64/)).toBeVisible();
    expect(asked.some(({ path }) => path === 'runs.priceSweep')).toBe(false);
  });

  it('reads lists, and only lists', () => {
    expect(listOf('4, 8,16')).toEqual([4, 8, 16]);
    expect(listOf('4,')).toEqual([4]);
    expect(listOf('4, ten')).toBeNull();
    expect(listOf(4)).toBeNull();
  });

  it('survives the address', () => {
    const draft = draftOf(pumaSpec);
    draft.dataset.samples = '4, 8';
    draft.also = { 'protocol.variant': ['additive/crypten'], network: ['wan'] };
    draft.protocol.comparison = 'maskedGates';
    draft.approximations.layers = [
      { gelu: 'puma', softmax: 'puma' },
      { gelu: 'quad', softmax: '2quad' },
    ];
    const query = writeQuery(presetId, draft, catalog);
    expect(readQuery(new URLSearchParams(query.toString()), catalog)?.draft).toEqual(draft);
    expect(splitDraft(draft, catalog).count).toBe(8);
  });
});

describe('painting', () => {
  it('paints heads by keyboard and by preset, and leaves the model’s own out of the spec', async () => {
    visit('/new?model=vit_7_4_32&dataset=random');
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />, { 'catalog.get': () => withVit });
    await form();
    const cell = (layer: number, head: number) =>
      screen.getByRole('button', { name: new RegExp(`^Layer ${layer}, head ${head}:`) });
    cell(1, 1).focus();
    await user.keyboard('{ArrowDown}{ArrowRight}');
    expect(cell(2, 2)).toHaveFocus();
    await user.keyboard('c');
    expect(cell(2, 2)).toHaveAccessibleName('Layer 2, head 2: scaling');
    expect(screen.getByText(/27 softmax, 1 scaling\. Painted\./)).toBeVisible();
    await waitFor(() =>
      expect(
        (asked.at(-1)?.input as { approximations: { heads?: string[][] } } | undefined)
          ?.approximations.heads?.[1],
      ).toEqual(['softmax', 'scale', 'softmax', 'softmax']),
    );
    await user.click(screen.getByRole('button', { name: 'Paint all of layer 7 ReLU' }));
    expect(cell(7, 4)).toHaveAccessibleName('Layer 7, head 4: ReLU');
    await waitFor(() => expect(window.location.search).toContain('heads=ssss.scss'));
    await user.click(screen.getByRole('button', { name: 'All softmax' }));
    await waitFor(() => expect(window.location.search).not.toContain('heads'));
    expect(screen.getByRole('button', { name: 'All softmax' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  });

  it('random heads are MPCViT’s number of them, the same for the same seed', () => {
    const relu = (mu: number, seed: number) =>
      randomHeads(vit, mu, seed)
        .flat()
        .filter((kind) => kind === 'relu').length;
    expect([relu(0.1, 1), relu(0.3, 1), relu(0.5, 2), relu(0.7, 3)]).toEqual([3, 9, 14, 20]);
    expect(randomHeads(vit, 0.3, 1)).toEqual(randomHeads(vit, 0.3, 1));
    expect(randomHeads(vit, 0.3, 1)).not.toEqual(randomHeads(vit, 0.3, 2));
    expect(headPresets(vit).map(({ id }) => id)).toEqual(['softmax', 'relu', 'mu3', 'mu7']);
  });

  it('tokens that keep a GELU are typed by layer, and stand in the address', async () => {
    visit('/new?model=vit_7_4_32&dataset=random');
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />, { 'catalog.get': () => withVit });
    await form();
    await user.click(screen.getByRole('checkbox', { name: /layer by layer \(7\)/ }));
    const tokens = screen.getByRole('textbox', { name: 'Tokens with GELU in layer 2' });
    await user.type(tokens, '0-2, 9');
    await user.tab();
    await waitFor(() =>
      expect(asked.at(-1)?.input).toMatchObject({
        approximations: { layers: { 1: { geluTokens: [0, 1, 2, 9] } } },
      }),
    );
    await waitFor(() => expect(window.location.search).toContain('0-2.9'));
    const draft = readQuery(new URLSearchParams(window.location.search), withVit)?.draft;
    expect(draft?.approximations.layers?.[1]?.geluTokens).toEqual([0, 1, 2, 9]);
    expect(draft?.approximations.layers?.[0]).not.toHaveProperty('geluTokens');
  });

  it('chooses functions layer by layer', async () => {
    const user = userEvent.setup();
    const { asked } = renderApp(<NewRun />);
    await form();
    await user.click(screen.getByRole('checkbox', { name: /layer by layer \(2\)/ }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'GELU of layer 2' }), 'quad');
    await waitFor(() =>
      expect(asked.at(-1)?.input).toMatchObject({
        approximations: {
          layers: [
            { gelu: 'puma', softmax: 'puma' },
            { gelu: 'quad', softmax: 'puma' },
          ],
        },
      }),
    );
  });
});

describe('the spec as text', () => {
  it('can be edited; faults are named by field, and a good one fills the form', async () => {
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.click(screen.getByRole('tab', { name: 'JSON' }));
    const text = await screen.findByRole<HTMLTextAreaElement>('textbox', {
      name: 'Run spec as JSON',
    });
    const put = async (value: string): Promise<void> => {
      await user.clear(text);
      await user.click(text);
      await user.paste(value);
    };
    await put(JSON.stringify({ ...pumaSpec, measurement: { batchSize: 1, repeats: 99 } }));
    expect(screen.getByText(/\(Repeats\)/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Use this spec' })).toBeDisabled();
    await put('{');
    expect(screen.getByRole('alert')).toHaveTextContent('JSON');
    await put(JSON.stringify({ ...pumaSpec, measurement: { batchSize: 1, repeats: 5 } }));
    await user.click(screen.getByRole('button', { name: 'Use this spec' }));
    expect(field('Repeats')).toHaveValue('5');
  });

  it('is a curl command for the REST interface', async () => {
    const user = userEvent.setup();
    renderApp(<NewRun />);
    await form();
    await user.click(screen.getByRole('tab', { name: 'curl' }));
    const command = screen.getByRole('region', { name: 'curl command' }).textContent;
    expect(command).toMatch(/curl -X POST http:\/\/\S+\/api\/v1\/runs/);
    const body = /-d '(.*)'$/s.exec(command)?.[1] ?? '';
    expect(JSON.parse(body)).toEqual(pumaSpec);
  });
});

it('a sweep says which of its runs were made already, and leads to them', async () => {
  visit('/new?batch=1,2');
  renderApp(<NewRun />, {
    'runs.priceSweep': (sweep: Sweep) => {
      const price = priced(sweep);
      const entries = price.entries.map((entry, index) =>
        index === 0 ? { ...entry, identicalRuns: 2, identicalRunId: 'r_before' } : entry,
      );
      return { ...price, entries };
    },
  });
  await form();
  const table = await screen.findByRole('region', { name: 'Runs of the sweep' });
  expect(await within(table).findByText(/was run 2 times already/)).toBeVisible();
  expect(within(table).getByRole('link', { name: 'open the newest' })).toHaveAttribute(
    'href',
    '/runs/r_before',
  );
  expect(within(table).getAllByRole('link')).toHaveLength(1);
});

it('counts the runs of this very spec and offers the newest', async () => {
  renderApp(<NewRun />, {
    'runs.preview': () => ({ ...preview, identicalRuns: 3, identicalRunIds: ['r3', 'r2', 'r1'] }),
  });
  await form();
  expect(await screen.findByText(/3 finished runs with exactly this spec/)).toBeVisible();
  expect(screen.getByRole('link', { name: /open the newest/ })).toHaveAttribute('href', '/runs/r3');
});

describe('on a phone', () => {
  it('folds the blocks to one line, keeps price and Run in reach, and opens what has a fault', async () => {
    const wide = window.matchMedia;
    window.matchMedia = (query) =>
      Object.assign(wide(query), { matches: query.includes('max-width') });
    try {
      visit('/new?repeats=99');
      const user = userEvent.setup();
      renderApp(<NewRun />);
      await form();
      const network = screen.getByRole('button', { name: /Network/ });
      expect(network).toHaveAttribute('aria-expanded', 'false');
      expect(screen.queryByRole('radio', { name: 'LAN' })).toBeNull();
      await user.click(network);
      expect(screen.getByRole('radio', { name: 'LAN' })).toBeVisible();
      const bar = screen.getByRole('region', { name: 'Price and start' });
      expect(bar).toHaveTextContent('1 thing to settle');
      expect(screen.getByRole('button', { name: /Measurement To settle/ })).toBeVisible();
      await user.click(within(bar).getByRole('button', { name: /^Run/ }));
      expect(field('Repeats')).toHaveFocus();
      await user.clear(field('Repeats'));
      await user.type(field('Repeats'), '3');
      await waitFor(() => expect(bar).toHaveTextContent(/2\.60 s · .* a party · 742 rounds/));
    } finally {
      window.matchMedia = wide;
    }
  });
});
