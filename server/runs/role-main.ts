/**
 * What the processes of all roles have in common: the pipe to the worker, the order in which
 * things happen, and the end. A role ends when its worker does: nothing is left running.
 */
import { createHash } from 'node:crypto';
import type { Channel, Peer } from '../engine/channel.ts';
import { EngineError } from '../engine/errors.ts';
import { correlationsOf } from '../engine/execute.ts';
import type { Plan } from '../engine/plan.ts';
import type { Kernels } from '../engine/ring/kernels.ts';
import { loadKernels } from '../engine/ring/load.ts';
import type { Terms } from '../network/handshake.ts';
import { linkChoiceOf } from '../network/link.ts';
import type { LinkChoice } from '../network/link.ts';
import type { NetworkChannel } from '../network/network-channel.ts';
import { probeNetwork } from '../network/probe-network.ts';
import { listenTcp, type TcpEndpoint } from '../network/tcp-channel.ts';
import { packageVersion } from './environment.ts';
import type { Order, Ports, Report, SessionTask } from './messages.ts';
import { peersOf } from './roles.ts';
import { canonicalJson } from './spec-hash.ts';

const connectTimeoutMs = 30_000;
/**
 * Less than the worker waits when it hears nothing from anybody: a role that waits for another knows
 * for whom, and says so.
 */
const receiveTimeoutMs = 270_000;
/**
 * The owner and the dealer hear nothing while an inference lasts, and parties nothing from each other
 * while the dealer prepares one, however healthy all are. Whether they are is for the worker's watch on
 * silence to judge.
 */
const patientReceiveTimeoutMs = 24 * 60 * 60 * 1000;

const loopback = '127.0.0.1';

/** Every link that the session asks for, whoever imposes it. */
const linksOf = ({ link, matrix }: Pick<SessionTask, 'link' | 'matrix'>): LinkChoice =>
  linkChoiceOf(link, matrix);

type OrderOf<K extends Order['kind']> = Extract<Order, { kind: K }>;

/** This process's side of the pipe to its worker. */
export class WorkerPipe {
  /** Aborts when the worker cancels the run. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #arrived = new Map<Order['kind'], Order>();
  readonly #waiting = new Map<Order['kind'], (order: Order) => void>();

  constructor() {
    this.signal = this.#abort.signal;
    process.on('disconnect', () => process.exit(70));
    process.on('message', (order: Order) => {
      if (order.kind === 'cancel') this.#abort.abort();
      const waiting = this.#waiting.get(order.kind);
      this.#waiting.delete(order.kind);
      if (waiting === undefined) this.#arrived.set(order.kind, order);
      else waiting(order);
    });
  }

  /** Resolves when the worker has the report in its pipe. */
  async report(report: Report): Promise<void> {
    await new Promise<void>((resolve) => {
      // An error means that the worker is gone; 'disconnect' deals with that.
      if (process.send === undefined) resolve();
      else process.send(report, undefined, {}, () => resolve());
    });
  }

  /** The order of this kind; each kind comes once. */
  order<K extends Order['kind']>(kind: K): Promise<OrderOf<K>> {
    const arrived = this.#arrived.get(kind);
    this.#arrived.delete(kind);
    if (arrived !== undefined) return Promise.resolve(arrived as OrderOf<K>);
    return new Promise((resolve, reject) => {
      this.#waiting.set(kind, (order) => resolve(order as OrderOf<K>));
      const cancelled = () => reject(new EngineError('aborted', 'the run was cancelled'));
      if (this.signal.aborted) cancelled();
      else this.signal.addEventListener('abort', cancelled, { once: true });
    });
  }
}

/**
 * The kernels of a run. The reference ones are for tests: BigInt arithmetic takes longer for larger
 * values, so its timing tells about secrets.
 * @throws EngineError 'backend' when `PARLEY_KERNELS` asks for the reference ones, or `loadKernels`
 *   does
 */
export function loadRunKernels(): Kernels {
  const kernels = loadKernels();
  if (kernels.backend !== 'reference') return kernels;
  const why = 'its time depends on secret values';
  const fix = 'unset it, or set it to native or wasm';
  throw new EngineError('backend', `a run refuses PARLEY_KERNELS=reference: ${why}; ${fix}`);
}

/**
 * What all roles of a session must have been given alike: the plan, how often and with how many
 * samples it is run, and the version of the code that reads it.
 */
export function termsOf({
  plan,
  batchSizes,
  lengths,
  insecureSeed,
}: Pick<SessionTask, 'plan' | 'batchSizes' | 'lengths' | 'insecureSeed'>): Terms {
  const own = lengths === undefined ? {} : { lengths };
  const text = canonicalJson({ plan, batchSizes, ...own, insecureSeed });
  return {
    engine: packageVersion(),
    planHash: new Uint8Array(createHash('sha256').update(text).digest()),
  };
}

/** Whether `self` may hear nothing from `peer` for as long as an inference or its preparation lasts. */
function mayBeSilent(plan: Plan, self: Peer, peer: Peer): boolean {
  if (self === 'owner' || self === 'dealer') return true;
  return peer !== 'dealer' && correlationsOf(plan) === 'dealer';
}

/** Payload bytes sent to everybody but the owner. */
export const sentBytes = (channel: Channel): number =>
  channel
    .counters()
    .reduce((sum, { peer, bytesSent }) => sum + (peer === 'owner' ? 0 : bytesSent), 0);

/** Opens this role's TCP endpoint: on loopback, or at its address in the emulated network. */
export function openEndpoint(
  self: Peer,
  task: SessionTask,
  signal: AbortSignal,
): Promise<TcpEndpoint> {
  return listenTcp({
    self,
    peers: peersOf(task.plan, self, task.attendance),
    sessionId: task.sessionId,
    authKey: task.authKey,
    terms: termsOf(task),
    listen: { host: task.hosts?.[self] ?? loopback },
    link: task.imposedBy === undefined ? linksOf(task) : undefined,
    signal,
    connectTimeoutMs,
    receiveTimeoutMs: (peer) =>
      mayBeSilent(task.plan, self, peer) ? patientReceiveTimeoutMs : receiveTimeoutMs,
  });
}

/** Joins the channel at the ports that the worker collected. */
export function joinChannel(
  endpoint: TcpEndpoint,
  ports: Ports,
  { hosts = {} }: Pick<SessionTask, 'hosts'>,
): Promise<NetworkChannel> {
  const addresses = Object.entries(ports).map(
    ([peer, port]) => [peer, { host: hosts[peer] ?? loopback, port }] as const,
  );
  return endpoint.connect(Object.fromEntries(addresses));
}

/** Everything that a party or the dealer does before `go`: joins, and measures its links. */
export async function joinAndProbe(
  pipe: WorkerPipe,
  self: Exclude<Peer, 'owner'>,
  task: SessionTask,
  kernels: Kernels,
  use: (channel: NetworkChannel) => void,
): Promise<NetworkChannel> {
  const endpoint = await openEndpoint(self, task, pipe.signal);
  await pipe.report({ kind: 'listening', port: endpoint.port });
  const { ports } = await pipe.order('connect');
  const channel = await joinChannel(endpoint, ports, task);
  use(channel);
  const { backend, instructionSet } = kernels;
  await pipe.report({ kind: 'connected', kernels: { backend, instructionSet } });

  // The worker may want the probe again: a busy moment of the machine is given another chance.
  for (;;) {
    const order = await Promise.race([pipe.order('probe'), pipe.order('go')]);
    if (order.kind === 'go') return channel;
    const sharedLoopback = task.imposedBy === undefined && task.apart !== true;
    const probe = await probeNetwork(channel, linksOf(task), 'full', sharedLoopback);
    channel.resetCounters();
    await pipe.report({ kind: 'measured', probe });
  }
}

/**
 * The end of a party or the dealer: what the run itself sent, and the links once more. That they cannot
 * be measured any more costs the certificate its second half, and not the run.
 */
export async function reportFinished(
  pipe: WorkerPipe,
  channel: NetworkChannel,
  task: SessionTask,
): Promise<void> {
  const counters = [...channel.counters()];
  try {
    const probe = await probeNetwork(channel, linksOf(task), 'short', false);
    await pipe.report({ kind: 'finished', counters, probe });
  } catch (error) {
    if (pipe.signal.aborted || !(error instanceof EngineError)) throw error;
    console.error(error);
    await pipe.report({ kind: 'finished', counters });
  }
}

function describe(error: unknown): { errorKind: string; message: string } {
  if (error instanceof EngineError) return { errorKind: error.kind, message: error.message };
  if (error instanceof Error) {
    const code = 'code' in error ? String(error.code) : error.name;
    return { errorKind: code, message: error.message };
  }
  return { errorKind: 'unknown', message: String(error) };
}

/**
 * Runs a role to its end and leaves the process: exit code 0 when it did its part, 1 when it
 * reported why not. `channel` tells which channel to close and whose counters to report.
 */
export async function runRole(
  pipe: WorkerPipe,
  body: (use: (channel: NetworkChannel) => void) => Promise<void>,
): Promise<never> {
  let channel: Channel | undefined;
  const fail = async (error: unknown): Promise<never> => {
    // The stack goes to the log that the worker keeps; the sentence goes into the run.
    console.error(error);
    const counters = [...(channel?.counters() ?? [])];
    await pipe.report({ kind: 'failed', ...describe(error), counters });
    await channel?.close(error instanceof Error ? error : new Error(String(error)));
    process.exit(1);
  };
  process.on('uncaughtException', (error) => void fail(error));
  process.on('unhandledRejection', (error) => void fail(error));
  try {
    await body((used) => (channel = used));
  } catch (error) {
    return fail(error);
  }
  await channel?.close();
  process.exit(0);
}
