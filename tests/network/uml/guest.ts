/**
 * Runs inside the user-mode Linux guest, which has netem: two parties over the engine's network at
 * 400 Mbit/s and 40 ms. Writes what the test looks at as JSON to the file that is named.
 */
import { writeFileSync } from 'node:fs';
import { certify } from '../../../server/network/certificate.ts';
import { netemBackend } from '../../../server/network/kernel/netem.ts';
import type { Link } from '../../../server/network/link.ts';
import type { LinkMeasurement } from '../../../server/network/probe.ts';
import type { ProbeReport } from '../../../server/network/probe-network.ts';
import { runParties } from '../party-messages.ts';

const wan: Link = {
  name: 'w2',
  bitsPerSecond: 400e6,
  rttMs: 40,
  overheadFactor: 1.0456,
  topology: 'pair',
  tcp: 'real',
};

async function measure(): Promise<unknown> {
  const probe = await netemBackend.probe();
  if (!probe.ok) return { probe };
  const net = await netemBackend.start({ roles: [0, 1], link: wan, topology: 'pair' });
  try {
    const messages = await runParties([0, 1], { probe: wan }, 'probe', net);
    const measured = messages.flatMap((message) => {
      if (message?.result === undefined) throw new Error(message?.error ?? 'a party died');
      // Our own process wrote it.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return (message.result as { measured: readonly LinkMeasurement[] }).measured;
    });
    const late: ProbeReport['late'] = { frames: 0, of: 0, worstMs: 0 };
    const times = { cpuMs: 0, startMs: 0, endMs: 0 };
    const reports = [{ measurements: measured, exchanges: [], floor: null, late, ...times }];
    const rest = { engine: 'netem', foreignCpuShare: null, facts: net.facts, attempts: 1 } as const;
    return { probe, certificate: certify({ link: wan, reports, ...rest }) };
  } finally {
    await net.stop();
  }
}

const [, , file = '/dev/null'] = process.argv;
try {
  writeFileSync(file, JSON.stringify(await measure()));
} catch (error) {
  writeFileSync(file, JSON.stringify({ error: String(error) }));
}
process.exit(0);
