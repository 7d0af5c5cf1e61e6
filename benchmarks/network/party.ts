/** One role of the network benchmark in a process of its own: joins, measures its links, reports. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { PartyId } from '../../server/engine/channel.ts';
import type { RunningNet } from '../../server/network/backend.ts';
import { noTerms } from '../../server/network/handshake.ts';
import { linkChoiceOf } from '../../server/network/link.ts';
import type { Link, LinkMatrix } from '../../server/network/link.ts';
import { probeNetwork } from '../../server/network/probe-network.ts';
import type { ProbeReport } from '../../server/network/probe-network.ts';
import { listenTcp } from '../../server/network/tcp-channel.ts';
import type { TcpAddresses } from '../../server/network/tcp-channel.ts';

export interface Asked {
  readonly link: Link;
  readonly matrix?: LinkMatrix | undefined;
}

interface Settings extends Asked {
  readonly self: PartyId;
  readonly peers: readonly PartyId[];
  readonly host: string;
  readonly sessionId: string;
  readonly authKey: string;
  /** Whether the channel imposes the link itself. */
  readonly inline: boolean;
}

type Message =
  | { readonly port: number }
  | { readonly addresses: TcpAddresses }
  | { readonly report: PartyReport };

export interface PartyReport extends ProbeReport {
  /** CPU time of the process from its start: to be told from the work of others. */
  readonly processCpuMs: number;
}

const script = fileURLToPath(import.meta.url);

async function beParty(settings: Settings): Promise<void> {
  const { self, peers, host, link, matrix, inline } = settings;
  const choice = linkChoiceOf(link, matrix);
  const endpoint = await listenTcp({
    terms: noTerms,
    self,
    peers,
    listen: { host },
    sessionId: Buffer.from(settings.sessionId, 'hex'),
    authKey: Buffer.from(settings.authKey, 'hex'),
    ...(inline ? { link: choice } : {}),
  });
  const addresses = await new Promise<TcpAddresses>((resolve) => {
    process.once('message', (message: Message) => {
      if ('addresses' in message) resolve(message.addresses);
    });
    process.send?.({ port: endpoint.port } satisfies Message);
  });
  const channel = await endpoint.connect(addresses);
  const probed = await probeNetwork(channel, choice, 'full', host === '127.0.0.1');
  await channel.close();
  const { user, system } = process.cpuUsage();
  const report: PartyReport = { ...probed, processCpuMs: (user + system) / 1000 };
  process.send?.({ report } satisfies Message);
  process.disconnect();
}

/** Runs so many parties in `net` to the end of their probe. */
export async function probeParties(
  count: number,
  asked: Asked,
  net: RunningNet,
): Promise<PartyReport[]> {
  const sessionId = randomBytes(8).toString('hex');
  const authKey = randomBytes(32).toString('hex');
  const peers = ([0, 1, 2] as const).slice(0, count);
  const addresses: TcpAddresses = {};
  const children = peers.map((self) => {
    const host = net.hosts?.[String(self)] ?? '127.0.0.1';
    const inline = net.engine === 'inline';
    const settings: Settings = { ...asked, self, peers, host, sessionId, authKey, inline };
    const entrance = net.entrance(self);
    const how =
      entrance === undefined
        ? {}
        : { execPath: entrance.command, execArgv: [...entrance.args, process.execPath] };
    return { self, host, child: fork(script, ['--party', JSON.stringify(settings)], how) };
  });
  return Promise.all(
    children.map(
      ({ self, host, child }) =>
        new Promise<PartyReport>((resolve, reject) => {
          child.on('exit', (code) => reject(new Error(`party ${self} ended with code ${code}`)));
          child.on('message', (message: Message) => {
            if ('report' in message) resolve(message.report);
            if (!('port' in message)) return;
            addresses[self] = { host, port: message.port };
            if (Object.keys(addresses).length < peers.length) return;
            for (const { child } of children) child.send({ addresses } satisfies Message);
          });
        }),
    ),
  );
}

const [, entry, mode, settings] = process.argv;
if (entry === script && mode === '--party') {
  const parsed: Settings = JSON.parse(settings ?? '{}');
  await beParty(parsed);
}
