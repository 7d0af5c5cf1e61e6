/**
 * Who imposes the links of a run. A backend says by trying whether it can work here (`probe`), makes
 * the network (`start`), and what it made is certified and taken down again. Nothing falls back to
 * something else silently: a backend that cannot do what is asked says so.
 */
import type { Peer } from '../engine/channel.ts';
import type { LinkChoice, Topology } from './link.ts';

/** inline: the roles' own channels. netem, switch: engines of backend `kernel`. none: nobody. */
export type NetEngine = 'inline' | 'netem' | 'switch' | 'none';

export type ProbeResult =
  | { readonly ok: true; readonly facts: NetFacts }
  /** `why` is a sentence for people. */
  | { readonly ok: false; readonly why: string };

/** What is known of the network that was made, as short values to be stored with a run. */
export type NetFacts = Readonly<Record<string, string | number | boolean>>;

export interface NetRequest {
  readonly roles: readonly Peer[];
  /** Of every directed pair; undefined for pairs that are not shaped. */
  readonly link: LinkChoice | undefined;
  readonly topology: Topology;
}

/** How a role's process is started so that it is inside the network. */
export interface Entrance {
  readonly command: string;
  /** Before the program and its arguments. */
  readonly args: readonly string[];
}

export interface RunningNet {
  readonly engine: NetEngine;
  /** Where each role listens; undefined = everybody on loopback. */
  readonly hosts: Readonly<Record<string, string>> | undefined;
  readonly facts: NetFacts;
  /** Undefined = no entrance needed. */
  entrance(role: Peer): Entrance | undefined;
  /** Resolves with a sentence when the network ends by itself; never, when it is stopped. */
  readonly broken: Promise<string>;
  /** CPU time that whatever carries the packets has used, in ms; 0 where there is nothing. */
  cpuMs(): number;
  /** Takes it down and says how it went. Idempotent; namespaces and processes are gone afterwards. */
  stop(): Promise<NetFacts>;
}

export interface NetBackend {
  readonly engine: NetEngine;
  /** Tries it, and leaves nothing behind. */
  probe(): Promise<ProbeResult>;
  /** Throws `EngineError('channel')` with the reason when the network cannot be made. */
  start(request: NetRequest): Promise<RunningNet>;
}

const never = new Promise<never>(() => {});

/** Of backends that need no network of their own. */
export const bareNet = (engine: 'inline' | 'none'): NetBackend => ({
  engine,
  probe: () => Promise.resolve({ ok: true, facts: {} }),
  start: () =>
    Promise.resolve({
      engine,
      hosts: undefined,
      facts: {},
      entrance: () => undefined,
      broken: never,
      cpuMs: () => 0,
      stop: () => Promise.resolve({}),
    }),
});
