/** What holds for every recording and every link: random protocols of two and three roles. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Link } from '../../server/network/link.ts';
import { serialisationMs } from '../../server/network/link-clock.ts';
import { compactRecording, readRecording } from '../../server/network/replay/codec.ts';
import { sending, type Recording } from '../../server/network/replay/recording.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { timeParts, whereTime } from '../../server/network/replay/where-time.ts';
import { recordingFrom, type Step } from './replay-support.ts';

type Party = 0 | 1 | 2;

/** A round: who computes how long (us), then who sends how much to whom; all of it is received. */
const round = fc.record({
  compute: fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 3, maxLength: 3 }),
  from: fc.integer({ min: 0, max: 2 }),
  steps: fc.integer({ min: 1, max: 2 }),
  bytes: fc.integer({ min: 0, max: 200_000 }),
});

/** Three parties that follow one program, as MPC does; whoever is sent to receives in that round. */
const protocol = fc.array(round, { minLength: 1, maxLength: 12 }).map((rounds): Recording => {
  const steps: Step[][] = [[], [], []];
  for (const { compute, from, steps: ahead, bytes } of rounds) {
    compute.forEach((us, party) => steps[party]?.push({ compute: us / 1000 }));
    const to = ((from + ahead) % 3) as Party;
    steps[from]?.push({ send: to, bytes });
    steps[to]?.push({ receive: from as Party, cpuMs: 0.02 });
  }
  return recordingFrom(
    steps.map((own, role) => ({ role: role as Party, steps: own })),
    { wakeMs: 0.05, headerBytes: 40 },
  );
});

const linkOf = (
  bitsPerSecond: number,
  rttMs: number,
  topology: Link['topology'] = 'pair',
): Link => ({ name: 'any', bitsPerSecond, rttMs, overheadFactor: 1.0456, topology });

const anyLink = fc
  .record({
    rate: fc.integer({ min: 6, max: 10 }),
    rttMs: fc.double({ min: 0, max: 100, noNaN: true }),
    topology: fc.constantFrom<Link['topology']>('pair', 'nic', 'shared'),
  })
  .map(({ rate, rttMs, topology }) => linkOf(10 ** rate, rttMs, topology));

const latency = (recording: Recording, link: Link, cores = Infinity): number =>
  replay(recording, { link, cores }).latencyMs;

test('no frame is there before its link can have brought it, nor taken before it is there', () => {
  fc.assert(
    fc.property(protocol, anyLink, (recording, link) => {
      const replayed = replay(recording, { link, cores: Infinity });
      for (const { flights, readyMs } of replayed.roles) {
        flights.forEach((flight, event) => {
          if (flight === undefined) return;
          const sender = recording.roles.find(({ role }) => role === flight.from);
          expect(sender?.kind[flight.event]).toBe(sending);
          const bytes = (sender?.bytes[flight.event] ?? 0) + recording.headerBytes;
          const leastMs = flight.sentMs + serialisationMs(link, bytes) + link.rttMs / 2;
          expect(flight.dueMs).toBeGreaterThanOrEqual(leastMs - 1e-9);
          expect(readyMs[event]).toBeGreaterThanOrEqual(flight.dueMs);
        });
      }
    }),
  );
});

test('a longer round trip or a lower rate never makes it faster, on links of their own', () => {
  fc.assert(
    fc.property(
      protocol,
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.double({ min: 1, max: 1000, noNaN: true }),
      (recording, rttMs, moreMs, factor) => {
        // What reading costs hides in the wait, so a longer wait can save as much as that, and wake-ups.
        const events = recording.roles.reduce((sum, { kind }) => sum + kind.length, 0);
        const slackMs = events * (recording.wakeMs + 0.02) + 1e-9;
        const base = latency(recording, linkOf(1e9, rttMs));
        expect(latency(recording, linkOf(1e9, rttMs + moreMs))).toBeGreaterThanOrEqual(
          base - slackMs,
        );
        expect(latency(recording, linkOf(1e9 / factor, rttMs))).toBeGreaterThanOrEqual(
          base - slackMs,
        );
      },
    ),
  );
});

test('where one computes at a time, the number of cores does not matter', () => {
  const ring = fc
    .array(fc.record({ ms: fc.integer({ min: 0, max: 20 }), bytes: fc.nat(100_000) }), {
      minLength: 1,
      maxLength: 20,
    })
    .map((turns) => {
      const steps: Step[][] = [[], [], []];
      turns.forEach(({ ms, bytes }, turn) => {
        const [at, next] = [turn % 3, (turn + 1) % 3];
        steps[at]?.push({ compute: ms }, { send: next as Party, bytes });
        steps[next]?.push({ receive: at as Party });
      });
      return recordingFrom(steps.map((own, role) => ({ role: role as Party, steps: own })));
    });
  fc.assert(
    fc.property(ring, anyLink, (recording, link) => {
      expect(latency(recording, link, 1)).toBe(latency(recording, link));
      expect(latency(recording, link, 2)).toBe(latency(recording, link));
    }),
  );
});

test('fewer cores never end it earlier than all computing on them takes', () => {
  fc.assert(
    fc.property(protocol, anyLink, fc.integer({ min: 1, max: 3 }), (recording, link, cores) => {
      const computeMs = recording.roles.reduce(
        (sum, { cpuUs, kind }) =>
          sum + cpuUs.reduce((own, us, event) => own + (kind[event] === 0 ? us / 1000 : 0), 0),
        0,
      );
      expect(latency(recording, link, cores)).toBeGreaterThanOrEqual(computeMs / cores - 1e-6);
    }),
  );
});

test('parts sum to the latency for every role, and so does the critical path', () => {
  fc.assert(
    fc.property(protocol, anyLink, (recording, link) => {
      const where = whereTime(recording, replay(recording, { link, cores: Infinity }));
      const sum = (ms: (typeof where)['criticalMs']): number =>
        timeParts.reduce((total, part) => total + ms[part], 0);
      for (const { ms } of where.roles) expect(sum(ms)).toBeCloseTo(where.latencyMs, 6);
      expect(sum(where.criticalMs)).toBeCloseTo(where.latencyMs, 6);
      for (const { ms, criticalMs, op } of where.rows) {
        if (op === 'start') continue;
        expect(criticalMs.compute).toBeLessThanOrEqual(ms.compute + 1e-6);
      }
    }),
  );
});

test('the compact form replays to the same number', () => {
  fc.assert(
    fc.property(protocol, anyLink, (recording, link) => {
      const again = readRecording(compactRecording(recording));
      expect(latency(again, link)).toBe(latency(recording, link));
    }),
  );
});
