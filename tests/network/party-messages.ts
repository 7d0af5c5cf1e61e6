/** Settings and messages between a test and its party processes, and the launcher. */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../../server/engine/channel.ts';
import type { RunningNet } from '../../server/network/backend.ts';
import type { Link } from '../../server/network/link.ts';
import type { TcpAddresses } from '../../server/network/tcp-channel.ts';

export type Task = 'exchange' | 'probe' | 'network' | 'vanish' | 'wait';

export interface PartySettings {
  readonly self: Peer;
  readonly peers: readonly Peer[];
  readonly sessionId: string;
  readonly authKey: string;
  readonly task: Task;
  /** Where it listens; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** The link that is imposed. */
  readonly shape?: Link | undefined;
  /** The link that the probe is told was asked. */
  readonly probe?: Link | undefined;
}

export type ParentMessage = { readonly addresses: TcpAddresses };

export interface ChildMessage {
  readonly port?: number;
  readonly result?: unknown;
  readonly error?: string;
  /** Of the whole process, beside its result. */
  readonly cpuMs?: number;
}

/** CPU time of all processes that reported. */
export const cpuMsOf = (messages: readonly (ChildMessage | undefined)[]): number =>
  messages.reduce((sum, message) => sum + (message?.cpuMs ?? 0), 0);

const script = fileURLToPath(new URL('party-process.ts', import.meta.url));

/**
 * Runs one process per role, inside `net` where one is given, and returns what each reported, in the order of `peers`; undefined for
 * one that died without a word.
 */
export async function runParties(
  peers: readonly Peer[],
  settings: Omit<PartySettings, 'self' | 'peers' | 'sessionId' | 'authKey' | 'task'>,
  task: Task | ((self: Peer) => Task),
  net?: RunningNet,
): Promise<(ChildMessage | undefined)[]> {
  const sessionId = randomBytes(8).toString('hex');
  const authKey = randomBytes(32).toString('hex');
  const addresses: TcpAddresses = {};
  let missing = peers.length;
  const children = peers.map((self) => {
    const own = typeof task === 'function' ? task(self) : task;
    const host = net?.hosts?.[String(self)];
    const all: PartySettings = { ...settings, self, peers, sessionId, authKey, task: own, host };
    const env = { ...process.env, NODE_OPTIONS: '' };
    const entrance = net?.entrance(self);
    const how =
      entrance === undefined
        ? { execArgv: [] }
        : { execPath: entrance.command, execArgv: [...entrance.args, process.execPath] };
    return { self, child: fork(script, [JSON.stringify(all)], { ...how, env }) };
  });
  return Promise.all(
    children.map(async ({ self, child }) => {
      let last: ChildMessage | undefined;
      child.on('message', (message: ChildMessage) => {
        if (message.port === undefined) {
          last = message;
          return;
        }
        addresses[self] = { host: net?.hosts?.[String(self)] ?? '127.0.0.1', port: message.port };
        missing -= 1;
        if (missing === 0) for (const { child } of children) child.send({ addresses });
      });
      await new Promise((resolve) => child.once('exit', resolve));
      return last;
    }),
  );
}
