/** Finished runs next to each other: what is shown, what is warned of, what they are called. */
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { distinctNames } from '../../app/_lib/describe-spec.ts';
import { ComparePage } from '../../app/compare/compare-page.tsx';
import { Comparison } from '../../app/compare/comparison.tsx';
import { PapersComparison, paperRuns } from '../../app/compare/papers-comparison.tsx';
import { Published } from '../../app/s/published.tsx';
import type { ComparedRun } from '../../server/api/schemas/compare-run.ts';
import { compared, named } from '../compare/fixtures.ts';
import {
  catalog,
  cryptenSpec,
  dealtRun,
  doneRun,
  exactRun,
  exactSpec,
  pumaSpec,
  quadRun,
  shapeRun,
  summaryOf,
} from '../support/fixtures.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit } from './render.tsx';
import { rowOf } from './results-server.ts';

const insecureSpec = {
  ...cryptenSpec,
  protocol: { ...cryptenSpec.protocol, correlations: 'insecureFirstParty' as const },
};
const note = 'random weights: latency and cost only';

function compare(...runs: readonly ComparedRun[]): void {
  renderApp(<Comparison runs={named(...runs)} />);
}

const puma = compared(doneRun);
const quad = compared(quadRun);
const exact = compared(exactRun);

describe('a comparison', () => {
  beforeEach(() => visit('/'));

  it('of two shows every setting; of more only what differs, until asked', async () => {
    const user = userEvent.setup();
    compare(puma, quad, exact);
    const table = await screen.findByRole('region', { name: 'Comparison table' });
    expect(within(table).getByRole('row', { name: /GELU PUMA Quad tanh/ })).toBeVisible();
    expect(within(table).getByRole('row', { name: /Rounds.*742.*486/ })).toBeVisible();
    expect(within(table).queryByText('Model')).toBeNull();
    await user.click(screen.getByRole('switch', { name: /Only what differs \(\d+ equal/ }));
    expect(within(table).getByText('Model')).toBeVisible();
    cleanup();
    compare(puma, quad);
    expect(await screen.findByText('Model')).toBeVisible();
  });

  it('shows difference and ratio to the pinned run', async () => {
    compare(puma, quad);
    const table = await screen.findByRole('region', { name: 'Comparison table' });
    expect(
      within(table).getByRole('row', { name: /Rounds.*742.*486\s*−256, ×0\.655/ }),
    ).toBeVisible();
  });

  it('turns with the key T', async () => {
    const user = userEvent.setup();
    compare(puma, quad);
    const table = await screen.findByRole('region', { name: 'Comparison table' });
    expect(within(table).getByRole('rowheader', { name: /^Rounds/ })).toBeVisible();
    await user.keyboard('t');
    expect(within(table).getByRole('columnheader', { name: /^Rounds/ })).toBeVisible();
    expect(within(table).getByRole('rowheader', { name: /^Quad \+ 2Quad/ })).toBeVisible();
  });

  it('says a verdict with intervals, and no order across machines', async () => {
    compare(puma, quad);
    const verdict = await screen.findByRole('region', { name: 'Verdict' });
    expect(verdict).toHaveTextContent(/Quad \+ 2Quad is faster, ×0\.\d+ of PUMA/);
    cleanup();
    compare(puma, { ...quad, machine: 'Apple M4, 10 cores' });
    const other = await screen.findByRole('region', { name: 'Verdict' });
    expect(other).not.toHaveTextContent(/faster/);
    expect(other).toHaveTextContent(/Measured on different machines/);
  });

  it('one switch changes table and picture alike', async () => {
    const user = userEvent.setup();
    compare(puma, quad);
    const table = await screen.findByRole('region', { name: 'Comparison table' });
    expect(
      within(table).getByRole('row', { name: /^Sent per party.*per sample.*37\.1\sMB/ }),
    ).toBeVisible();
    await user.selectOptions(screen.getByLabelText('Bytes counted'), 'total');
    await user.click(screen.getByRole('radio', { name: 'per batch' }));
    await user.click(screen.getByRole('radio', { name: 'GiB' }));
    expect(
      within(table).getByRole('row', { name: /^Sent, all parties.*per batch.*424\sMiB/ }),
    ).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'Bars' }));
    await user.selectOptions(screen.getByLabelText('Number shown'), 'bytes');
    expect(screen.getByRole('img', { name: /^Sent, all parties.*PUMA 424\sMiB/ })).toBeVisible();
  });

  it('of two says where the seconds went, and aligns both profiles', async () => {
    const user = userEvent.setup();
    compare(puma, quad);
    const delta = await screen.findByRole('region', { name: 'Where the difference went' });
    expect(
      within(delta).getByRole('img', { name: /^From PUMA \(6\.21\ss\) to Quad/ }),
    ).toBeVisible();
    await user.click(within(delta).getByRole('radio', { name: 'Table' }));
    expect(within(delta).getByRole('row', { name: /^Sum 6\.21\ss/ })).toBeVisible();
    const profiles = screen.getByRole('region', { name: 'Profiles side by side' });
    expect(within(profiles).getByRole('row', { name: /^Embedding/ })).toBeVisible();
    cleanup();
    compare(puma, quad, exact);
    await screen.findByRole('region', { name: 'Comparison table' });
    expect(screen.queryByRole('region', { name: 'Where the difference went' })).toBeNull();
  });

  it('draws every picture, each with its table', async () => {
    const user = userEvent.setup();
    compare(puma, quad, exact);
    for (const picture of ['Pareto', 'Scatter', 'Bars', 'Parallel']) {
      await user.click(await screen.findByRole('radio', { name: picture }));
      const charts = screen.getByRole('region', { name: 'Charts' });
      expect(within(charts).getByRole('img')).toHaveAccessibleName(/.{40}/);
      await user.click(within(charts).getByRole('radio', { name: 'Table' }));
      expect(within(charts).getAllByRole('row').length).toBeGreaterThan(2);
      await user.click(within(charts).getByRole('radio', { name: 'Chart' }));
    }
  });

  it('warns when the runs differ in more than their functions', async () => {
    const dataset = { ...exactSpec.dataset, samples: 4 };
    compare(puma, { ...exact, spec: { ...exactSpec, dataset } });
    expect(await screen.findByText(/also differ in reviews/)).toBeVisible();
  });

  it('keeps the runs of a range on an axis, by keyboard, and names them', async () => {
    const user = userEvent.setup();
    compare(puma, quad, exact);
    await user.click(await screen.findByRole('radio', { name: 'Parallel' }));
    const ranges = screen.getByRole('region', { name: 'Ranges' });
    expect(ranges).toHaveTextContent('Move a handle');
    within(ranges).getByRole('slider', { name: 'Rounds, to' }).focus();
    await user.keyboard('{ArrowLeft>30/}');
    expect(ranges).toHaveTextContent('1 of 3 runs in the ranges.');
    const kept = within(ranges).getByRole('list', { name: 'Runs in the ranges' });
    expect(kept).toHaveTextContent('Quad + 2Quad');
    await user.click(within(ranges).getByRole('button', { name: 'Drop the ranges' }));
    expect(ranges).toHaveTextContent('Move a handle');
  });

  it('shows what an imported run has, and that the rest is not in its file', async () => {
    const figures = { rounds: 12, latency: 100 };
    compare(puma, { ...quad, headline: null, provenance: 'imported', figures });
    const table = await screen.findByRole('region', { name: 'Comparison table' });
    expect(within(table).getByRole('row', { name: /^Rounds.*742.*12.*imported/ })).toBeVisible();
    expect(within(table).getByRole('row', { name: /^Peak memory.*not in the file/ })).toBeVisible();
    const verdict = screen.getByRole('region', { name: 'Verdict' });
    expect(verdict).toHaveTextContent(/some numbers are imported/);
  });

  it('warns when protocol and functions differ at once, and when a run gave up privacy', async () => {
    compare(exact, compared({ ...dealtRun, spec: insecureSpec }));
    expect(await screen.findByText(/Protocol and functions differ at once/)).toBeVisible();
    expect(screen.getByText(/gave up privacy \(insecure first party\)/)).toBeVisible();
    const table = screen.getByRole('region', { name: 'Comparison table' });
    expect(
      within(table).getByRole('row', {
        name: /^Online \+ offline.*11\.4\ss.*nothing offline.*8\.31\ss/,
      }),
    ).toBeVisible();
    expect(
      within(table).getByRole('row', { name: /dealer, offline.*no dealer.*345\sMB/ }),
    ).toBeVisible();
  });

  it('warns when a compared run had another network than it asked for', async () => {
    compare(puma, { ...exact, linkVerdict: 'not met' });
    expect(await screen.findByText(/Link not met in Exact \(series\)/)).toBeVisible();
  });

  it('of random weights compares costs, and leaves them out of the picture of accuracies', async () => {
    compare(puma, compared(shapeRun));
    const table = await screen.findByRole('region', { name: 'Comparison table' });
    const row = within(table).getByRole('row', { name: /^Secure accuracy/ });
    expect(row).toHaveTextContent(/81\.3 %/);
    expect(row).toHaveTextContent(note);
    expect(screen.getByRole('img', { name: /^Secure accuracy against/ })).not.toHaveAccessibleName(
      /bert-base/,
    );
    expect(screen.getByText(/also differ in model/)).toBeVisible();
    expect(screen.queryByText(/gave up privacy/)).toBeNull();
  });

  it('has no picture of accuracies where there is none', async () => {
    compare(compared({ ...shapeRun, id: 'r_other' }), compared(shapeRun));
    await screen.findByRole('region', { name: 'Comparison table' });
    expect(screen.queryByRole('radio', { name: 'Pareto' })).toBeNull();
    expect(screen.getByRole('img', { name: /^Time online, per sample/ })).toBeVisible();
    expect(screen.queryByText(/accuracies a few points apart/)).toBeNull();
  });
});

describe('the comparison page', () => {
  const answers = {
    'compare.runs': ({ ids }: { ids: readonly string[] }) => ({
      runs: ids.flatMap((id) => [puma, quad, exact].find((run) => run.id === id) ?? []),
      missing: ids.filter((id) => ![puma, quad, exact].some((run) => run.id === id)),
    }),
    'results.ids': () => ({ ids: [exact.id], archived: 0 }),
    'results.rows': () => [rowOf(exactRun)],
  };
  const rail = () => screen.findByRole('complementary', { name: 'Compared runs' });

  it('asks once for all runs, whatever is shown', async () => {
    visit(`/compare?runs=${puma.id},${quad.id},gone`);
    const { asked } = renderApp(<ComparePage />, answers);
    expect(await screen.findByText(/Not stored here: gone/)).toBeVisible();
    const wanted = asked.filter(({ path }) => path === 'compare.runs');
    expect(wanted.map(({ input }) => input)).toEqual([{ ids: [puma.id, quad.id, 'gone'] }]);
  });

  it('keeps the picture and its axes in the address', async () => {
    const user = userEvent.setup();
    visit(`/compare?runs=${doneRun.id},${quadRun.id}&chart=scatter,rounds,bytes,log`);
    renderApp(<ComparePage />);
    expect(await screen.findByRole('img', { name: /against rounds/ })).toBeVisible();
    expect(screen.getByRole('combobox', { name: 'Horizontal scale' })).toHaveValue('log');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Vertical' }), 'memory');
    expect(window.location.search).toContain('chart=scatter,rounds,memory,log');
    await user.click(screen.getByRole('radio', { name: 'Parallel' }));
    expect(window.location.search).toContain('chart=parallel');
  });

  it('adds by search, moves by keyboard, hides, pins and removes; the address says so', async () => {
    const user = userEvent.setup();
    visit(`/compare?runs=${puma.id},${quad.id}`);
    renderApp(<ComparePage />, answers);
    const list = await rail();
    await user.type(within(list).getByLabelText('Add a run'), 'exact');
    await user.click(await within(list).findByRole('button', { name: /Exact \(series\)/ }));
    await within(list).findByRole('link', { name: /^Exact/ });
    expect(window.location.search).toBe(`?runs=${puma.id},${quad.id},${exact.id}`);
    within(list)
      .getByRole('button', { name: /^Order of Exact/ })
      .focus();
    await user.keyboard('{ArrowUp}');
    expect(window.location.search).toBe(`?runs=${puma.id},${exact.id},${quad.id}`);
    await user.click(
      await within(list).findByRole('button', { name: 'Pin Exact (series) as baseline' }),
    );
    expect(window.location.search).toContain(`base=${exact.id}`);
    await user.click(within(list).getByRole('button', { name: 'Hide PUMA' }));
    expect(window.location.search).toContain(`hidden=${puma.id}`);
    await user.click(within(list).getByRole('button', { name: 'Remove PUMA' }));
    expect(window.location.search).toContain(`runs=${exact.id},${quad.id}`);
  });

  it('says before copying that a loopback link opens on this machine only', async () => {
    const user = userEvent.setup();
    visit(`/compare?runs=${puma.id},${quad.id}`);
    const published: unknown[] = [];
    renderApp(<ComparePage />, {
      ...answers,
      'permalinks.address': () => ({ publicUrl: 'http://127.0.0.1:4300' }),
      'permalinks.publishComparison': (input: never) => {
        published.push(input);
        return { slug: 'abcdefgh', path: '/s/abcdefgh', contentHash: 'f' };
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Share' }));
    expect(await screen.findByText(/Only this machine can open this link/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Copy link' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Publish' }));
    expect(await screen.findByLabelText('Permalink')).toHaveValue(
      'http://127.0.0.1:4300/s/abcdefgh',
    );
    expect(published).toEqual([
      {
        ids: [puma.id, quad.id],
        base: puma.id,
        units: 'sent,GB,sample,online',
        view: null,
        expiresInDays: null,
      },
    ]);
  });

  it('is empty without runs, and offers the results', async () => {
    visit('/compare');
    renderApp(<ComparePage />, answers);
    expect(await screen.findByText('Nothing to compare yet')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Choose among the results' })).toHaveAttribute(
      'href',
      '/results',
    );
  });
});

describe('three papers on Home', () => {
  it('links the newest runs, and runs what is missing', async () => {
    const user = userEvent.setup();
    const vit = {
      ...pumaSpec,
      model: 'vit-cifar',
      protocol: { ...cryptenSpec.protocol, variant: 'additive/semi2k' as const },
    };
    const presets = [
      { id: 'p', title: '', description: '', source: null, spec: pumaSpec },
      { id: 'v', title: '', description: '', source: null, spec: vit },
    ];
    const found = paperRuns({ ...catalog, presets }, [quadRun, doneRun].map(summaryOf));
    expect(found).toEqual([
      { name: 'MPCFormer', runId: quadRun.id, presetId: null },
      { name: 'PUMA', runId: doneRun.id, presetId: 'p' },
      { name: 'MPCViT', runId: null, presetId: 'v' },
    ]);
    const { asked } = renderApp(
      <PapersComparison
        catalog={{ ...catalog, presets }}
        done={[quadRun, doneRun].map(summaryOf)}
      />,
      { 'runs.create': () => ({ ...doneRun, id: 'r_vit' }) },
    );
    expect(screen.getByRole('link', { name: 'Compare those that have run' })).toHaveAttribute(
      'href',
      `/compare?runs=${quadRun.id},${doneRun.id}`,
    );
    const list = screen.getByRole('region', { name: 'Three papers' });
    expect(within(list).getByRole('link', { name: 'MPCViT' })).toHaveAttribute(
      'href',
      '/new?preset=v',
    );
    // Not run yet: its price, and one click that runs it and compares all three.
    expect(await within(list).findByText(/rounds, .* for the whole run/)).toBeVisible();
    await user.click(within(list).getByRole('button', { name: 'Run the missing one and compare' }));
    await waitFor(() =>
      expect(navigation.push).toHaveBeenCalledWith(
        `/compare?runs=${quadRun.id},${doneRun.id},r_vit`,
      ),
    );
    expect(asked.filter(({ path }) => path === 'runs.create')).toEqual([
      { path: 'runs.create', input: vit },
    ]);
  });
});

describe('published links', () => {
  it('lists them and takes them back', async () => {
    const user = userEvent.setup();
    let live = [
      {
        slug: 'aaaa',
        path: '/s/aaaa',
        kind: 'comparison',
        title: 'PUMA against Quad',
        createdAt: '2026-11-22T18:00:00Z',
        expiresAt: null,
        contentHash: 'c0ffee',
      },
    ];
    visit('/s');
    renderApp(<Published />, {
      'permalinks.published': () => live,
      'permalinks.revoke': () => {
        live = [];
        return { revokedAt: '2026-11-22T19:00:00Z' };
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Take back PUMA against Quad' }));
    expect(await screen.findByText('Nothing is published')).toBeVisible();
  });
});

describe('names of compared runs', () => {
  it('say what differs, and never repeat', () => {
    const four = { ...pumaSpec, dataset: { ...pumaSpec.dataset, samples: 4 } };
    expect(distinctNames([pumaSpec, exactSpec])).toEqual(['PUMA', 'Exact (series)']);
    expect(distinctNames([pumaSpec, four])).toEqual(['PUMA, 16 reviews', 'PUMA, 4 reviews']);
    expect(distinctNames([pumaSpec, pumaSpec])).toEqual(['PUMA (1)', 'PUMA (2)']);
    expect(distinctNames([pumaSpec, cryptenSpec, insecureSpec])).toEqual([
      'PUMA, replicated/aby3, 18 fraction bits',
      'PUMA, additive/crypten, 16 fraction bits',
      'PUMA, additive/crypten, insecure first party, 16 fraction bits',
    ]);
  });
});
