/** A run's what-if in numbers, and what its roles did layer by layer. */
import { describe, expect, test } from 'vitest';
import { compactRecording } from '../../server/network/replay/codec.ts';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import { layerLanes, unpackReplay, whatIfNumbers } from '../../server/network/replay/what-if.ts';
import { recordingFrom } from './replay-support.ts';

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
const fileWith = (share: number): ReplayFile => ({
  version: 1,
  link: {
    name: 'lan',
    bitsPerSecond: 8e8,
    rttMs: 10,
    overheadFactor: 1,
    topology: 'pair',
    tcp: 'warm',
  },
  matrix: null,
  samples: 4,
  measuredMs: 330,
  machineCores: 2,
  residual: { measuredMs: 330, replayedMs: 320, n: 3, share, cores: null },
  recording: compactRecording(recording),
});
const good = unpackReplay(fileWith(-0.03));

describe('numbers', () => {
  test('at its own network and at another', () => {
    const own = whatIfNumbers(good, { rttMs: null, bitsPerSecond: null });
    // 300 of computing, 10 of sending 1 MB at 800 Mbit/s, a round trip of 10.
    expect(own.onlineMs).toBeCloseTo(320, 3);
    expect([own.rttMs, own.bitsPerSecond, own.samples, own.offlineMs]).toEqual([10, 8e8, 4, null]);
    expect(whatIfNumbers(good, { rttMs: 110, bitsPerSecond: null }).onlineMs).toBeCloseTo(420, 3);
    expect(whatIfNumbers(good, { rttMs: null, bitsPerSecond: 8e7 }).onlineMs).toBeCloseTo(410, 3);
  });

  test('a run whose replay is off at home says nothing about elsewhere', () => {
    const off = unpackReplay(fileWith(-0.2));
    expect(whatIfNumbers(off, { rttMs: 40, bitsPerSecond: null }).onlineMs).toBeNull();
    expect(whatIfNumbers(off, { rttMs: null, bitsPerSecond: null }).onlineMs).toBeCloseTo(320, 3);
  });
});

test('lanes have every role’s layers, with all its computing, waiting and bytes', () => {
  const lanes = layerLanes(good);
  expect(lanes.map(({ role, layer }) => `${role} ${layer}`)).toEqual([
    'Party 0 embedding',
    'Party 0 layer0',
    'Party 1 layer0',
  ]);
  expect(lanes[0]).toMatchObject({ fromMs: 0, computeMs: 300, waitMs: 0, messages: 0 });
  expect(lanes[1]).toMatchObject({ sentBytes: 1_000_000, messages: 1 });
  expect(lanes[1]?.waitMs).toBeCloseTo(20, 3);
  expect(lanes[2]?.waitMs).toBeCloseTo(315, 3);
});
