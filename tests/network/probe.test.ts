/** Probe and certificate: what is measured, in which order, and when a link counts as met. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { judgeProbe } from '../../server/network/certificate.ts';
import { monotonicMs } from '../../server/engine/clock.ts';
import { unlimitedLink } from '../../server/network/link.ts';
import type { Link } from '../../server/network/link.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import { findLinkProfile, linkProfiles } from '../../server/network/profiles.ts';
import { planProbe, probeLinks } from '../../server/network/probe.ts';
import type { LinkMeasurement } from '../../server/network/probe.ts';

const link: Link = {
  name: 'test',
  bitsPerSecond: 400e6,
  rttMs: 4,
  overheadFactor: 1.0456,
  topology: 'pair',
};

const measurement = (change: Partial<LinkMeasurement> & { p50?: number } = {}): LinkMeasurement => {
  const { p50 = 4.1, ...fields } = change;
  const rttMs = { n: 50, min: p50, p50, p99: p50 + 1 };
  const sizes = { bulkBytes: 1e6, bulks: 3 };
  return { from: 0, to: 1, rttMs, bitsPerSecond: 398e6, ...sizes, ...fields };
};

describe('probe plan', () => {
  it('bounds pings and bytes, whatever the link', () => {
    expect(planProbe(findLinkProfile('puma-lan').link)).toMatchObject({
      pings: 50,
      bulkBytes: 16 * 2 ** 20,
    });
    // Cold code answers later: some 50 ms of pings before those that count.
    expect(planProbe(findLinkProfile('puma-lan').link).warmUpPings).toBe(50);
    expect(planProbe({ ...link, rttMs: 0 }).warmUpPings).toBe(100);
    const wan = planProbe(findLinkProfile('wan-100').link);
    expect(wan).toMatchObject({ pings: 13, warmUpPings: 0, bulks: 1, warmUpBulks: 0 });
    // A fifth of a second at 100 Mbit/s, less the headers.
    expect(wan.bulkBytes).toBe(Math.round(2.5e6 / 1.0456));
    expect(planProbe({ ...link, bitsPerSecond: 1e5 }).bulkBytes).toBe(256 * 1024);
    for (const { link } of linkProfiles) expect(planProbe(link).pings).toBeLessThanOrEqual(50);
  });
});

describe('probe', () => {
  it('measures the links of each initiator, and leaves the owner out', async () => {
    const channels = memoryChannels([0, 1, 2, 'owner'], { link, receiveTimeoutMs: 20_000 });
    const all = await Promise.all(channels.map((channel) => probeLinks(channel, link)));
    expect(all.map((list) => list.map(({ from, to }) => [from, to]))).toEqual([
      [
        [0, 1],
        [0, 2],
      ],
      [
        [1, 0],
        [1, 2],
      ],
      [
        [2, 0],
        [2, 1],
      ],
      [],
    ]);
    for (const { rttMs, bitsPerSecond } of all.flat()) {
      expect(rttMs.n).toBe(50);
      expect(rttMs.min).toBeGreaterThanOrEqual(4);
      expect(rttMs.p50).toBeLessThanOrEqual(rttMs.p99);
      expect(bitsPerSecond).toBeLessThanOrEqual(400e6 * (1 + 1e-9));
    }
    // The owner saw nothing of it.
    expect(channels[3]?.counters().every(({ framesReceived }) => framesReceived === 0)).toBe(true);
    for (const channel of channels) channel.resetCounters();
    for (const counter of channels.flatMap((channel) => channel.counters())) {
      expect({ ...counter, peer: 0 }).toEqual({
        peer: 0,
        bytesSent: 0,
        framesSent: 0,
        frameBytesSent: 0,
        bytesReceived: 0,
        framesReceived: 0,
        framesLate: 0,
        worstLateMs: 0,
      });
    }
  }, 30_000);

  it('measures the links of two parties and of their dealer, in both directions', async () => {
    const quick = { ...link, rttMs: 1 };
    const channels = memoryChannels([0, 1, 'dealer', 'owner'], {
      link: quick,
      receiveTimeoutMs: 20_000,
    });
    const all = await Promise.all(channels.map((channel) => probeLinks(channel, quick)));
    expect(all.map((list) => list.map(({ from, to }) => `${from}>${to}`))).toEqual([
      ['0>1', '0>dealer'],
      ['1>0', '1>dealer'],
      ['dealer>0', 'dealer>1'],
      [],
    ]);
    for (const { rttMs } of all.flat()) expect(rttMs.min).toBeGreaterThanOrEqual(1);
    const slow = all.flat().map((one) => ({ ...one, bitsPerSecond: 1e6 }));
    expect(judgeProbe(quick, slow).reasons.join(' ')).toContain(
      'Rate the dealer to party 0: asked',
    );
  }, 30_000);

  it("asks of each directed link what was asked of it, the dealer's own included", async () => {
    const slow = { ...link, rttMs: 8 };
    const choice = (from: unknown, to: unknown) =>
      from === 'dealer' || to === 'dealer' ? slow : undefined;
    const channels = memoryChannels([0, 1, 'dealer'], { link: choice, receiveTimeoutMs: 20_000 });
    const all = await Promise.all(channels.map((channel) => probeLinks(channel, choice)));
    for (const { from, to, rttMs } of all.flat()) {
      if (from === 'dealer' || to === 'dealer') expect(rttMs.min).toBeGreaterThanOrEqual(8);
      else expect(rttMs.min).toBeLessThan(8);
    }
  }, 30_000);

  it('finds out that nothing is shaped', async () => {
    const channels = memoryChannels([0, 1]);
    const all = await Promise.all(channels.map((channel) => probeLinks(channel, link)));
    const { verdict, reasons } = judgeProbe(link, all.flat());
    expect(verdict).toBe('not met');
    expect(reasons.length).toBeGreaterThanOrEqual(2);
  });

  it('names ends that were asked for different links', async () => {
    const channels = memoryChannels([0, 1], { receiveTimeoutMs: 300 });
    const links = [link, { ...link, rttMs: 200 }];
    const ends = await Promise.allSettled(
      channels.map(async (channel, i) => probeLinks(channel, links[i])),
    );
    const reasons = ends.map((end) => (end.status === 'rejected' ? String(end.reason) : ''));
    expect(reasons.join(' ')).toMatch(/do both ends ask for the same link|nothing came from party/);
  });
});

describe('link certificate', () => {
  it('is met within 5 % or 0.06 ms, the rate within 2 %, and not beyond', () => {
    const verdict = (change: Parameters<typeof measurement>[0]) =>
      judgeProbe(link, [measurement(change)]).verdict;
    expect(verdict({})).toBe('met');
    expect(verdict({ p50: 4.19 })).toBe('met');
    expect(verdict({ p50: 4.22 })).toBe('not met');
    expect(verdict({ p50: 3.75 })).toBe('not met');
    expect(verdict({ bitsPerSecond: 393e6 })).toBe('met');
    expect(verdict({ bitsPerSecond: 390e6 })).toBe('not met');
    expect(verdict({ bitsPerSecond: 410e6 })).toBe('not met');
    expect(verdict({ bitsPerSecond: Number.NaN })).toBe('not met');
    const fast = { ...link, rttMs: 0.5 };
    expect(judgeProbe(fast, [measurement({ p50: 0.555 })]).verdict).toBe('met');
    expect(judgeProbe(fast, [measurement({ p50: 0.58 })]).verdict).toBe('not met');
  });

  it('says what is wrong in sentences, and describes the host', () => {
    const bad = measurement({ p50: 0.12, bitsPerSecond: 9e9, from: 2, to: 0 });
    const certificate = judgeProbe(link, [measurement(), bad]);
    expect(certificate.reasons).toEqual([
      expect.stringMatching(/^RTT party 2 to party 0: asked 4\.00 ms, measured 0\.120 ms .*\.$/),
      expect.stringMatching(/^Rate party 2 to party 0: asked 400 Mbit\/s, measured 9000 Mbit\/s/),
    ]);
    expect(certificate.host.cores).toBeGreaterThan(0);
    expect(certificate.requested).toBe(link);
    expect(JSON.parse(JSON.stringify(certificate))).toEqual(certificate);
  });

  it('only measures what was not asked for, but something must be measured', () => {
    const busy = measurement({ p50: 9, bitsPerSecond: 1e6 });
    expect(judgeProbe(unlimitedLink, [busy]).verdict).toBe('met');
    const delayOnly: Link = { ...link, bitsPerSecond: 'unlimited' };
    expect(judgeProbe(delayOnly, [busy]).reasons).toHaveLength(1);
    expect(judgeProbe(link, [])).toMatchObject({
      verdict: 'not met',
      reasons: ['No link was measured.'],
    });
  });
});

const openTwo = () => {
  const [p0, p1] = memoryChannels([0, 1], { link: { ...link, rttMs: 20 } });
  if (p0 === undefined || p1 === undefined) throw new Error('no channels');
  return { p0, p1 };
};
const compute = (ms: number): void => {
  const untilMs = monotonicMs() + ms;
  while (monotonicMs() < untilMs);
};

describe('late frames', () => {
  it('are counted when somebody waited for them since before they were due', async () => {
    const { p0, p1 } = openTwo();
    p0.send(1, [new Uint8Array(8)]);
    const waiting = p1.receive(0);
    // The wait is armed, then the machine has no time for it until 15 ms after the due time.
    setTimeout(() => compute(24), 1);
    await waiting;
    const counter = p1.counters()[0];
    expect(counter?.framesLate).toBe(1);
    expect(counter?.worstLateMs).toBeGreaterThan(5);
  });

  it('are not counted when the party was busy and asked for them after they were due', async () => {
    const { p0, p1 } = openTwo();
    p0.send(1, [new Uint8Array(8)]);
    // It arrives at once; nobody waits for it yet.
    await nextTurn();
    compute(25);
    await p1.receive(0);
    expect(p1.counters()[0]).toMatchObject({ framesReceived: 1, framesLate: 0, worstLateMs: 0 });
  });
});
