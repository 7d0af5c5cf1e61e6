/**
 * Stand-in for separate machines: one process a role sends and receives the frames of a recording over
 * the emulated link, and sleeps where the role computed. Asleep it needs no core, so three of them on
 * two cores are as good as three machines. It sleeps with its thread, as computing would hold it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../../server/engine/channel.ts';
import { monotonicMs } from '../../server/engine/clock.ts';
import { noTerms } from '../../server/network/handshake.ts';
import type { Link } from '../../server/network/link.ts';
import { computing, sending, type Recording } from '../../server/network/replay/recording.ts';
import { listenTcp, type TcpAddresses } from '../../server/network/tcp-channel.ts';

interface Task {
  readonly role: number;
  readonly recording: Recording;
  readonly link: Link;
  readonly sessionId: Uint8Array;
  readonly authKey: Uint8Array;
  readonly repeats: number;
}

type Message =
  | { readonly task: Task }
  | { readonly port: number }
  | { readonly addresses: TcpAddresses }
  | { readonly spans: readonly (readonly [number, number])[] };

const script = fileURLToPath(import.meta.url);
const cell = new Int32Array(new SharedArrayBuffer(4));

/** Median latency of `repeats` rounds of the recording. Milliseconds. */
export async function standIn(recording: Recording, link: Link, repeats: number): Promise<number> {
  const [sessionId, authKey] = [randomBytes(8), randomBytes(32)];
  const processes = recording.roles.map(() =>
    fork(script, ['--role'], { serialization: 'advanced', execArgv: process.execArgv }),
  );
  try {
    recording.roles.forEach((_, role) => {
      const task: Task = { role, recording, link, sessionId, authKey, repeats };
      processes[role]?.send({ task } satisfies Message);
    });
    const ports = await Promise.all(processes.map((child) => heard(child, 'port')));
    const addresses = Object.fromEntries(
      recording.roles.map(({ role }, i) => [
        role,
        { host: '127.0.0.1', port: ports[i]?.port ?? 0 },
      ]),
    );
    for (const child of processes) child.send({ addresses } satisfies Message);
    const told = await Promise.all(processes.map((child) => heard(child, 'spans')));
    const latencies = Array.from({ length: repeats }, (_, round) => {
      const spans = told.map(({ spans }) => spans[round] ?? [0, 0]);
      return Math.max(...spans.map(([, end]) => end)) - Math.min(...spans.map(([start]) => start));
    }).toSorted((a, b) => a - b);
    return latencies[Math.floor((repeats - 1) / 2)] ?? Number.NaN;
  } finally {
    for (const child of processes) child.kill();
  }
}

function heard<K extends 'port' | 'spans'>(
  child: ChildProcess,
  key: K,
): Promise<Extract<Message, Record<K, unknown>>> {
  return new Promise((resolve, reject) => {
    const listen = (message: Message): void => {
      if (!(key in message)) return;
      child.off('message', listen);
      resolve(message as Extract<Message, Record<K, unknown>>);
    };
    child.on('message', listen);
    child.once('exit', (code) => reject(new Error(`a stand-in ended with exit code ${code}`)));
  });
}

/** Holds the thread for so long, without a core: to the microsecond only at its end. */
function sleepMs(ms: number): void {
  const untilMs = monotonicMs() + ms;
  for (let left = ms; left > 0; left = untilMs - monotonicMs()) {
    if (left > 0.2) Atomics.wait(cell, 0, 0, left - 0.16);
  }
}

async function beRole({ role, recording, link, sessionId, authKey, repeats }: Task): Promise<void> {
  const own = recording.roles[role];
  if (own === undefined) throw new Error(`no role ${role}`);
  const peers = recording.roles.map((other) => other.role);
  const endpoint = await listenTcp({
    terms: noTerms,
    self: own.role,
    peers,
    sessionId,
    authKey,
    link,
  });
  const connected = new Promise<TcpAddresses>((resolve) => {
    process.on('message', (message: Message) => {
      if ('addresses' in message) resolve(message.addresses);
    });
  });
  process.send?.({ port: endpoint.port } satisfies Message);
  const channel = await endpoint.connect(await connected);
  const spans: (readonly [number, number])[] = [];
  const payload = Buffer.alloc(own.bytes.reduce((most, bytes) => Math.max(most, bytes), 0));
  const peerAt = (event: number): Peer => recording.peers[own.peer[event] ?? 0] ?? 'owner';
  for (let round = 0; round < repeats; round += 1) {
    // All begin together: everybody has heard of everybody.
    for (const peer of peers) if (peer !== own.role) channel.send(peer, [Buffer.alloc(1)]);
    for (const peer of peers) if (peer !== own.role) await channel.receive(peer);
    const startMs = monotonicMs();
    // The CPU time that was recorded after a frame left holds what writing it took; so does ours.
    let writtenMs = 0;
    for (let event = 0; event < own.kind.length; event += 1) {
      const what = own.kind[event];
      if (what === computing) {
        const ms = (own.cpuUs[event] ?? 0) / 1000;
        sleepMs(ms - writtenMs);
        writtenMs = Math.max(0, writtenMs - ms);
      } else if (what === sending) {
        const to = peerAt(event);
        const fromMs = monotonicMs();
        if (to !== 'owner') channel.send(to, [payload.subarray(0, own.bytes[event])]);
        writtenMs += monotonicMs() - fromMs;
      } else {
        const waitedFromMs = monotonicMs();
        await channel.receive(peerAt(event));
        // What reading cost, less what the wait hid of it.
        const waitedMs = monotonicMs() - waitedFromMs;
        sleepMs((own.cpuUs[event] ?? 0) / 1000 - waitedMs);
      }
    }
    spans.push([startMs, monotonicMs()]);
  }
  process.send?.({ spans } satisfies Message);
  await channel.close();
}

if (process.argv.includes('--role')) {
  process.once('message', (message: Message) => {
    if ('task' in message) void beRole(message.task);
  });
}
