/** The replay in exact virtual time: every number here is computed by hand. */
import { describe, expect, test } from 'vitest';
import type { Link } from '../../server/network/link.ts';
import { compactRecording, readRecording } from '../../server/network/replay/codec.ts';
import { crossoverMap, logarithmicSteps } from '../../server/network/replay/crossover.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { residualOf } from '../../server/network/replay/residual.ts';
import { timeParts, whereTime } from '../../server/network/replay/where-time.ts';
import { recordingFrom } from './replay-support.ts';

/** 1000 bytes a millisecond, 5 ms each way. */
const link: Link = {
  name: 'by hand',
  bitsPerSecond: 8e6,
  rttMs: 10,
  overheadFactor: 1,
  topology: 'pair',
};

/** Party 0 computes and asks, party 1 computes and answers. */
const pingPong = recordingFrom(
  [
    {
      role: 0,
      steps: [
        { compute: 3, at: 'a' },
        { send: 1, bytes: 2000, at: 'a' },
        { receive: 1, at: 'b' },
      ],
    },
    {
      role: 1,
      steps: [
        { receive: 0, at: 'a' },
        { compute: 4, at: 'a' },
        { send: 0, bytes: 1000, at: 'b' },
      ],
    },
  ],
  { wakeMs: 0.5 },
);

describe('virtual time', () => {
  test('one question and its answer', () => {
    const { latencyMs, roles } = replay(pingPong, { link, cores: Infinity });
    // 3 + 2000/1000 + 5 + 0.5 + 4 + 1000/1000 + 5 + 0.5
    expect(latencyMs).toBe(21);
    expect([...(roles[1]?.beginMs ?? [])]).toEqual([0, 10.5, 14.5]);
    expect([...(roles[1]?.readyMs ?? [])]).toEqual([10, 10.5, 14.5]);
  });

  test('headers are charged, and nothing is without a link', () => {
    const headed = { ...pingPong, headerBytes: 500 };
    expect(replay(headed, { link, cores: Infinity }).latencyMs).toBe(22);
    // 3 + 0.5 + 4 + 0.5: who waits still has to wake up.
    expect(replay(headed, { link: undefined, cores: Infinity }).latencyMs).toBe(8);
  });

  test('frames of one link queue, and of two do not', () => {
    const both = (second: 1 | 2) =>
      recordingFrom([
        {
          role: 0,
          steps: [
            { send: 1, bytes: 3000 },
            { send: second, bytes: 1000 },
          ],
        },
        { role: 1, steps: second === 1 ? [{ receive: 0 }, { receive: 0 }] : [{ receive: 0 }] },
        { role: 2, steps: second === 1 ? [] : [{ receive: 0 }] },
      ]);
    const ends = (second: 1 | 2, topology: Link['topology']) =>
      replay(both(second), { link: { ...link, topology }, cores: Infinity }).roles.map(
        ({ endMs }) => endMs.at(-1),
      );
    expect(ends(1, 'pair')).toEqual([0, 9, undefined]);
    expect(ends(2, 'pair')).toEqual([0, 8, 6]);
    // One card: the second frame waits for the first, which is a single chunk.
    expect(ends(2, 'nic')).toEqual([0, 8, 9]);
  });

  test('a frame on a shared rate ends later when others join it', () => {
    const recording = recordingFrom([
      { role: 0, steps: [{ send: 1, bytes: 131_072 }, { compute: 1 }, { send: 2, bytes: 65_536 }] },
      { role: 1, steps: [{ receive: 0 }] },
      { role: 2, steps: [{ receive: 0 }] },
    ]);
    const nic: Link = { ...link, topology: 'nic' };
    const { roles } = replay(recording, { link: nic, cores: Infinity });
    // Chunks take turns: 1, 2, 1. Party 2 has its own after two of them, party 1 after three.
    expect(roles[2]?.endMs[0]).toBeCloseTo(131.072 + 5, 9);
    expect(roles[1]?.endMs[0]).toBeCloseTo(196.608 + 5, 9);
  });

  test('slow start: a first megabyte at 100 Mbit/s and 80 ms takes 567 ms', () => {
    const recording = recordingFrom([
      { role: 0, steps: [{ send: 1, bytes: 1e6 }] },
      { role: 1, steps: [{ receive: 0 }] },
    ]);
    const cold: Link = { ...link, bitsPerSecond: 100e6, rttMs: 80, tcp: 'cubic' };
    const ms = replay(recording, { link: cold, cores: Infinity }).latencyMs;
    // network.md counts until the answer is there: half a round trip more.
    expect(ms + 40).toBeGreaterThan(565);
    expect(ms + 40).toBeLessThan(569);
  });

  test('three roles on two cores share them evenly', () => {
    const busy = (ms: number) => [{ compute: ms }];
    const recording = recordingFrom([
      { role: 0, steps: busy(2) },
      { role: 1, steps: busy(2) },
      { role: 2, steps: busy(6) },
    ]);
    const ends = (cores: number) =>
      replay(recording, { link, cores }).roles.map(({ endMs }) => endMs[0]);
    // Two thirds of a core each until 3 ms, then a whole one for what is left: 6 - 2 = 4 ms.
    expect(ends(2)).toEqual([3, 3, 7]);
    expect(ends(Infinity)).toEqual([2, 2, 6]);
    expect(ends(1)).toEqual([6, 6, 10]);
  });

  test('reading a frame costs what the wait for it did not hide', () => {
    const recording = (cpuMs: number, firstMs: number) =>
      recordingFrom(
        [
          { role: 0, steps: [{ send: 1, bytes: 0 }] },
          { role: 1, steps: [{ compute: firstMs }, { receive: 0, cpuMs }] },
        ],
        { wakeMs: 0.25 },
      );
    const end = (cpuMs: number, firstMs: number) =>
      replay(recording(cpuMs, firstMs), { link, cores: Infinity }).latencyMs;
    // Waited 5 ms of 8 that reading costs; 1 ms of 8; not at all; longer than reading takes.
    expect(end(8, 0)).toBe(8);
    expect(end(8, 4)).toBe(12);
    expect(end(2, 6)).toBe(8);
    expect(end(2, 0)).toBe(5.25);
  });

  test('a role that begins later, and frames to the owner that nobody waits for', () => {
    const recording = recordingFrom([
      { role: 0, startMs: 4, steps: [{ compute: 1 }, { send: 'owner', bytes: 1e9 }] },
      { role: 1, steps: [{ compute: 2 }] },
    ]);
    expect(replay(recording, { link, cores: Infinity }).latencyMs).toBe(5);
  });
});

describe('bad input', () => {
  test('a recording that does not fit together names who waits for whom', () => {
    const recording = recordingFrom([
      { role: 0, steps: [{ receive: 1 }] },
      { role: 1, steps: [{ compute: 1 }] },
    ]);
    expect(() => replay(recording, { link, cores: Infinity })).toThrow(
      'party 0 waits at event 0 of 1 for party 1, and nothing is under way',
    );
  });

  test('no core, and a link that cannot be', () => {
    expect(() => replay(pingPong, { link, cores: 0 })).toThrow('cores is 0');
    expect(() => replay(pingPong, { link, cores: Number.NaN })).toThrow('cores is NaN');
    const none = { ...link, bitsPerSecond: 0 };
    expect(() => replay(pingPong, { link: none, cores: 1 })).toThrow('bitsPerSecond is 0');
  });

  test('a damaged compact form', () => {
    const compact = compactRecording(pingPong);
    expect(() => readRecording({ ...compact, events: btoa('\u0001') })).toThrow('ends at byte 1');
    const longer = btoa(`${atob(compact.events)}\u0000`);
    expect(() => readRecording({ ...compact, events: longer })).toThrow('1 bytes are left over');
    expect(() => readRecording({ ...compact, events: '=' })).toThrow('not base64');
    const other = { ...compact, version: 2 } as unknown as typeof compact;
    expect(() => readRecording(other)).toThrow('version is 2');
  });
});

describe('where the time goes', () => {
  const replayed = replay(pingPong, { link, cores: Infinity });
  const where = whereTime(pingPong, replayed);

  test('the parts of each role', () => {
    expect(where.roles).toEqual([
      { role: 0, ms: { compute: 3.5, serialisation: 1, propagation: 5, waiting: 11.5 } },
      { role: 1, ms: { compute: 4.5, serialisation: 2, propagation: 5, waiting: 9.5 } },
    ]);
    for (const { ms } of where.roles) {
      expect(timeParts.reduce((sum, part) => sum + ms[part], 0)).toBe(where.latencyMs);
    }
  });

  test('the critical path goes over both parties and sums to the latency', () => {
    expect(where.last).toBe(0);
    expect(where.criticalMs).toEqual({
      compute: 8,
      serialisation: 3,
      propagation: 10,
      waiting: 0,
    });
    const of = (role: number, path: string) =>
      where.rows.find((row) => row.role === role && row.path === path)?.criticalMs;
    expect(of(0, 'a')).toEqual({ compute: 3, serialisation: 0, propagation: 0, waiting: 0 });
    expect(of(1, 'a')).toEqual({ compute: 4.5, serialisation: 2, propagation: 5, waiting: 0 });
    expect(of(0, 'b')).toEqual({ compute: 0.5, serialisation: 1, propagation: 5, waiting: 0 });
  });
});

test('the compact form comes back as it was', () => {
  const recording = recordingFrom(
    [
      {
        role: 0,
        startMs: 1.5,
        steps: [
          { compute: 70_000, at: 'a' },
          { send: 2, bytes: 4_000_000_000, at: 'layer0.attention softmax' },
          { receive: 'dealer', cpuMs: 0.127, at: 'a' },
        ],
      },
    ],
    { headerBytes: 40, wakeMs: 0.07 },
  );
  expect(readRecording(compactRecording(recording))).toEqual(recording);
});

test('residual: medians of measurement and replay, and the share between them', () => {
  const measured = [20, 30, 25].map((measuredMs) => ({ recording: pingPong, measuredMs }));
  const residual = residualOf(measured, link, 2);
  expect(residual).toEqual({
    measuredMs: 25,
    replayedMs: 21,
    n: 3,
    share: (21 - 25) / 25,
    cores: null,
  });
  expect(residualOf(measured, link, 1).cores).toBe(1);
});

describe('which of two wins where', () => {
  /** Much computing and one round; little computing and many bytes. */
  const slow = recordingFrom([{ role: 0, steps: [{ compute: 50 }] }]);
  const chatty = recordingFrom([
    { role: 0, steps: [{ send: 1, bytes: 10_000 }] },
    { role: 1, steps: [{ receive: 0 }] },
  ]);
  const grid = { rttMs: [10, 200], bitsPerSecond: [8e6, 1e6], link, cores: Infinity };
  const run = (recording: typeof slow, samples = 1, residual = 0.05) => ({
    recording,
    samples,
    residual,
  });

  test('the one without messages wins where the network is slow', () => {
    const cells = crossoverMap(run(slow), run(chatty), grid);
    expect(cells.map(({ winner, secondMs }) => [winner, secondMs])).toEqual([
      ['second', 15],
      ['first', 85],
      ['first', 110],
      ['first', 180],
    ]);
  });

  test('a difference within what the replays miss by is none; latency counts per sample', () => {
    const [near] = crossoverMap(run(slow, 4), run(chatty, 1, 0.2), grid);
    expect(near).toMatchObject({ firstMs: 12.5, secondMs: 15, winner: 'tie' });
    expect(crossoverMap(run(slow, 4), run(chatty, 1, 0.1), grid)[0]?.winner).toBe('first');
  });

  test('steps of equal factor that end where they should', () => {
    expect(logarithmicSteps(1, 1000, 4).map((value) => Number(value.toFixed(9)))).toEqual([
      1, 10, 100, 1000,
    ]);
  });
});
