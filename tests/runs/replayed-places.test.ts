/** Time by place on the asked link: adds up to the replayed latency, and follows the role that ends last. */
import { describe, expect, test } from 'vitest';
import type { OperationRow } from '../../server/api/schemas/run-view.ts';
import type { Link } from '../../server/network/link.ts';
import { replayedPlaces, withReplayed } from '../../server/runs/replayed-places.ts';
import { recordingFrom } from '../network/replay-support.ts';

const link: Link = {
  name: 'test',
  bitsPerSecond: 'unlimited',
  rttMs: 20,
  overheadFactor: 1,
  topology: 'pair',
};

/** Party 0 computes in the GeLU and tells party 1, which then computes in the softmax. */
const inference = (geluMs: number) => ({
  recording: recordingFrom([
    {
      role: 0,
      steps: [
        { compute: geluMs, at: 'gelu' },
        { send: 1, bytes: 8, at: 'gelu' },
      ],
    },
    {
      role: 1,
      steps: [
        { receive: 0, at: 'gelu' },
        { compute: 5, at: 'softmax' },
      ],
    },
  ]),
});

const row = (path: string, phase: OperationRow['phase'] = 'online'): OperationRow => ({
  path,
  op: 'mul',
  phase,
  calls: 1,
  elements: 1,
  bytesSent: [8, 0],
  predictedBytesSent: null,
  dealerBytes: 0,
  predictedDealerBytes: null,
  computeMs: 1,
  waitMs: 1,
});

describe('places of a replay', () => {
  test('are means over inferences of the role that ends last, waiting for the other one included', () => {
    const places = replayedPlaces([inference(3), inference(7)], link);
    expect([...places.keys()].toSorted()).toEqual(['gelu|mul', 'softmax|mul']);
    expect(places.get('gelu|mul')?.computeMs).toBeCloseTo(0, 9);
    expect(places.get('gelu|mul')?.waitMs).toBeCloseTo(15, 9);
    expect(places.get('softmax|mul')?.computeMs).toBeCloseTo(5, 9);
    expect(places.get('softmax|mul')?.waitMs).toBeCloseTo(0, 9);
  });
  test('stand in online rows only; where the last role never came it took no time', () => {
    const places = replayedPlaces([inference(3)], link);
    const [softmax, other, setup] = withReplayed(
      [row('softmax'), row('elsewhere'), row('softmax', 'setup')],
      places,
    );
    expect(softmax?.replayed?.computeMs).toBeCloseTo(5, 9);
    expect(other?.replayed).toEqual({ computeMs: 0, waitMs: 0 });
    expect(setup).not.toHaveProperty('replayed');
  });
  test('a run without recordings says nothing of them', () => {
    const rows = [row('softmax')];
    expect(withReplayed(rows, replayedPlaces([], link))).toBe(rows);
  });
});
