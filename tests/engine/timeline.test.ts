/** What a role records of itself: in program order, each event with what it belongs to. */
import { expect, test } from 'vitest';
import { TimelineRecorder, timelineKinds } from '../../server/engine/timeline.ts';

/** A clock of CPU time that runs only where the test says so. Microseconds. */
function clock(): { spend: (us: number) => void; read: () => number } {
  let us = 0;
  return { spend: (more) => void (us += more), read: () => us };
}

test('order, peers, bytes, places and CPU time are those of the calls', () => {
  const { spend, read } = clock();
  const recorder = new TimelineRecorder(read);
  spend(3000);
  recorder.computed('layer0', 'mul');
  recorder.sent(1, 100);
  recorder.idle();
  recorder.received('dealer', 40);
  spend(2000);
  recorder.computed('layer1', 'local');
  const { kind, place, places, peer, peers, bytes, cpuUs } = recorder.read();
  const events = Array.from(kind, (what, i) => ({
    what: timelineKinds[what],
    at: places[place[i] ?? 0]?.path,
    peer: what === 0 ? null : peers[peer[i] ?? 0],
    bytes: bytes[i],
    cpuUs: cpuUs[i],
  }));
  expect(events).toEqual([
    { what: 'compute', at: 'layer0', peer: null, bytes: 0, cpuUs: 3000 },
    { what: 'send', at: 'layer0', peer: 1, bytes: 100, cpuUs: 0 },
    { what: 'receive', at: 'layer0', peer: 'dealer', bytes: 40, cpuUs: 0 },
    { what: 'compute', at: 'layer1', peer: null, bytes: 0, cpuUs: 2000 },
  ]);
});

test('the CPU time of a step is charged to the step, and adds up within it', () => {
  const { spend, read } = clock();
  const recorder = new TimelineRecorder(read);
  for (const us of [500, 40, 7]) {
    spend(us);
    recorder.computed(`step of ${us}`, 'mul');
    spend(us);
    recorder.computed(`step of ${us}`, 'mul');
  }
  expect([...recorder.read().cpuUs]).toEqual([1000, 80, 14]);
});

test('the clock of this thread runs while it computes', () => {
  const recorder = new TimelineRecorder();
  for (let sum = 0, i = 0; i < 3e7; i += 1) sum += i;
  recorder.computed('layer0', 'mul');
  expect(recorder.read().cpuUs[0]).toBeGreaterThan(0);
});

test('a restart forgets all', () => {
  const recorder = new TimelineRecorder(clock().read);
  recorder.sent(1, 5);
  recorder.restart();
  expect(recorder.read().kind).toHaveLength(0);
});
