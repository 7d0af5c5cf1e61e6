import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { SideBySidePage } from '../../app/papers/side-by-side/side-by-side-page.tsx';
import type { SideBySide, SideEntry } from '../../server/api/schemas/papers-side-by-side.ts';
import { compared } from '../compare/fixtures.ts';
import { exactRun, pumaSpec, quadRun } from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

const empty: SideEntry = {
  method: 'mpcformer',
  set: 'own',
  spec: pumaSpec,
  obstacle: null,
  words: 'as in the paper',
  own: null,
  shipped: null,
  underway: null,
  failed: null,
  wallMs: 42_000,
};

const view: SideBySide = {
  subject: 'minilm-2l-imdb',
  title: 'MiniLM on reviews',
  network: pumaSpec.network,
  samples: 16,
  entries: [
    {
      ...empty,
      own: compared(quadRun),
      shipped: { ...compared(exactRun), shipped: true },
    },
    { ...empty, method: 'puma', failed: { runId: 'r_bad', reason: 'Party 1 ended.' } },
    {
      ...empty,
      method: 'mpcvit',
      spec: null,
      obstacle: 'Only images take its heads.',
      wallMs: null,
    },
    { ...empty, set: 'same', underway: 'r_now' },
  ],
};

const answers = {
  'papers.sideBySide': () => view,
  'papers.list': () => [],
  'papers.queueSide': () => ({ runId: 'r_new' }),
};

describe('side by side', () => {
  it('keeps runs here and shipped ones in rows of their own', async () => {
    visit('/papers/side-by-side');
    renderApp(<SideBySidePage />, answers);
    const [panel] = await screen.findAllByRole('region', {
      name: 'Each on the protocol of its paper',
    });
    if (panel === undefined) throw new Error('no panel');
    const [own, shipped] = within(panel).getAllByRole('row').slice(1);
    expect(own).toHaveTextContent(/MPCFormer.*measured, here/);
    expect(shipped).toHaveTextContent(/MPCFormer.*measured, shipped with Parley/);
  });

  it('a time whose link was not as asked for is the replayed one, or none', async () => {
    visit('/papers/side-by-side');
    const { headline } = quadRun;
    if (headline === null) throw new Error('no headline');
    const unmet = { ...compared(quadRun), linkVerdict: 'not met' as const };
    const replayed = { onlineMs: 4321, n: 1, share: 0.01 };
    renderApp(<SideBySidePage />, {
      ...answers,
      'papers.sideBySide': () => ({
        ...view,
        entries: [
          { ...empty, own: { ...unmet, headline: { ...headline, replayed } } },
          {
            ...empty,
            method: 'puma',
            own: { ...unmet, id: 'r_none', headline: { ...headline, replayed: null } },
          },
        ],
      }),
    });
    const rows = (await screen.findAllByRole('row')).filter((row) => row.closest('tbody') !== null);
    // Per sample, of a batch of four.
    expect(rows[0]).toHaveTextContent(/1\.08\ss.*replayed, the link was not as asked for/);
    expect(rows[1]).toHaveTextContent(
      /–\s*the link was not as asked for, and nothing was replayed/,
    );
  });

  it('with no run at all every row has its price, and the picture says what will stand there', async () => {
    visit('/papers/side-by-side');
    renderApp(<SideBySidePage />, {
      ...answers,
      'papers.sideBySide': () => ({
        ...view,
        entries: (['mpcformer', 'puma'] as const).flatMap((method) =>
          (['own', 'same'] as const).map((set) => ({ ...empty, method, set })),
        ),
      }),
    });
    expect(await screen.findAllByRole('button', { name: /^Queue it: / })).toHaveLength(4);
    expect(
      screen.getByText('Nothing has run yet. Queue a run above; its point will stand here.'),
    ).toBeVisible();
  });

  it('what has no run says so, with its price; a failed run fills nothing', async () => {
    visit('/papers/side-by-side');
    const user = userEvent.setup();
    const { asked } = renderApp(<SideBySidePage />, answers);
    const queue = await screen.findByRole('button', {
      name: 'Queue it: PUMA, own protocol',
    });
    const row = queue.closest('tr');
    expect(row).toHaveTextContent('not run yet here; 42.0 s of this machine, predicted');
    expect(row).toHaveTextContent('The last attempt failed: Party 1 ended.');
    expect(row?.querySelectorAll('td')).toHaveLength(1);
    await user.click(queue);
    expect(asked.find(({ path }) => path === 'papers.queueSide')?.input).toEqual({
      subject: 'minilm-2l-imdb',
      method: 'puma',
      set: 'own',
    });
    expect(screen.getByText('Only images take its heads.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'watch it' })).toHaveAttribute('href', '/runs/r_now');
  });

  it('asks for the model that is chosen and keeps it in the address', async () => {
    visit('/papers/side-by-side');
    const user = userEvent.setup();
    const { asked } = renderApp(<SideBySidePage />, answers);
    await user.click(await screen.findByText('Image shape, all three'));
    expect(window.location.search).toBe('?model=vit_7_4_32');
    expect(asked.filter(({ path }) => path === 'papers.sideBySide').at(-1)?.input).toEqual({
      subject: 'vit_7_4_32',
    });
  });
});
