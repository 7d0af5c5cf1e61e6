import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FindingsPage } from '../../app/papers/[slug]/findings/findings-page.tsx';
import { PaperPage } from '../../app/papers/[slug]/paper-page.tsx';
import { neighbourOf } from '../../app/papers/paper-grid.tsx';
import { PapersPage } from '../../app/papers/papers-page.tsx';
import { ClaimMark, VerdictMark } from '../../app/papers/verdict-mark.tsx';
import {
  claimVerdicts,
  claimWords,
  verdictIds,
  verdictWords,
  type CellsPrice,
} from '../../server/api/schemas/papers.ts';
import {
  detailOf,
  failedCell,
  measuredCell,
  predictedCell,
  pumaDetail,
  pumaSummary,
} from './papers-fixtures.ts';
import { renderApp, visit, type Answers } from './render.tsx';

const price: CellsPrice = { runs: 1, there: 0, wallMs: 30_000, obstacles: [] };
const cells = pumaDetail.tables.flatMap((table) => table.cells);
const answers: Answers = {
  'papers.list': () => [pumaSummary],
  'papers.get': () => pumaDetail,
  'papers.cell': ({ id }: { id: string }) => {
    const cell = cells.find((one) => one.id === id);
    if (cell === undefined) throw new Error(`there is no cell ${id}`);
    return detailOf(cell);
  },
  'papers.price': () => price,
  'papers.queue': () => ({ ...price, runIds: ['r_new'] }),
};

const table = () => screen.findByRole('region', { name: 'Table 3' });
const cellButton = async (name: RegExp) => within(await table()).getByRole('button', { name });

describe('papers', () => {
  it('has a card for each with coverage, verdicts in words, claims, and ways on', async () => {
    visit('/papers');
    renderApp(<PapersPage />, answers);
    const card = await screen.findByRole('region', { name: 'PUMA' });
    expect(card).toHaveTextContent('2 of 4 cells have a value here, all a recipe.');
    const counts = within(card).getByRole('list', { name: 'Verdicts' });
    expect(counts).toHaveTextContent('1 differs');
    expect(counts).toHaveTextContent('1 not testable here');
    expect(counts).not.toHaveTextContent('reproduced');
    const claims = within(card).getByRole('list', { name: 'Headline claims' });
    expect(claims).toHaveTextContent(/Accuracy like plaintext.*not testable here/);
    expect(within(card).getByRole('link', { name: 'Table 3' })).toHaveAttribute(
      'href',
      '/papers/puma?table=t3',
    );
    expect(screen.getByRole('link', { name: 'The three side by side' })).toHaveAttribute(
      'href',
      '/papers/side-by-side',
    );
  });

  it('says why the papers cannot be read', async () => {
    visit('/papers');
    renderApp(<PapersPage />, {
      'papers.list': () => {
        throw new Error('the database is away');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('The database is away.');
  });
});

describe('verdicts', () => {
  it.each(verdictIds)('%s is an icon and a word', (of) => {
    const { container } = renderApp(<VerdictMark of={of} />);
    expect(screen.getByText(verdictWords[of])).toBeVisible();
    expect(container.querySelectorAll('svg')).toHaveLength(1);
  });

  it.each(claimVerdicts)('claim: %s', (of) => {
    renderApp(<ClaimMark of={of} />);
    expect(screen.getByText(claimWords[of])).toBeVisible();
  });
});

describe('a paper', () => {
  it('shows what numbers assume, and the grid as printed beside ours', async () => {
    visit('/papers/puma');
    renderApp(<PaperPage slug="puma" />, answers);
    expect(
      await screen.findByRole('region', { name: 'What the numbers assume' }),
    ).toHaveTextContent(/Dealer.*None/);
    const measured = await cellButton(/^PUMA, time/);
    expect(measured).toHaveTextContent(/reported\s*33\.913\ss/);
    expect(measured).toHaveTextContent(/12\.50\ssmeasured/);
    expect(measured).toHaveTextContent('×0.369');
    expect(measured).toHaveTextContent('n = 3');
    expect(measured).toHaveTextContent('differs');
    const predicted = await cellButton(/^PUMA, communication/);
    expect(predicted).toHaveTextContent('predicted only');
    expect(predicted).not.toHaveTextContent('measured');
    expect(within(await table()).getByRole('columnheader', { name: 'BERT base' })).toHaveAttribute(
      'colspan',
      '2',
    );
  });

  it('a failed run and one of another engine fill nothing, and are said', async () => {
    visit(`/papers/puma?cell=${failedCell.id}`);
    renderApp(<PaperPage slug="puma" />, answers);
    const button = await screen.findByRole('button', { name: /^MPCFormer, time/, hidden: true });
    expect(button).toHaveTextContent('–');
    expect(button).toHaveTextContent('not run yet');
    expect(button).toHaveTextContent('2 failed, 1 by another engine version');
    expect(button).not.toHaveTextContent('measured');
    const panel = await screen.findByRole('dialog', { name: 'MPCFormer, time (s)' });
    expect(within(panel).getByText('No finished run yet.')).toBeInTheDocument();
    expect(panel).toHaveTextContent('Party 1 ended.');
    expect(panel).toHaveTextContent('none of them fills the cell');
  });

  it('opens a cell with Enter, keeps it in the address, and closes with Escape', async () => {
    const user = userEvent.setup();
    visit('/papers/puma');
    renderApp(<PaperPage slug="puma" />, answers);
    (await cellButton(/^PUMA, time/)).focus();
    await user.keyboard('{Enter}');
    const panel = await screen.findByRole('dialog', { name: 'PUMA, time (s)' });
    expect(window.location.search).toBe(`?table=t3&cell=${measuredCell.id}`);
    expect(panel).toHaveTextContent('other hardware');
    expect(panel).toHaveTextContent('order and ratios only');
    expect(panel).toHaveTextContent('arXiv 2307.12533v3, table 3, verified');
    expect(panel).toHaveTextContent('"model": "minilm-2l-imdb"');
    expect(within(panel).getByRole('cell', { name: /^abcdef1234/ })).toHaveTextContent('now');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(window.location.search).toBe('?table=t3');
  });

  it('is one stop of the Tab key; arrows, Home and End go from cell to cell', async () => {
    const user = userEvent.setup();
    visit('/papers/puma');
    renderApp(<PaperPage slug="puma" />, answers);
    const buttons = within(await table()).getAllByRole('button');
    expect(buttons.filter((button) => button.tabIndex === 0)).toHaveLength(1);
    const at = (name: RegExp) =>
      within(screen.getByRole('region', { name: 'Table 3' })).getByRole('button', { name });
    at(/^PUMA, time/).focus();
    await user.keyboard('{ArrowRight}');
    expect(at(/^PUMA, communication/)).toHaveFocus();
    expect(at(/^PUMA, communication/)).toHaveAttribute('tabindex', '0');
    await user.keyboard('{ArrowUp}');
    expect(at(/^MPCFormer, communication/)).toHaveFocus();
    await user.keyboard('{Home}');
    expect(at(/^MPCFormer, time/)).toHaveFocus();
    await user.keyboard('{ArrowLeft}{ArrowUp}');
    expect(at(/^MPCFormer, time/)).toHaveFocus();
    await user.keyboard('{End}{ArrowDown}');
    expect(at(/^PUMA, communication/)).toHaveFocus();
    expect(buttons.filter((button) => button.tabIndex === 0)).toHaveLength(1);
  });

  it('passes over places without a cell', () => {
    const [t3] = pumaDetail.tables;
    if (t3 === undefined) throw new Error('no table');
    const gap = { ...t3, cells: [measuredCell, predictedCell, failedCell] };
    expect(neighbourOf(gap, predictedCell, 'ArrowUp')).toBeNull();
    expect(neighbourOf(gap, measuredCell, 'ArrowUp')).toBe(failedCell);
    expect(neighbourOf(gap, failedCell, 'End')).toBeNull();
    expect(neighbourOf(gap, measuredCell, 'a')).toBeNull();
  });

  it('says the price first, then queues what was priced', async () => {
    const user = userEvent.setup();
    visit(`/papers/puma?cell=${failedCell.id}`);
    const { asked } = renderApp(<PaperPage slug="puma" />, answers);
    const panel = await screen.findByRole('dialog');
    expect(
      await within(panel).findByText('1 run, 30.0 s of this machine, predicted.'),
    ).toBeVisible();
    await user.click(within(panel).getByText('Its row'));
    await user.click(await within(panel).findByRole('button', { name: 'Queue 1 run' }));
    expect(await within(panel).findByText(/^Queued 1 run\./)).toBeVisible();
    const queued = asked.find(({ path }) => path === 'papers.queue')?.input;
    expect(queued).toEqual({
      ids: ['puma.t3.mpcformer.base-s', 'puma.t3.mpcformer.base-gb'],
      again: false,
    });
  });

  it('asks once more above ten minutes', async () => {
    const user = userEvent.setup();
    visit(`/papers/puma?cell=${failedCell.id}`);
    renderApp(<PaperPage slug="puma" />, {
      ...answers,
      'papers.price': () => ({ ...price, runs: 3, wallMs: 1_500_000 }),
    });
    const button = await screen.findByRole('button', { name: 'Queue 3 runs' });
    expect(button).toBeDisabled();
    await user.click(
      screen.getByRole('checkbox', { name: /^Yes, keep this machine busy for 25 min/ }),
    );
    expect(button).toBeEnabled();
  });

  it('a table tab changes the address; a table that there is not is said', async () => {
    const user = userEvent.setup();
    visit('/papers/puma?table=t9');
    renderApp(<PaperPage slug="puma" />, answers);
    expect(await screen.findByText(/PUMA has no table t9/)).toBeVisible();
    await user.click(screen.getByRole('tab', { name: 'Table 4' }));
    expect(window.location.search).toBe('?table=t4');
    expect(screen.getByText('More tokens.')).toBeVisible();
  });
});

describe('what we found', () => {
  it('folds what is more than twelve cells', async () => {
    visit('/papers/puma/findings');
    const many = Array.from({ length: 20 }, (_, index) => `puma.t3.puma.c${index}`);
    renderApp(<FindingsPage slug="puma" />, {
      'papers.findings': () => ({
        slug: 'puma',
        title: 'PUMA',
        findings: [{ words: 'Twenty wait.', kind: 'gap', cells: many, runIds: [] }],
      }),
    });
    expect(await screen.findByText('And 8 more cells')).toBeVisible();
    expect(screen.getAllByRole('link', { name: /t3 · puma · c/, hidden: true })).toHaveLength(20);
  });

  it('links every sentence to cells and runs', async () => {
    visit('/papers/puma/findings');
    renderApp(<FindingsPage slug="puma" />, {
      'papers.findings': () => ({
        slug: 'puma',
        title: 'PUMA',
        findings: [
          {
            words: 'The printed GB are of 2^30 bytes.',
            kind: 'bytes',
            cells: ['puma.t3.puma.base-gb'],
            runIds: ['r_quad'],
          },
        ],
      }),
    });
    const part = await screen.findByRole('region', { name: 'What the numbers count' });
    expect(within(part).getByRole('link', { name: /base-gb/ })).toHaveAttribute(
      'href',
      '/papers/puma?table=t3&cell=puma.t3.puma.base-gb',
    );
    expect(within(part).getByRole('link', { name: 'run r_quad' })).toHaveAttribute(
      'href',
      '/runs/r_quad',
    );
  });
});
