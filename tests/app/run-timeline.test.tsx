/** The timeline of an inference: its numbers by hand, its trace file, and the panel that shows it. */
import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { RunPage } from '../../app/runs/[id]/run-page.tsx';
import { heavyTable, leftHeavy, timeOf } from '../../app/_run/timeline/left-heavy.ts';
import { arrowsIn, mostArrows } from '../../app/_run/timeline/draw.ts';
import { doingAt, sumsByPlace, sumsIn, timelineOf, waits } from '../../app/_replay/timeline.ts';
import { traceFile, type TraceEvent } from '../../app/_run/timeline/trace-events.ts';
import { compactRecording } from '../../server/network/replay/codec.ts';
import { replayArtifact, type ReplayFile } from '../../server/network/replay/replay-file.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { recordingFrom, type Step } from '../network/replay-support.ts';
import { doneRun } from '../support/fixtures.ts';
import { renderApp, visit } from './render.tsx';

const link = {
  name: 'lan',
  bitsPerSecond: 8e8,
  rttMs: 10,
  overheadFactor: 1,
  topology: 'pair' as const,
};

/**
 * Party 0 computes 300 ms, sends 1 MB (10 ms on the wire, 5 ms of way), waits for the empty answer;
 * party 1 waits 315 ms, computes 20 ms, answers (5 ms).
 */
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
      { compute: 20, at: 'layer0.gelu' },
      { send: 0, bytes: 0, at: 'layer0.gelu' },
    ],
  },
]);
const timeline = timelineOf(recording, replay(recording, { link, cores: Infinity }));

/** Two parties that talk all the time. */
function chatter(rounds: number) {
  const steps = (other: 0 | 1): Step[] =>
    Array.from({ length: rounds }, (_, round): Step[] => {
      const at = `layer${Math.floor((12 * round) / rounds)}.softmax`;
      return [
        { compute: 0.05, at },
        { send: other, bytes: 100, at },
        { receive: other, cpuMs: 0.01, at },
      ];
    }).flat();
  const made = recordingFrom([
    { role: 0, steps: steps(1) },
    { role: 1, steps: steps(0) },
  ]);
  return timelineOf(made, replay(made, { link, cores: 2 }));
}

describe('a timeline', () => {
  const [zero, one] = timeline.lanes;
  if (zero === undefined || one === undefined) throw new Error('two lanes');

  test('puts computing, waiting and frames on one clock', () => {
    expect(timeline.endMs).toBeCloseTo(340, 6);
    expect(zero.totals).toEqual({ computeMs: 300, waitMs: 40, bytes: 1_000_000, messages: 1 });
    expect(one.totals).toEqual({ computeMs: 20, waitMs: 315, bytes: 0, messages: 1 });
    expect(timeline.messages).toEqual([
      expect.objectContaining({ from: 0, to: 1, sentMs: 300, leftMs: 310, dueMs: 315, bytes: 1e6 }),
      expect.objectContaining({ from: 1, to: 0, sentMs: 335, dueMs: 340, bytes: 0 }),
    ]);
    expect(timeline.bands.map(({ name }) => name)).toEqual(['embedding', 'layer0']);
  });

  test('sums any range, and the parts of a range sum to it', () => {
    expect(sumsIn(zero, 290, 320)).toEqual({
      computeMs: 10,
      waitMs: 20,
      bytes: 1_000_000,
      messages: 1,
    });
    expect(sumsIn(one, 310, 330)).toEqual({ computeMs: 15, waitMs: 5, bytes: 0, messages: 0 });
    for (const lane of timeline.lanes) {
      const parts = Array.from({ length: 34 }, (_, at) => sumsIn(lane, at * 10, at * 10 + 10));
      const total = (key: 'computeMs' | 'waitMs' | 'bytes' | 'messages'): number =>
        parts.reduce((sum, part) => sum + part[key], 0);
      expect(total('computeMs')).toBeCloseTo(lane.totals.computeMs, 9);
      expect(total('waitMs')).toBeCloseTo(lane.totals.waitMs, 9);
      expect(total('bytes')).toBe(lane.totals.bytes);
      expect(total('messages')).toBe(lane.totals.messages);
    }
  });

  test('tells by place what a range is made of', () => {
    expect(sumsByPlace(timeline, 290, 320)).toEqual([
      { lane: 0, path: 'embedding.words', computeMs: 10, waitMs: 0, bytes: 0, messages: 0 },
      { lane: 0, path: 'layer0.gelu', computeMs: 0, waitMs: 20, bytes: 1_000_000, messages: 1 },
      { lane: 1, path: 'layer0.gelu', computeMs: 5, waitMs: 25, bytes: 0, messages: 0 },
    ]);
  });

  test('knows what a role does at a moment', () => {
    expect(doingAt(one, 100)?.what).toBe(waits);
    expect(doingAt(one, 339)).toBeNull();
  });

  test('of many events is drawn with few arrows, each link still among them', () => {
    const long = chatter(3000);
    const whole = { fromMs: 0, toMs: long.endMs };
    const { arrows, of } = arrowsIn(long.messages, whole, 1200);
    expect(of).toBe(6000);
    expect(arrows.length).toBeLessThanOrEqual(mostArrows);
    expect(new Set(arrows.map(({ from }) => from))).toEqual(new Set([0, 1]));
    const near = arrowsIn(long.messages, { fromMs: 100, toMs: 150 }, 1200);
    expect(near.arrows).toHaveLength(near.of);
  });
});

describe('left-heavy', () => {
  test('has each place once, the most time first, and loses none of it', () => {
    const long = chatter(600);
    const whole = { fromMs: 0, toMs: long.endMs };
    const [merged] = leftHeavy(long, whole, true);
    const [apart] = leftHeavy(long, whole, false);
    if (merged === undefined || apart === undefined) throw new Error('two lanes');
    expect(merged.children.map(({ name }) => name)).toEqual(['layer']);
    expect(apart.children).toHaveLength(12);
    const totals = long.lanes[0]?.totals;
    for (const root of [merged, apart]) {
      expect(root.computeMs).toBeCloseTo(totals?.computeMs ?? 0, 6);
      expect(root.waitMs).toBeCloseTo(totals?.waitMs ?? 0, 6);
      expect(root.messages).toBe(totals?.messages);
      const times = root.children.map(timeOf);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(times.reduce((a, b) => a + b, 0)).toBeCloseTo(timeOf(root), 6);
    }
  });

  test('takes part of the time only, as numbers too', () => {
    const roots = leftHeavy(timeline, { fromMs: 290, toMs: 320 }, false);
    expect(heavyTable(timeline, roots).rows.slice(0, 3)).toEqual([
      expect.objectContaining({ role: 'Party 0', place: 'Layer 0', wait_ms: 20, sent_bytes: 1e6 }),
      expect.objectContaining({ role: 'Party 0', place: 'Layer 0 · gelu', compute_ms: 0 }),
      expect.objectContaining({ role: 'Party 0', place: 'Embedding', compute_ms: 10 }),
    ]);
  });
});

describe('the trace for Perfetto', () => {
  const slices = (events: readonly TraceEvent[]) =>
    events.flatMap((event) => (event.ph === 'X' ? [event] : []));

  test.each([
    ['two frames', timeline],
    ['many', chatter(200)],
  ])('is valid: %s', (_, of) => {
    const { traceEvents } = traceFile(of, { run: 'r_1' });
    const read = JSON.parse(JSON.stringify(traceEvents)) as readonly TraceEvent[];
    for (const event of read) {
      expect(Number.isInteger(event.pid) && Number.isInteger(event.tid)).toBe(true);
      expect(['M', 'X', 's', 'f']).toContain(event.ph);
      if (event.ph !== 'M') expect(event.ts).toBeGreaterThanOrEqual(0);
    }
    // Slices of one thread follow each other.
    const threads = Map.groupBy(slices(read), ({ pid, tid }) => `${pid}.${tid}`);
    for (const own of threads.values()) {
      const sorted = own.toSorted((a, b) => a.ts - b.ts || a.dur - b.dur);
      sorted.forEach(({ ts, dur }, at) => {
        expect(dur).toBeGreaterThanOrEqual(0);
        const next = sorted[at + 1];
        if (next !== undefined) expect(next.ts).toBeGreaterThanOrEqual(ts + dur - 1e-3);
      });
    }
    // Every flow begins once and ends once, later, in another process.
    const starts = read.flatMap((event) => (event.ph === 's' ? [event] : []));
    const ends = new Map(read.flatMap((event) => (event.ph === 'f' ? [[event.id, event]] : [])));
    expect(new Set(starts.map(({ id }) => id)).size).toBe(starts.length);
    expect(starts).toHaveLength(of.messages.length);
    expect(ends.size).toBe(starts.length);
    for (const { id, ts, pid } of starts) {
      expect(ends.get(id)?.ts).toBeGreaterThanOrEqual(ts);
      expect(ends.get(id)?.pid).not.toBe(pid);
    }
  });

  test('has times in microseconds, bytes and the names of the roles', () => {
    const { traceEvents, displayTimeUnit } = traceFile(timeline, {});
    expect(displayTimeUnit).toBe('ms');
    expect(slices(traceEvents).find(({ cat }) => cat === 'compute')).toMatchObject({
      pid: 1,
      ts: 0,
      dur: 300_000,
      args: { path: 'embedding.words' },
    });
    expect(slices(traceEvents).find(({ cat }) => cat === 'message')).toMatchObject({
      ts: 300_000,
      dur: 10_000,
      args: { bytes: 1_000_000 },
    });
    const names = traceEvents.flatMap((event) =>
      event.ph === 'M' && event.name === 'process_name' ? [event.args.name] : [],
    );
    expect(names).toEqual(['Party 0', 'Party 1']);
  });
});

describe('the tab Timeline', () => {
  const file: ReplayFile = {
    version: 1,
    link,
    matrix: null,
    samples: 4,
    measuredMs: 350,
    machineCores: 2,
    residual: { measuredMs: 350, replayedMs: 340, n: 3, share: -0.0286, cores: null },
    recording: compactRecording(recording),
  };
  const run = {
    ...doneRun,
    artifacts: [{ name: replayArtifact, bytes: 900, sha256: 'ab'.repeat(32) }],
  };
  const show = (recorded: ReplayFile = file) => {
    visit(`/runs/${run.id}?tab=timeline`);
    renderApp(<RunPage id={run.id} />, { 'runs.get': () => run, 'runs.replay': () => recorded });
    return screen.findByRole('region', { name: 'Timeline' });
  };
  const rows = (panel: HTMLElement, table: string) =>
    within(within(panel).getByRole('region', { name: table }))
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent);

  test('opens by its address, with the sums of the whole inference', async () => {
    const panel = await show();
    expect(screen.getByRole('tab', { name: 'Timeline' })).toHaveAttribute('aria-selected', 'true');
    expect(
      within(panel).getByRole('img', { name: /Timeline of 340.ms: Party 0 computes 300.ms/ }),
    ).toBeVisible();
    expect(panel).toHaveTextContent(/replayed at the run’s own network, 2\.9.% shorter/);
    expect(rows(panel, 'Sums of the range')).toEqual([
      'Party 0300\u00a0ms40.0\u00a0ms0\u00a0ms1.00\u00a0MB1',
      'Party 120.0\u00a0ms315\u00a0ms5.00\u00a0ms01',
    ]);
  });

  test('selects and reads out by keyboard, and lets go', async () => {
    const panel = await show();
    const picture = within(panel).getByRole('img', { name: /^Timeline of/ });
    fireEvent.keyDown(picture, { key: 'ArrowRight' });
    expect(panel).toHaveTextContent(/Party 0 computes: mul in Embedding · words; Party 1 waits/);
    fireEvent.keyDown(picture, { key: 'ArrowRight', shiftKey: true });
    expect(panel).toHaveTextContent(/Selected: 6\.80.ms to 13\.6.ms, 6\.80.ms/);
    expect(rows(panel, 'Sums of the range')[0]).toBe('Party 06.80\u00a0ms0\u00a0ms0\u00a0ms00');
    fireEvent.keyDown(picture, { key: 'Escape' });
    expect(panel).toHaveTextContent(/Whole inference: 0.ms to 340.ms/);
  });

  test('zooms by button, and shows the range as a table', async () => {
    const user = userEvent.setup();
    const panel = await show();
    await user.click(within(panel).getByRole('button', { name: 'Zoom in' }));
    expect(panel).toHaveTextContent(/Shown: 85\.0.ms to 255.ms/);
    await user.click(within(panel).getByRole('radio', { name: 'Table' }));
    expect(rows(panel, 'Timeline, table')).toEqual([
      'Party 0Embedding · words170\u00a0ms0\u00a0ms0\u00a0B0',
      'Party 1Layer 0 · gelu0\u00a0ms170\u00a0ms0\u00a0B0',
    ]);
    await user.click(within(panel).getByRole('button', { name: 'Whole' }));
    expect(panel).toHaveTextContent(/Whole inference/);
  });

  test('shows sums by place, the most first, with a table twin', async () => {
    const user = userEvent.setup();
    const panel = await show();
    await user.click(within(panel).getByRole('radio', { name: 'Left-heavy' }));
    const lane = within(panel).getByRole('region', { name: 'Party 0, left-heavy' });
    const boxes = within(lane).getAllByRole('listitem');
    expect(boxes[0]).toHaveTextContent(/Embedding 88\.2.%/);
    expect(panel).toHaveTextContent(/not in order of time/);
    expect(rows(panel, 'Timeline, left-heavy, table')[0]).toMatch(/^Party 0Embedding88\.2.%300.ms/);
    await user.click(within(panel).getByRole('switch', { name: 'Layers of one kind together' }));
    expect(lane).toHaveTextContent(/Layer 0/);
  });

  test('saves the trace', async () => {
    const user = userEvent.setup();
    const blob = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:trace');
    blob.mockClear();
    const panel = await show();
    await user.click(within(panel).getByRole('button', { name: 'Trace for Perfetto' }));
    const written = blob.mock.calls[0]?.[0];
    if (!(written instanceof Blob)) throw new Error('nothing was saved');
    const saved = JSON.parse(await written.text()) as {
      traceEvents: readonly TraceEvent[];
      otherData: Record<string, string>;
    };
    expect(saved.otherData['run']).toBe(run.id);
    expect(saved.traceEvents.filter(({ ph }) => ph === 's')).toHaveLength(2);
  });

  test('says what is wrong with a damaged recording', async () => {
    visit(`/runs/${run.id}?tab=timeline`);
    renderApp(<RunPage id={run.id} />, {
      'runs.get': () => run,
      'runs.replay': () => ({ ...file, recording: { ...file.recording, events: '!' } }),
    });
    expect(await screen.findByText(/not base64; run it again/)).toBeVisible();
  });
});
