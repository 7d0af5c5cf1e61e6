/** The replayed parts of a run's page, with a recording whose numbers are computed by hand. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { RunPage } from '../../app/runs/[id]/run-page.tsx';
import { NewRun } from '../../app/new/new-run.tsx';
import { crossoverChart } from '../../app/_charts/crossover.ts';
import { lightTheme } from '../../app/_charts/chart.ts';
import { whereTimeChart } from '../../app/_charts/where-time.ts';
import { CrossoverPanel } from '../../app/_replay/crossover-panel.tsx';
import { unlimitedLink } from '../../server/network/link.ts';
import { compactRecording } from '../../server/network/replay/codec.ts';
import { replayArtifact, type ReplayFile } from '../../server/network/replay/replay-file.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { whereTime } from '../../server/network/replay/where-time.ts';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { recordingFrom } from '../network/replay-support.ts';
import { doneRun } from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

/** Party 0 computes 300 ms, then one frame of 1 MB there and an empty one back. */
const recording = recordingFrom([
  {
    role: 0,
    steps: [
      { compute: 300, at: 'embedding.words' },
      { send: 1, bytes: 1_000_000, at: 'layer0.gelu' },
      { receive: 1, at: 'layer0.gelu' },
    ],
  },
  {
    role: 1,
    steps: [
      { receive: 0, at: 'layer0.gelu' },
      { send: 0, bytes: 0, at: 'layer0.gelu' },
    ],
  },
]);

const link = {
  name: 'lan',
  bitsPerSecond: 8e8,
  rttMs: 10,
  overheadFactor: 1,
  topology: 'pair' as const,
};

const fileWith = (share: number): ReplayFile => ({
  version: 1,
  link,
  matrix: null,
  samples: 4,
  // 300 + 10 + 10 of the replay.
  measuredMs: 330,
  machineCores: 2,
  residual: { measuredMs: 330, replayedMs: 320, n: 3, share, cores: null },
  recording: compactRecording(recording),
});

const recorded: RunDetail = {
  ...doneRun,
  artifacts: [...doneRun.artifacts, { name: replayArtifact, bytes: 900, sha256: 'ab'.repeat(32) }],
};

const page = (share = -0.03, run: RunDetail = recorded) =>
  renderApp(<RunPage id={run.id} />, {
    'runs.get': () => run,
    'runs.replay': () => fileWith(share),
  });

const whatIf = () => screen.findByRole('region', { name: 'What if the network were another' });
const parts = (region: HTMLElement) =>
  within(region).findByLabelText('Replayed latency and its parts');

describe('what-if', () => {
  test('starts at the network of the run, with its check', async () => {
    page();
    const region = await whatIf();
    expect(await parts(region)).toHaveTextContent('Online, 800 Mbit/s, 10 ms RTT320 ms');
    expect(region).toHaveTextContent(
      'replayed 320 ms (a core for each party), measured 330 ms, medians, n = 3: −3.0 %',
    );
    expect(region).toHaveTextContent('replayed');
    expect(region).toHaveTextContent('± 9.60 ms by the check above; n = 1');
  });

  test('another round trip, and the way to measure it', async () => {
    const user = userEvent.setup();
    page();
    const region = await whatIf();
    await parts(region);
    const field = within(region).getByRole('textbox', { name: 'Round trip, ms' });
    await user.clear(field);
    await user.type(field, '100');
    const stats = await parts(region);
    // 300 + 50 + 10 + 50.
    await waitFor(() => expect(stats).toHaveTextContent('100 ms RTT410 ms'));
    expect(stats).toHaveTextContent('Propagation, critical path100 ms');
    expect(stats).toHaveTextContent('Serialisation, critical path10.0 ms');
    expect(stats).toHaveTextContent('Compute, critical path300 ms');
    expect(within(region).getByRole('link', { name: 'Measure this point' })).toHaveAttribute(
      'href',
      `/new?fork=${recorded.id}&network=custom&rate=800000000&rtt=100`,
    );
  });

  test('what is no value of the axis stays in its field, with what is allowed', async () => {
    const user = userEvent.setup();
    page();
    const region = await whatIf();
    await parts(region);
    const field = within(region).getByRole('textbox', { name: 'Rate, Mbit/s' });
    await user.clear(field);
    await user.type(field, '0');
    expect(field).toHaveValue('0');
    expect(region).toHaveTextContent('1 to 100000');
    expect(await parts(region)).toHaveTextContent('800 Mbit/s, 10 ms RTT');
  });

  test('the slider moves by the keyboard, and tells its value', async () => {
    const user = userEvent.setup();
    page();
    const region = await whatIf();
    const before = (await parts(region)).textContent;
    within(region).getByRole('slider', { name: 'Rate, Mbit/s' }).focus();
    await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}');
    await waitFor(async () => expect((await parts(region)).textContent).not.toBe(before));
  });

  test('locked, with the reason, where the replay misses its own measurement', async () => {
    page(-0.24);
    const region = await whatIf();
    expect(region).toHaveTextContent('Locked: the replay misses its own measurement by 24.0 %');
    expect(region).toHaveTextContent('others used this machine at the same time');
    expect(within(region).queryByRole('slider')).toBeNull();
    expect(await screen.findByRole('region', { name: 'Where the time goes' })).toBeInTheDocument();
  });

  test('a run without a recording has neither part and asks for none', async () => {
    const { asked } = renderApp(<RunPage id={doneRun.id} />);
    await screen.findByRole('region', { name: 'Predicted and measured' });
    expect(screen.queryByText('What if the network were another')).toBeNull();
    expect(asked.map(({ path }) => path)).not.toContain('runs.replay');
  });

  test('a recording that cannot be read says so', async () => {
    renderApp(<RunPage id={recorded.id} />, {
      'runs.get': () => recorded,
      'runs.replay': () => {
        throw new Error('the file replay.json is gone');
      },
    });
    expect(await screen.findByText('The recording cannot be read')).toBeInTheDocument();
  });
});

test('measuring a point opens the form of the same spec on that network', async () => {
  visit(`/new?fork=${recorded.id}&network=custom&rate=800000000&rtt=100`);
  renderApp(<NewRun />);
  expect(await screen.findByDisplayValue('100')).toBeInTheDocument();
  expect(screen.getByText(/Forked from run/)).toBeInTheDocument();
});

test('a point that was measured stands beside what replays said of it', async () => {
  renderApp(<RunPage id={recorded.id} />, {
    'runs.get': () => recorded,
    'runs.replay': () => fileWith(-0.03),
    'runs.foretold': () => ({
      measuredMs: 400,
      n: 3,
      from: [
        {
          runId: 'other',
          network: { ...recorded.spec.network, rttMs: 40 },
          replayedMs: 380,
          ownShare: -0.02,
        },
        {
          runId: 'off',
          network: { ...recorded.spec.network, rttMs: 80 },
          replayedMs: 440,
          ownShare: 0.24,
        },
      ],
    }),
  });
  const region = await screen.findByRole('region', { name: 'Replayed before it was measured' });
  expect(region).toHaveTextContent('Measured here: 400 ms, median, n = 3');
  const [, first, second] = within(region).getAllByRole('row');
  expect(first).toHaveTextContent(/380 ms400 ms−5\.0 %−2\.0 %$/);
  expect(within(first as HTMLElement).getByRole('link')).toHaveAttribute('href', '/runs/other');
  expect(second).toHaveTextContent('24.0 %, locked');
});

describe('a run whose frames were late', () => {
  const lateWith = (share: number): RunDetail => ({
    ...recorded,
    headline:
      recorded.headline === null
        ? null
        : { ...recorded.headline, replayed: { onlineMs: 320, n: 3, share } },
    parties: recorded.parties.map((party) => ({
      ...party,
      framesLate: 90,
      framesReceived: 900,
      worstLateMs: 12,
    })),
  });

  test('its headline is the replayed latency; what was measured is of this machine', async () => {
    page(-0.04, lateWith(-0.04));
    const stats = await screen.findByLabelText('Headline numbers');
    await waitFor(() =>
      expect(stats).toHaveTextContent('Online on the asked link, replayed320 ms'),
    );
    expect(stats).toHaveTextContent('on this machine');
  });

  test('a replay that misses the measured time by more than 10 % is no headline', async () => {
    page(-0.24, lateWith(-0.24));
    const stats = await screen.findByLabelText('Headline numbers');
    expect(stats).toHaveTextContent('on this machine');
    expect(stats).not.toHaveTextContent('replayed');
  });

  test('any other run keeps its own', async () => {
    page();
    const stats = await screen.findByLabelText('Headline numbers');
    await parts(await whatIf());
    expect(stats).not.toHaveTextContent('on this machine');
    expect(stats).not.toHaveTextContent('replayed');
  });
});

describe('charts', () => {
  const where = whereTime(recording, replay(recording, { link, cores: Infinity }));

  test('the critical path by place sums to the latency, in picture and table', () => {
    const { table, label } = whereTimeChart(where, { view: 'critical', theme: lightTheme });
    expect(table.rows.map((row) => [row['place'], row['total_ms']])).toEqual([
      ['Embedding · words', 300],
      ['Layer 0 · gelu', 20],
    ]);
    expect(label).toContain('latency 320\u00a0ms');
  });

  test('every party has the whole latency', () => {
    const { table } = whereTimeChart(where, { view: 'parties', theme: lightTheme });
    expect(table.rows.map((row) => [row['place'], row['total_ms'], row['critical_ms']])).toEqual([
      ['Party 0', 320, 305],
      ['Party 1', 320, 15],
    ]);
  });

  test('the map says in words and rows who is faster where', () => {
    const cells = [
      { rttMs: 1, bitsPerSecond: 1e9, firstMs: 10, secondMs: 20, winner: 'first' as const },
      { rttMs: 9, bitsPerSecond: 1e9, firstMs: 30, secondMs: 20, winner: 'second' as const },
      { rttMs: 5, bitsPerSecond: 1e9, firstMs: 21, secondMs: 20, winner: 'tie' as const },
    ];
    const chart = crossoverChart(cells, { names: ['PUMA', 'ours'], theme: lightTheme });
    expect(chart.label).toContain('PUMA on 1, ours on 1, no difference on 1');
    expect(chart.table.rows.map((row) => row['faster'])).toEqual(['PUMA', 'ours', 'no difference']);
    expect(chart.stops).toHaveLength(3);
  });
});

describe('map of two runs', () => {
  const panel = (share: number) =>
    renderApp(
      <CrossoverPanel first={{ id: 'a', name: 'One' }} second={{ id: 'b', name: 'Two' }} />,
      {
        'runs.replay': ({ id }: { id: string }) =>
          id === 'a' ? fileWith(share) : { ...fileWith(0.01), link: unlimitedLink, samples: 1 },
      },
    );

  test('one of the same recording per sample and per batch', async () => {
    panel(0.02);
    expect(await screen.findByText(/How to read this/)).toBeInTheDocument();
    await userEvent.setup().click(screen.getByRole('radio', { name: 'Table' }));
    const rows = await screen.findAllByRole('row');
    expect(rows).toHaveLength(1 + 12 * 12);
    expect(rows[1]).toHaveTextContent('One');
  });

  test('locked where one of them misses its own measurement', async () => {
    panel(0.3);
    expect(await screen.findByText(/Locked: 30.0 % off/)).toBeInTheDocument();
  });
});
