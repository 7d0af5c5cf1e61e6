/** TCP channels between real OS processes: data, the emulated link, the probe, and a killed party. */
import { describe, expect, it } from 'vitest';
import { judgeProbe } from '../../server/network/certificate.ts';
import type { Link } from '../../server/network/link.ts';
import type { LinkMeasurement } from '../../server/network/probe.ts';
import { attempt } from './machine-load.ts';
import { cpuMsOf, runParties } from './party-messages.ts';
import type { ChildMessage } from './party-messages.ts';

const lan: Link = {
  name: 'test-lan',
  bitsPerSecond: 1e9,
  rttMs: 5,
  overheadFactor: 1.0456,
  topology: 'pair',
};

interface ProbeResult {
  readonly measured: readonly LinkMeasurement[];
  readonly probed: number;
  readonly counters: readonly { bytesSent: number; bytesReceived: number; framesSent: number }[];
}

const probeResults = (messages: readonly (ChildMessage | undefined)[]): ProbeResult[] =>
  messages.map((message) => {
    if (message?.result === undefined) throw new Error(message?.error ?? 'a party died');
    // Our own process wrote it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return message.result as ProbeResult;
  });

async function probeTwo(shape: Link | undefined, probe: Link): Promise<ProbeResult[]> {
  return probeResults(await runParties([0, 1], { shape, probe }, 'probe'));
}

describe('TCP channels between processes', () => {
  it('carry every byte between three parties and the owner', { timeout: 30_000 }, async () => {
    const peers = [0, 1, 2, 'owner'] as const;
    const results = await runParties(peers, {}, 'exchange');
    const hashes = new Set<string>();
    for (const [i, message] of results.entries()) {
      expect(message?.error).toBeUndefined();
      const own = Object.entries(message?.result ?? {});
      expect(own.map(([peer]) => peer).toSorted()).toEqual(
        peers
          .filter((_, j) => j !== i)
          .map(String)
          .toSorted(),
      );
      for (const [, hash] of own) hashes.add(String(hash));
    }
    // Twelve directed links, all different payloads.
    expect(hashes.size).toBe(12);
  });

  it('emulate 5 ms and 1 Gbit/s: never less, hardly more', { timeout: 60_000 }, async () => {
    const probeOnce = async () => {
      const messages = await runParties([0, 1], { shape: lan, probe: lan }, 'probe');
      const results = probeResults(messages);
      const measured = results.flatMap((result) => result.measured);
      expect(measured).toHaveLength(2);
      // Lower bounds need nothing of the machine.
      for (const { rttMs, bitsPerSecond } of measured) {
        expect(rttMs.min).toBeGreaterThanOrEqual(5);
        expect(bitsPerSecond).toBeLessThanOrEqual(1e9 * (1 + 1e-9));
      }
      for (const { probed, counters } of results) {
        expect(probed).toBeGreaterThan(1e6);
        expect(counters[0]).toMatchObject({ bytesSent: 0, bytesReceived: 0, framesSent: 0 });
      }
      return {
        slowestMs: Math.max(...measured.map(({ rttMs }) => rttMs.p50)),
        rateShare: Math.min(...measured.map((one) => one.bitsPerSecond / 1e9)),
        cpuMs: cpuMsOf(messages),
      };
    };
    const { value, busy } = await attempt(
      probeOnce,
      ({ slowestMs, rateShare }) => slowestMs <= 5.5 && rateShare >= 0.9,
      ({ cpuMs }) => cpuMs,
    );
    if (!busy) {
      expect(value.rateShare).toBeGreaterThanOrEqual(0.9);
      expect(value.slowestMs).toBeLessThanOrEqual(5.5);
    }
  });

  it('fail the probe when the shaping is removed', { timeout: 60_000 }, async () => {
    const results = await probeTwo(undefined, lan);
    const { verdict, reasons } = judgeProbe(
      lan,
      results.flatMap((result) => result.measured),
    );
    expect(verdict).toBe('not met');
    expect(reasons.join(' ')).toMatch(/RTT party 0 to party 1: asked 5\.00 ms, measured 0\.\d+ ms/);
  });

  it(
    'probe all six directed links of three parties, each measured by its sender',
    {
      timeout: 60_000,
    },
    async () => {
      const results = probeResults(
        await runParties([0, 1, 2], { shape: lan, probe: lan }, 'probe'),
      );
      const pairs = results.map(({ measured }) => measured.map(({ from, to }) => `${from}>${to}`));
      expect(pairs).toEqual([
        ['0>1', '0>2'],
        ['1>0', '1>2'],
        ['2>0', '2>1'],
      ]);
    },
  );

  it('name a party that is killed in the middle of a frame', { timeout: 30_000 }, async () => {
    const results = await runParties([0, 1, 2], {}, (self) => (self === 0 ? 'vanish' : 'wait'));
    expect(results[0]?.result).toBeUndefined();
    for (const survivor of [1, 2]) {
      expect(results[survivor]?.error).toMatch(/party 0/);
      expect(results[survivor]?.result).toBeUndefined();
    }
    const errors = `${results[1]?.error} ${results[2]?.error}`;
    expect(errors).toMatch(/party 0 (closed the connection in the middle of frame 0|is gone)/);
  });
});
