/**
 * Runs inside the user-mode Linux guest, which has netem: parties over the engine's network, at
 * 400 Mbit/s and 40 ms, and three of them at a rate that the guest can keep up with in each topology.
 * Writes what the test looks at as JSON to the file that is named.
 */
import { writeFileSync } from 'node:fs';
import type { PartyId } from '../../../server/engine/channel.ts';
import { certify } from '../../../server/network/certificate.ts';
import type { LinkCertificate } from '../../../server/network/certificate.ts';
import { netemBackend } from '../../../server/network/kernel/netem.ts';
import type { Link } from '../../../server/network/link.ts';
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
/** The whole guest has one core. */
const slow: Link = { ...wan, name: 'slow', bitsPerSecond: 40e6, rttMs: 10 };
const cases: readonly { readonly link: Link; readonly roles: readonly PartyId[] }[] = [
  { link: wan, roles: [0, 1] },
  { link: slow, roles: [0, 1, 2] },
  { link: { ...slow, topology: 'nic' }, roles: [0, 1, 2] },
  { link: { ...slow, topology: 'shared' }, roles: [0, 1, 2] },
];

async function measure({ link, roles }: (typeof cases)[number]): Promise<LinkCertificate> {
  const net = await netemBackend.start({ roles, link, topology: link.topology });
  try {
    const messages = await runParties([...roles], { probe: link }, 'network', net);
    const reports = messages.map((message) => {
      if (message?.result === undefined) throw new Error(message?.error ?? 'a party died');
      // Our own process wrote it.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return message.result as ProbeReport;
    });
    const { facts } = net;
    return certify({ link, reports, engine: 'netem', foreignCpuShare: null, facts, attempts: 1 });
  } finally {
    await net.stop();
  }
}

async function measureAll(): Promise<unknown> {
  const probe = await netemBackend.probe();
  if (!probe.ok) return { probe };
  const certificates: LinkCertificate[] = [];
  for (const each of cases) certificates.push(await measure(each));
  return { probe, certificates };
}

const [, , file = '/dev/null'] = process.argv;
try {
  writeFileSync(file, JSON.stringify(await measureAll()));
} catch (error) {
  writeFileSync(file, JSON.stringify({ error: String(error) }));
}
process.exit(0);
