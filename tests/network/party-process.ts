/**
 * One role in an OS process of its own, for the tests: forked with its settings as JSON, tells its
 * port, gets the addresses of all, does one task, and sends the result.
 */
import { createHash } from 'node:crypto';
import { noTerms } from '../../server/network/handshake.ts';
import type { PartyId, Peer } from '../../server/engine/channel.ts';
import type { LinkChoice } from '../../server/network/link.ts';
import type { NetworkChannel } from '../../server/network/network-channel.ts';
import { probeNetwork } from '../../server/network/probe-network.ts';
import { probeLinks } from '../../server/network/probe.ts';
import { listenTcp } from '../../server/network/tcp-channel.ts';
import type { TcpAddresses } from '../../server/network/tcp-channel.ts';
import type { ChildMessage, ParentMessage, PartySettings, Task } from './party-messages.ts';

function isSettings(value: unknown): value is PartySettings {
  return typeof value === 'object' && value !== null && 'self' in value && 'task' in value;
}

const tell = (message: ChildMessage): void => void process.send?.(message);

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sends everybody a payload of its own, and hashes what everybody sent. */
async function exchange(channel: NetworkChannel): Promise<Record<string, string>> {
  const sizes = [1, 40, 5_000_000, 0, 70_000];
  for (const [i, size] of sizes.entries()) {
    for (const peer of channel.peers) {
      channel.send(peer, [Buffer.alloc(size, `${channel.self}>${peer}#${i}`), Buffer.from('end')]);
    }
  }
  const hashes: Record<string, string> = {};
  for (const peer of channel.peers) {
    const whole = createHash('sha256');
    for (let i = 0; i < sizes.length; i += 1) whole.update(hash(await channel.receive(peer)));
    hashes[peer] = whole.digest('hex');
  }
  return hashes;
}

async function work(
  channel: NetworkChannel,
  task: Task,
  link: LinkChoice | undefined,
  shape: LinkChoice | undefined,
) {
  if (task === 'exchange') return exchange(channel);
  if (task === 'probe') {
    const measured = await probeLinks(channel, link);
    const probed = channel.counters().reduce((sum, { bytesSent }) => sum + bytesSent, 0);
    channel.resetCounters();
    return { measured, probed, counters: channel.counters() };
  }
  if (task === 'network') return probeNetwork(channel, link, 'full', shape !== undefined);
  if (task === 'vanish') {
    for (const peer of channel.peers) channel.send(peer, [new Uint8Array(200_000_000)]);
    process.kill(process.pid, 'SIGKILL');
  }
  // `wait`: for the party that vanishes; whatever comes is reported.
  const from: PartyId = 0;
  return (await channel.receive(from)).length;
}

async function main(settings: PartySettings): Promise<void> {
  const { self, peers, task, shape, probe } = settings;
  const endpoint = await listenTcp({
    terms: noTerms,
    self,
    peers,
    sessionId: Buffer.from(settings.sessionId, 'hex'),
    authKey: Buffer.from(settings.authKey, 'hex'),
    listen: { host: settings.host ?? '127.0.0.1' },
    link: shape,
    receiveTimeoutMs: 20_000,
    connectTimeoutMs: 10_000,
  });
  const addresses = await new Promise<TcpAddresses>((resolve) => {
    process.once('message', (message: ParentMessage) => resolve(message.addresses));
    tell({ port: endpoint.port });
  });
  const channel = await endpoint.connect(addresses);
  const result = await work(channel, task, probe, shape);
  await channel.close();
  const { user, system } = process.cpuUsage();
  tell({ result, cpuMs: (user + system) / 1000 });
}

const settings: unknown = JSON.parse(process.argv[2] ?? 'null');
if (!isSettings(settings)) throw new Error('party-process: no settings');
const role: Peer = settings.self;
try {
  await main(settings);
} catch (error) {
  const { message } = error instanceof Error ? error : new Error(String(error));
  tell({ error: `${role}: ${message}` });
}
process.disconnect();
