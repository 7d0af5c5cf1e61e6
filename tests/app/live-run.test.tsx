import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunPage } from '../../app/runs/[id]/run-page.tsx';
import { applyEvent, startLive, type LiveRun } from '../../app/_lib/live-run.ts';
import type { RunEvent } from '../../server/api/schemas/run-view.ts';
import {
  cryptenSpec,
  dealtRun,
  doneRun,
  eventsOf,
  preview,
  runInState,
} from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

const fold = (events: readonly RunEvent[], from: LiveRun = startLive): LiveRun =>
  events.reduce((live, event) => applyEvent(live, { event, receivedAt: 0 }), from);

describe('live run', () => {
  const events = eventsOf(12);

  it('is the sum of its events', () => {
    const live = fold(events);
    expect(live).toMatchObject({ state: 'done', reached: 'done', fraction: 1, seq: events.length });
    expect(live.parties.map(({ party }) => party)).toEqual([0, 1, 2]);
    expect(live.parties[0]?.history).toHaveLength(12);
    expect(live.log.map(({ message }) => message)).toContain('link check: met');
  });

  it('takes every event once, however often a reload sends it again', () => {
    const half = fold(events.slice(0, 8));
    expect(fold(events, half)).toEqual(fold(events));
    expect(fold([...events].reverse()).seq).toBe(events.length);
  });

  it('remembers the stage at which it stopped', () => {
    const running = fold(events.slice(0, 8));
    const stop: RunEvent = {
      ...(events[8] as RunEvent),
      state: 'failed',
      message: 'party 1 fell silent',
      parties: [],
    };
    const live = fold([stop], running);
    expect(live.state).toBe('failed');
    expect(live.reached).toBe('running');
    expect(live.parties).toEqual(running.parties);
  });

  it('keeps a long history short', () => {
    const live = fold(eventsOf(900));
    expect(live.parties[0]?.history.length).toBeLessThanOrEqual(200);
    expect(live.log.length).toBeLessThanOrEqual(400);
  });
});

describe('live page', () => {
  beforeEach(() => visit('/runs/r_running'));
  const show = (count: number) =>
    renderApp(<RunPage id="r_running" />, {
      'runs.get': () => runInState('running'),
      'runs.events': () => eventsOf(12).slice(0, count),
      'runs.cancel': () => ({ state: 'cancelled' }),
    });

  it('shows the stage, the time left, the place and each party', async () => {
    show(9);
    const rail = await screen.findByRole('list', { name: 'Stages' });
    const now = await within(rail).findByText('Running');
    expect(now.closest('li')).toHaveAttribute('aria-current', 'step');
    expect(within(rail).getByText('Link check').closest('li')).toHaveTextContent('finished');
    expect(screen.getByText(/about \d+ s left/)).toBeVisible();
    expect(screen.getByText('inference 2 of 3')).toBeVisible();
    const strip = screen.getByRole('list', { name: 'Place in the model' });
    expect(await within(strip).findByText('Embedding')).toBeVisible();
    const party = screen.getByRole('region', { name: 'Party 1' });
    expect(within(party).getAllByText(/MB$/)[0]).toBeVisible();
    expect(within(party).getByRole('img', { name: /Party 1 has sent/ })).toBeVisible();
    expect(screen.getByText('link check: met')).toBeVisible();
  });

  it('says its place in the queue while it waits', async () => {
    const queue = { runs: 2, waitMs: 41_000 };
    const { unmount } = renderApp(<RunPage id="r_running" />, {
      'runs.get': () => ({ ...runInState('queued'), queue }),
      'runs.events': () => [],
    });
    expect(await screen.findByText(/2 runs ahead of it, about 41\.0.s of waiting/)).toBeVisible();
    unmount();
    renderApp(<RunPage id="r_running" />, {
      'runs.get': () => ({ ...runInState('queued'), queue: { runs: 0, waitMs: 0 } }),
      'runs.events': () => [],
    });
    expect(await screen.findByText(/Next in the queue/)).toBeVisible();
  });

  it('moves in the queue; the front is for editors', async () => {
    const moved: unknown[] = [];
    const answers = (role: string) => ({
      'runs.get': () => ({ ...runInState('queued'), priority: 'normal' }),
      'runs.events': () => [],
      'accounts.me': () => ({ accounts: true, user: { id: 'u', name: 'Ada', role }, quota: null }),
      'runs.setPriority': (input: unknown) => {
        moved.push(input);
        return { priority: 'high' };
      },
    });
    const { unmount } = renderApp(<RunPage id="r_running" />, answers('editor'));
    const group = await screen.findByRole('radiogroup', { name: 'Priority in the queue' });
    await waitFor(() => expect(within(group).getByRole('radio', { name: 'High' })).toBeEnabled());
    expect(within(group).getByRole('radio', { name: 'Normal' })).toBeChecked();
    await userEvent.click(within(group).getByRole('radio', { name: 'High' }));
    await waitFor(() => expect(moved).toEqual([{ id: 'r_queued', priority: 'high' }]));
    unmount();
    renderApp(<RunPage id="r_running" />, answers('runner'));
    expect(await screen.findByText('High is for editors.')).toBeVisible();
    expect(screen.getByRole('radio', { name: 'High' })).toBeDisabled();
    expect(screen.getByRole('radio', { name: 'Low' })).toBeEnabled();
  });

  it('has a card for each role that the run really has', async () => {
    renderApp(<RunPage id="r_running" />, {
      'runs.get': () => ({ ...runInState('running'), spec: cryptenSpec, prediction: null }),
      'runs.preview': () => ({ ...preview, prediction: dealtRun.prediction }),
      'runs.events': () => eventsOf(12, true).slice(0, 9),
    });
    const dealer = await screen.findByRole('region', { name: 'Dealer' });
    expect(await within(dealer).findByText(/predicted 345.MB a batch, offline/)).toBeVisible();
    expect(within(dealer).getByRole('img', { name: /The dealer has sent \d+.MB/ })).toBeVisible();
    expect(within(dealer).queryByText(/Rounds/)).toBeNull();
    expect(screen.getAllByRole('region', { name: /^Party \d$/ })).toHaveLength(2);
  });

  it('has no dealer where party 0 deals to itself, and says what that means', async () => {
    renderApp(<RunPage id="r_running" />, {
      'runs.get': () => ({
        ...runInState('running'),
        spec: {
          ...cryptenSpec,
          protocol: { ...cryptenSpec.protocol, correlations: 'insecureFirstParty' },
        },
      }),
      'runs.events': () => eventsOf(12, true).slice(0, 9),
    });
    expect(await screen.findByText(/No privacy against party 0/)).toBeVisible();
    expect(screen.getAllByRole('region', { name: /^Party \d$/ })).toHaveLength(2);
    expect(screen.queryByRole('region', { name: 'Dealer' })).toBeNull();
  });

  it('waits in the queue', async () => {
    show(1);
    expect(await screen.findByRole('heading', { name: 'Queued' })).toBeVisible();
    expect(screen.getByText(/Waiting for a worker/)).toBeVisible();
    expect(screen.getByText('time left not known yet')).toBeVisible();
  });

  it('can be cancelled', async () => {
    const user = userEvent.setup();
    const { asked } = show(9);
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(asked).toContainEqual({ path: 'runs.cancel', input: { id: 'r_running' } });
  });

  it('turns into the result when the last event comes', async () => {
    let reads = 0;
    renderApp(<RunPage id="r_running" />, {
      'runs.get': () => (reads++ === 0 ? runInState('running') : doneRun),
      'runs.events': () => eventsOf(4),
    });
    expect(await screen.findByRole('heading', { name: 'Predicted and measured' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
  });
});
