/** What a role records of itself: in program order, each event with what it belongs to. */
import { expect, test } from 'vitest';
import { TimelineRecorder, timelineKinds } from '../../server/engine/timeline.ts';

const burnMs = (ms: number): void => {
  const from = process.cpuUsage();
  for (let spent = 0; spent < ms * 1000;) {
    const { user, system } = process.cpuUsage(from);
    spent = user + system;
  }
};

test('order, peers, bytes and places are those of the calls', () => {
  const recorder = new TimelineRecorder();
  burnMs(3);
  recorder.computed('layer0', 'mul');
  recorder.sent(1, 100);
  recorder.idle();
  recorder.received('dealer', 40);
  burnMs(2);
  recorder.computed('layer1', 'local');
  const { kind, place, places, peer, peers, bytes, cpuUs } = recorder.read();
  const events = Array.from(kind, (what, i) => ({
    what: timelineKinds[what],
    at: places[place[i] ?? 0]?.path,
    peer: what === 0 ? null : peers[peer[i] ?? 0],
    bytes: bytes[i],
  })).filter((event, i) => event.what !== 'compute' || (cpuUs[i] ?? 0) > 1000);
  expect(events).toEqual([
    { what: 'compute', at: 'layer0', peer: null, bytes: 0 },
    { what: 'send', at: 'layer0', peer: 1, bytes: 100 },
    { what: 'receive', at: 'layer0', peer: 'dealer', bytes: 40 },
    { what: 'compute', at: 'layer1', peer: null, bytes: 0 },
  ]);
});

test('the CPU time of a step is charged to the step, also one shorter than a tick', () => {
  const recorder = new TimelineRecorder();
  for (let step = 0; step < 10; step += 1) {
    burnMs(0.5);
    recorder.computed(`step${step}`, 'mul');
  }
  const { cpuUs, kind } = recorder.read();
  expect(kind).toHaveLength(10);
  for (const us of cpuUs) expect(us).toBeGreaterThan(300);
});

test('a restart forgets all', () => {
  const recorder = new TimelineRecorder();
  recorder.sent(1, 5);
  recorder.restart();
  expect(recorder.read().kind.length).toBeLessThanOrEqual(1);
  expect(recorder.read().bytes.every((bytes) => bytes === 0)).toBe(true);
});
