/** The command palette and the list of shortcuts, by keyboard alone. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { Shell } from '../../app/_components/shell.tsx';
import { fitting } from '../../app/_components/palette/entries.ts';
import { Results } from '../../app/results/results.tsx';
import { doneRun, exactRun } from '../support/fixtures.ts';
import { navigation } from './navigation.ts';
import { renderApp, visit } from './render.tsx';
import { resultsAnswers, rowOf } from './results-server.ts';

const found = (q: string) =>
  q === '' ? [doneRun.id, exactRun.id] : q === doneRun.id ? [doneRun.id] : [];
const answers = {
  ...resultsAnswers([rowOf(doneRun), rowOf(exactRun)], found),
  'views.list': () => [],
  'permalinks.published': () => [],
};

const open = async () => {
  const user = userEvent.setup();
  await user.keyboard('{Control>}k{/Control}');
  const input = await screen.findByRole('textbox', { name: 'Go to or do' });
  return { user, input };
};

describe('the command palette', () => {
  beforeEach(() => {
    visit('/results');
    window.localStorage.clear();
  });

  it('goes to a page by its name and Enter', async () => {
    renderApp(<Shell>x</Shell>, answers);
    const { user, input } = await open();
    await user.type(input, 'gloss');
    expect(await screen.findByText('Glossary')).toBeVisible();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(navigation.push).toHaveBeenCalledWith('/learn/glossary');
  });

  it('finds runs by a word and by their id', async () => {
    renderApp(<Shell>x</Shell>, answers);
    const { user, input } = await open();
    await user.type(input, doneRun.id);
    const run = await screen.findByRole('button', { name: new RegExp(doneRun.id) });
    expect(run).toHaveTextContent('PUMA');
    await user.click(run);
    expect(navigation.push).toHaveBeenCalledWith(`/runs/${doneRun.id}`);
  });

  it('selects the first entry of every list, also when a selected run goes away', async () => {
    renderApp(<Shell>x</Shell>, answers);
    const { user, input } = await open();
    // With the id a run is found and selected; the next letters find it no longer.
    await user.type(input, doneRun.id);
    const run = await screen.findByRole('button', { name: new RegExp(doneRun.id) });
    expect(run).toHaveAttribute('data-selected', 'true');
    await user.clear(input);
    await user.type(input, 'compare all finished');
    await waitFor(() => expect(screen.queryByText(new RegExp(doneRun.id))).toBeNull());
    await user.keyboard('{Enter}');
    expect(navigation.push).toHaveBeenLastCalledWith('/compare?q=state%3Adone');
  });

  it('keeps the letters typed before it is there, away from the shortcuts of the page', async () => {
    renderApp(
      <Shell>
        <Results />
      </Shell>,
      answers,
    );
    const user = userEvent.setup();
    const differs = await screen.findByRole<HTMLInputElement>('switch', {
      name: /Only what differs/,
    });
    const before = differs.checked;
    // Without a pause: the palette is opened by an effect, later than these.
    await user.keyboard('{Control>}k{/Control}add');
    const input = await screen.findByRole('textbox', { name: 'Go to or do' });
    await waitFor(() => expect(input).toHaveValue('add'));
    expect(differs.checked).toBe(before);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.keyboard('d');
    expect(differs.checked).toBe(!before);
  });

  it('offers presets, and says so when nothing fits', async () => {
    renderApp(<Shell>x</Shell>, answers);
    const { user, input } = await open();
    expect(await screen.findByText('Compare all finished runs')).toBeVisible();
    await user.type(input, 'zzzz');
    expect(await screen.findByText(/Nothing fits/)).toBeVisible();
  });

  it('lists the shortcuts behind ?, where letters can be turned off', async () => {
    renderApp(
      <Shell>
        <Results />
      </Shell>,
      answers,
    );
    const user = userEvent.setup();
    await user.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(dialog).toHaveTextContent('only what differs');
    await user.click(within(dialog).getByRole('switch', { name: /Shortcuts of a single key/ }));
    await user.click(within(dialog).getByRole('button', { name: 'Close the shortcuts' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.keyboard('d');
    expect(screen.getByRole('switch', { name: /Only what differs/ })).not.toBeChecked();
    await user.keyboard('?');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

it('an entry fits when every word is somewhere in it', () => {
  const entries = [{ label: 'New run', description: 'Model and network' }];
  expect(fitting(entries, 'net run')).toHaveLength(1);
  expect(fitting(entries, 'net puma')).toHaveLength(0);
  expect(fitting(entries, '')).toHaveLength(1);
});
