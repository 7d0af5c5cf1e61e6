import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { Home } from '../../app/_home/home.tsx';
import { Results } from '../../app/results/results.tsx';
import { distinctNames } from '../../app/_lib/describe-spec.ts';
import {
  cryptenSpec,
  dealtRun,
  doneRun,
  exactRun,
  exactSpec,
  pumaSpec,
  quadRun,
  runInState,
  summaryOf,
} from '../support/fixtures.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit } from './render.tsx';

const insecureSpec = {
  ...cryptenSpec,
  protocol: { ...cryptenSpec.protocol, correlations: 'insecureFirstParty' as const },
};

const runs = [quadRun, exactRun, doneRun, runInState('failed', 'why')];
const answers = {
  'runs.list': () => ({ runs: runs.map(summaryOf), nextCursor: null }),
};
const rows = async () =>
  within(await screen.findByRole('table'))
    .getAllByRole('row')
    .slice(1);

describe('results', () => {
  beforeEach(() => visit('/results'));

  it('lists runs newest first with numbers and units', async () => {
    renderApp(<Results />, answers);
    const [first, second] = await rows();
    expect(first).toHaveTextContent(/Quad \+ 2Quad.*Done.*50\.0 %.*481 ms.*45\.9 MB.*486/);
    expect(second).toHaveTextContent('Exact (series)');
    expect(screen.getByText('all 4 runs')).toBeVisible();
  });

  it('sorts by a column, runs without a value last', async () => {
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    await rows();
    await user.click(screen.getByText('Rounds'));
    const roundsDown = (await rows()).map((row) => row.textContent);
    expect(roundsDown[0]).toMatch(/1,054$/);
    expect(roundsDown.at(-1)).toContain('Failed');
    await user.click(screen.getByText('Rounds'));
    const roundsUp = (await rows()).map((row) => row.textContent);
    expect(roundsUp[0]).toMatch(/486$/);
    expect(roundsUp.at(-1)).toContain('Failed');
  });

  it('filters by state and approximation, in the address too', async () => {
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    await rows();
    await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'Failed');
    expect(await rows()).toHaveLength(1);
    expect(window.location.search).toBe('?state=failed');
    await user.selectOptions(
      screen.getByRole('combobox', { name: 'Approximation' }),
      'Quad + 2Quad',
    );
    expect(screen.getByText(/No run is failed and uses Quad \+ 2Quad/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Drop the filters' }));
    expect(await rows()).toHaveLength(4);
  });

  it('compares what is selected', async () => {
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    await rows();
    await user.click(screen.getByRole('checkbox', { name: /^Select PUMA, 22 Nov 2026, 18:05/ }));
    expect(screen.getByText('Select one more finished run.')).toBeVisible();
    await user.click(screen.getByRole('checkbox', { name: /^Select Quad/ }));
    const table = await screen.findByRole('region', { name: 'Comparison table' });
    expect(within(table).getByRole('row', { name: /GELU PUMA Quad/ })).toBeVisible();
    expect(within(table).getByRole('row', { name: /Rounds.*742.*486/ })).toBeVisible();
    expect(within(table).queryByText('Model')).toBeNull();
    await user.click(screen.getByRole('switch', { name: /Only settings that differ/ }));
    expect(within(table).getByText('Model')).toBeVisible();
    expect(window.location.search).toBe(`?compare=${doneRun.id}%2C${quadRun.id}`);
  });

  it('opens a comparison from the address, switches its cost, leaves out runs without result', async () => {
    visit(`/results?compare=${doneRun.id},${exactRun.id},r_failed,gone`);
    const user = userEvent.setup();
    renderApp(<Results />, answers);
    expect(
      await screen.findByRole('img', { name: /^Online latency per review: PUMA/ }),
    ).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'Bytes' }));
    expect(screen.getByRole('img', { name: /^Online bytes sent.*PUMA 148\sMB/ })).toBeVisible();
    expect(screen.getByText(/without a result: 1 selected run/)).toBeVisible();
    expect(screen.getByText(/1 run of this address is not among/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Clear selection' }));
    expect(screen.queryByRole('region', { name: 'Comparison table' })).toBeNull();
  });

  it('warns when the runs differ in more than their functions', async () => {
    const short = {
      ...exactRun,
      spec: { ...exactSpec, dataset: { ...exactSpec.dataset, samples: 4 } },
    };
    visit(`/results?compare=${doneRun.id},${short.id}`);
    renderApp(<Results />, {
      'runs.list': () => ({ runs: [short, doneRun].map(summaryOf), nextCursor: null }),
    });
    expect(await screen.findByText(/also differ in reviews/)).toBeVisible();
  });

  it('warns when protocol and functions differ at once, and when a run gave up privacy', async () => {
    const insecure = { ...dealtRun, spec: insecureSpec };
    visit(`/results?compare=${exactRun.id},${insecure.id}`);
    renderApp(<Results />, {
      'runs.list': () => ({ runs: [insecure, exactRun].map(summaryOf), nextCursor: null }),
    });
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
    visit(`/results?compare=${doneRun.id},${exactRun.id}`);
    const unmet = { ...exactRun, linkVerdict: 'not met' as const };
    renderApp(<Results />, {
      'runs.list': () => ({ runs: [unmet, doneRun].map(summaryOf), nextCursor: null }),
    });
    expect(await screen.findByText(/Link not met in Exact \(series\)/)).toBeVisible();
  });

  it('has words for an empty list and for an error', async () => {
    const { unmount } = renderApp(<Results />, {
      'runs.list': () => ({ runs: [], nextCursor: null }),
    });
    expect(await screen.findByRole('heading', { name: 'No runs yet' })).toBeVisible();
    unmount();
    renderApp(<Results />, {
      'runs.list': () => {
        throw new Error('the database does not answer');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('The database does not answer.');
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

describe('home', () => {
  beforeEach(() => visit('/'));

  it('shows a result of the default preset and the presets side by side', async () => {
    renderApp(<Home />, answers);
    const latest = await screen.findByRole('region', { name: 'This installation’s first run' });
    expect(within(latest).getByLabelText('Headline numbers')).toHaveTextContent('81.3 %');
    const presets = await screen.findByRole('region', { name: 'The presets, side by side' });
    expect(within(presets).getByRole('img', { name: /^Secure accuracy against/ })).toBeVisible();
    expect(within(presets).getByRole('link', { name: 'PUMA' })).toHaveAttribute(
      'href',
      `/runs/${doneRun.id}`,
    );
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
