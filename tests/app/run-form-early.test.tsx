/** The schema of the form's check comes after the form: what is clicked before must not be lost. */
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { preview, runInState } from '../support/fixtures.ts';

/** The form with a check that has not come yet; `come` lets it, `fail` has it lost on the way. */
async function formWithoutCheck() {
  vi.resetModules();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  vi.doMock('../../app/_lib/check-draft.ts', async (original) => {
    await promise;
    return original();
  });
  const { renderApp, visit } = await import('./render.tsx');
  const { navigation } = await import('./navigation.ts');
  const { NewRun } = await import('../../app/new/new-run.tsx');
  // No preset as it ships, which would need no check.
  visit('/new?samples=5');
  const rendered = renderApp(<NewRun />, {
    'runs.preview': () => ({ ...preview, identicalRunIds: [] }),
    'runs.create': () => ({ ...runInState('queued'), id: 'r_early' }),
  });
  const run = await screen.findByRole('button', { name: /^Run/ });
  return { ...rendered, navigation, run, come: resolve, fail: reject };
}

it('starts the run that was asked for before the check had come', async () => {
  const user = userEvent.setup();
  const { asked, navigation, run, come } = await formWithoutCheck();
  await user.click(run);
  expect(asked.filter(({ path }) => path === 'runs.create')).toEqual([]);
  expect(run).toBeDisabled();
  act(() => come());
  await waitFor(() => expect(navigation.push).toHaveBeenCalledWith('/runs/r_early'));
  const created = asked.filter(({ path }) => path === 'runs.create');
  expect(created).toHaveLength(1);
  expect(created[0]?.input).toMatchObject({ dataset: { samples: 5 } });
});

it('says so when the check cannot be fetched, and keeps what was entered', async () => {
  const user = userEvent.setup();
  const { run, fail } = await formWithoutCheck();
  await user.click(run);
  act(() => fail(new Error('offline')));
  expect(await screen.findByRole('alert')).toHaveTextContent('reload the page');
  expect(screen.getByRole('textbox', { name: 'Reviews' })).toHaveValue('5');
});
