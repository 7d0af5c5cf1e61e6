/**
 * Asked versus measured: RTT and rate of every link profile, between two OS processes over TCP on
 * 127.0.0.1, measured with the same probe that every run uses. README.md says how to read it.
 *
 *   node benchmarks/network/run.ts [profile ...]
 *
 * The same file is the party: it forks itself once per party.
 */
import { fork } from 'node:child_process';
import { noTerms } from '../../server/network/handshake.ts';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LinkCounters, PartyId } from '../../server/engine/channel.ts';
import { judgeProbe } from '../../server/network/certificate.ts';
import type { LinkCertificate } from '../../server/network/certificate.ts';
import type { Link } from '../../server/network/link.ts';
import { findLinkProfile, linkProfiles } from '../../server/network/profiles.ts';
import { probeLinks } from '../../server/network/probe.ts';
import type { LinkMeasurement } from '../../server/network/probe.ts';
import { listenTcp } from '../../server/network/tcp-channel.ts';
import type { TcpAddresses } from '../../server/network/tcp-channel.ts';

const parties = [0, 1] as const;
const script = fileURLToPath(import.meta.url);
const resultFile = fileURLToPath(new URL('../results/network.json', import.meta.url));

interface PartySettings {
  readonly self: PartyId;
  readonly sessionId: string;
  readonly authKey: string;
  readonly link: Link;
}

interface PartyReport {
  readonly measured: readonly LinkMeasurement[];
  readonly counters: readonly LinkCounters[];
  /** CPU time of the party from joining to the end of the probe, and the time that took. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

type Message =
  | { readonly port: number }
  | { readonly addresses: TcpAddresses }
  | { readonly report: PartyReport };

async function beParty({ self, sessionId, authKey, link }: PartySettings): Promise<void> {
  const endpoint = await listenTcp({
    terms: noTerms,
    self,
    peers: parties,
    sessionId: Buffer.from(sessionId, 'hex'),
    authKey: Buffer.from(authKey, 'hex'),
    link,
  });
  const addresses = await new Promise<TcpAddresses>((resolve) => {
    process.once('message', (message: Message) => {
      if ('addresses' in message) resolve(message.addresses);
    });
    process.send?.({ port: endpoint.port } satisfies Message);
  });
  const channel = await endpoint.connect(addresses);
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const measured = await probeLinks(channel, link);
  const { user, system } = process.cpuUsage(cpuBefore);
  const report: PartyReport = {
    measured,
    counters: channel.counters(),
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - startedAtMs,
  };
  await channel.close();
  process.send?.({ report } satisfies Message);
  process.disconnect();
}

async function runProfile(link: Link): Promise<PartyReport[]> {
  const sessionId = randomBytes(8).toString('hex');
  const authKey = randomBytes(32).toString('hex');
  const addresses: TcpAddresses = {};
  const children = parties.map((self) => {
    const settings: PartySettings = { self, sessionId, authKey, link };
    return { self, child: fork(script, ['--party', JSON.stringify(settings)]) };
  });
  return Promise.all(
    children.map(
      ({ self, child }) =>
        new Promise<PartyReport>((resolve, reject) => {
          child.on('exit', (code) => reject(new Error(`party ${self} ended with code ${code}`)));
          child.on('message', (message: Message) => {
            if ('report' in message) resolve(message.report);
            if (!('port' in message)) return;
            addresses[self] = { host: '127.0.0.1', port: message.port };
            if (Object.keys(addresses).length < parties.length) return;
            for (const { child } of children) child.send({ addresses } satisfies Message);
          });
        }),
    ),
  );
}

const mbit = (bitsPerSecond: number): string => (bitsPerSecond / 1e6).toFixed(1);
const cell = (text: string, width: number): string => text.padStart(width);

function printRows(certificate: LinkCertificate, late: string, cpu: string): void {
  const { requested, measured, verdict } = certificate;
  const { bitsPerSecond: asked } = requested;
  for (const { from, to, rttMs, bitsPerSecond } of measured) {
    const row = [
      cell(requested.name, 11),
      cell(`${from} > ${to}`, 6),
      cell(requested.rttMs.toFixed(2), 8),
      cell(rttMs.min.toFixed(3), 9),
      cell(rttMs.p50.toFixed(3), 9),
      cell(rttMs.p99.toFixed(3), 9),
      cell(asked === 'unlimited' ? asked : mbit(asked), 10),
      cell(mbit(bitsPerSecond), 10),
      cell(late, 12),
      cell(cpu, 6),
      cell(verdict, 8),
    ];
    console.log(row.join(' '));
  }
  for (const reason of certificate.reasons) console.log(`            ${reason}`);
}

async function main(names: readonly string[]): Promise<void> {
  const profiles = names.length === 0 ? linkProfiles : names.map((name) => findLinkProfile(name));
  console.log(
    '    profile   link  RTT ask   RTT min   RTT p50   RTT p99  rate asked  measured   late frames  CPU %  verdict',
  );
  const rows = [];
  for (const { link } of profiles) {
    const reports = await runProfile(link);
    const certificate = judgeProbe(
      link,
      reports.flatMap(({ measured }) => measured),
    );
    const counters = reports.flatMap((report) => report.counters);
    const framesLate = counters.reduce((sum, counter) => sum + counter.framesLate, 0);
    const framesReceived = counters.reduce((sum, counter) => sum + counter.framesReceived, 0);
    const worstLateMs = Math.max(...counters.map((counter) => counter.worstLateMs));
    const cpuShare = Math.max(...reports.map(({ cpuMs, wallMs }) => cpuMs / wallMs));
    printRows(certificate, `${framesLate}/${framesReceived}`, (100 * cpuShare).toFixed(0));
    rows.push({ certificate, framesLate, framesReceived, worstLateMs, cpuShare });
  }
  const result = {
    what: 'asked versus measured links, two processes, TCP on 127.0.0.1, inline emulation',
    provenance: 'measured',
    takenAt: new Date().toISOString(),
    host: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      kernel: release(),
      node: process.version,
      loadAverage: loadavg()[0],
    },
    rows,
  };
  if (names.length > 0) return;
  mkdirSync(fileURLToPath(new URL('.', `file://${resultFile}`)), { recursive: true });
  writeFileSync(resultFile, `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(`\nwritten: ${resultFile}`);
}

const [mode, settings] = process.argv.slice(2);
if (mode === '--party') {
  const parsed: PartySettings = JSON.parse(settings ?? '{}');
  await beParty(parsed);
} else {
  await main(process.argv.slice(2));
}
