import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { costCsv } from '../../app/learn/protocols/cost-table.tsx';
import { LearnProtocols } from '../../app/learn/protocols/learn-protocols.tsx';
import { toCsv } from '../../app/_charts/chart.ts';
import { Shell } from '../../app/_components/shell.tsx';
import { operationCosts, protocols } from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

const region = (name: string) => screen.findByRole('region', { name });

describe('Learn > Protocols', () => {
  beforeEach(() => visit('/learn/protocols'));

  it('is a place of its own in both navigations', () => {
    renderApp(<Shell>content</Shell>);
    const links = screen.getAllByRole('link', { name: 'Learn' });
    expect(links).toHaveLength(2);
    for (const link of links) {
      expect(link).toHaveAttribute('href', '/learn');
      expect(link).toHaveAttribute('aria-current', 'page');
    }
  });

  it('explains the words and draws who sends what to whom', async () => {
    renderApp(<LearnProtocols />);
    const words = await region('In five words');
    for (const word of ['share', 'opening', 'correlation', 'dealer', 'round']) {
      expect(within(words).getByText(word, { selector: 'dfn' })).toBeVisible();
    }
    const pictures = within(words).getAllByRole('img');
    expect(pictures.map((picture) => picture.querySelectorAll('text').length)).toEqual([4, 4]);
    expect(pictures[1]).toHaveAccessibleName(/dealer sends party 0 what seeds cannot make/);
  });

  it('shows every protocol with all of its threat model', async () => {
    renderApp(<LearnProtocols />);
    for (const { title, threats } of protocols) {
      const panel = await region(title);
      const [model] = threats;
      if (model === undefined) throw new Error(`${title} has no threat model`);
      expect(panel).toHaveTextContent(model.short);
      expect(panel).toHaveTextContent(model.collusion.breaks);
      for (const { role, sees } of model.roles) {
        const row = within(panel).getByRole('row', { name: new RegExp(`^${role}`) });
        for (const item of sees) expect(row).toHaveTextContent(item);
      }
      for (const { what } of model.givesUp) expect(panel).toHaveTextContent(what);
      for (const failure of model.numericalFailures) expect(panel).toHaveTextContent(failure);
    }
  });

  it('opens the protocol that the address names', async () => {
    visit('/learn/protocols#additive-crypten');
    renderApp(<LearnProtocols />);
    const details = (panel: HTMLElement) => panel.querySelector('details');
    await waitFor(async () =>
      expect(details(await region('Additive sharing, CrypTen'))).toHaveAttribute('open'),
    );
    expect(details(await region('Replicated sharing, ABY3'))).not.toHaveAttribute('open');
  });

  it('warns plainly of the insecure first party', async () => {
    const user = userEvent.setup();
    renderApp(<LearnProtocols />);
    const panel = await region('Additive sharing, CrypTen');
    expect(within(panel).queryByText(/reads every secret/)).toBeNull();
    await user.click(within(panel).getByRole('radio', { name: 'Insecure first party' }));
    expect(within(panel).getByText(/^No privacy against party 0/)).toBeVisible();
    expect(within(panel).queryByRole('row', { name: /^dealer/ })).toBeNull();
  });

  it('sets declared, measured and published costs side by side', async () => {
    renderApp(<LearnProtocols />);
    const costs = await region('Costs of operations');
    const [product, , softmax] = within(costs).getAllByRole('row').slice(2);
    if (product === undefined || softmax === undefined) throw new Error('three rows');
    const cells = (row: HTMLElement) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent);
    expect(cells(product).slice(0, 8)).toEqual([
      'additive/crypten',
      '1',
      '1',
      '1',
      '16',
      '16',
      '8',
      'equal',
    ]);
    expect(cells(product)[8]).toMatch(/^equal32 B sent and received, 1 round at 1; ours 32 B/);
    expect(cells(softmax).slice(0, 8)).toEqual([
      'additive/crypten',
      '1 × 32',
      '105',
      '99',
      '23,736',
      '741.8',
      '20,000',
      'not measured',
    ]);
    const link = within(product).getByRole('link', { name: 'Source 1: Beaver 1991' });
    expect(link).toHaveAttribute('href', '#source-1');
    const sources = screen.getByRole('region', { name: 'Sources' });
    expect(within(sources).getAllByRole('listitem')[0]).toHaveTextContent('Beaver 1991');
    expect(cells(softmax)[8]).toMatch(/1 of 2 differ.*ours 190,520 B: differs: \+8 bytes/);
  });

  it('filters by operation, draws it, and keeps the choice in the address', async () => {
    const user = userEvent.setup();
    renderApp(<LearnProtocols />);
    await region('Costs of operations');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Operation' }), 'softmax');
    expect(screen.getByText('1 row shown')).toBeVisible();
    expect(screen.getByRole('img', { name: /^Bytes of softmax by protocol/ })).toBeVisible();
    expect(window.location.search).toBe('?op=softmax');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Protocol' }), 'replicated/aby3');
    expect(screen.getByText(/replicated\/aby3 has no operation softmax/)).toBeVisible();
  });

  it('starts from the address', async () => {
    visit('/learn/protocols?op=mul&protocol=replicated%2Faby3');
    renderApp(<LearnProtocols />);
    expect(await screen.findByText('1 row shown')).toBeVisible();
  });

  it('says so when the costs cannot be read, and shows the rest', async () => {
    renderApp(<LearnProtocols />, {
      'learn.operations': () => {
        throw new Error('operations.json is missing.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Operations.json is missing.');
    expect(await region('Additive sharing, CrypTen')).toBeVisible();
  });
});

it('the file of costs has one line a row and no text for what is missing', () => {
  const lines = toCsv(costCsv(operationCosts.rows)).trim().split('\n');
  expect(lines).toHaveLength(1 + operationCosts.rows.length);
  expect(lines[1]).toBe('mul,product,additive/crypten,1,16,1,1,16,32,8,true,1,1');
  expect(lines[3]).toBe('softmax,asShipped,additive/crypten,1x32,16,105,99,23736,47472,20000,,1,2');
});
