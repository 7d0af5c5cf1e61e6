/**
 * Replay: how long a recorded inference takes on another network. A discrete-event simulation in
 * virtual time, through the very link code that the channels use (link-model.ts). Pure, the same input
 * gives the same result to the last bit, browser-safe.
 *
 * Every role goes through its events in the recorded order. Computing takes its CPU time; where more
 * roles compute than there are cores, they share them evenly. A frame is handed to the link when its
 * role comes to it, and is there when the link says so. Who waits for it goes on after the wake-up time
 * of the machine, or after the rest of what reading it costs if that is longer; reading what had come
 * before costs its whole CPU time.
 *
 * What it takes for granted: CPU times are those of the machine that recorded; the order in which a
 * role took frames from different peers is that of the recording.
 */
import type { Peer } from '../../engine/channel.ts';
import { EngineError } from '../../engine/errors.ts';
import { peerName } from '../../engine/peer-name.ts';
import { LinkModel } from '../link-model.ts';
import type { LinkChoice } from '../link.ts';
import { computing, sending } from './recording.ts';
import type { Recording, RoleRecording } from './recording.ts';

export interface ReplayOptions {
  /** Undefined: frames are there at once. */
  readonly link: LinkChoice | undefined;
  /** How many roles can compute at once; Infinity = every role has a machine of its own. */
  readonly cores: number;
}

/** One frame on its way. Virtual milliseconds. */
export interface Flight {
  readonly from: Peer;
  /** The sender's event. */
  readonly event: number;
  /** Handed to the link. */
  readonly sentMs: number;
  /** Its last bit left the sender. */
  stampMs: number;
  /** Its last bit was there. */
  dueMs: number;
}

/** What one role did when; columns as long as its recording. Virtual milliseconds. */
export interface RoleReplay {
  readonly recording: RoleRecording;
  readonly beginMs: Float64Array;
  /** Receiving: when the frame was there and somebody was there to take it; else as `beginMs`. */
  readonly readyMs: Float64Array;
  readonly endMs: Float64Array;
  /** Receiving: the frame; else undefined. */
  readonly flights: readonly (Flight | undefined)[];
}

export interface Replay {
  /** From the start of the inference to the end of the role that ends last. */
  readonly latencyMs: number;
  readonly roles: readonly RoleReplay[];
}

interface Actor extends RoleReplay {
  readonly flights: (Flight | undefined)[];
  event: number;
  /** idle = before its start. */
  state: 'idle' | 'computing' | 'blocked' | 'done';
  leftMs: number;
  finishMs: number;
}

/**
 * Throws `EngineError('range')` for a link that `checkLink` refuses and for less than one core, and
 * `EngineError('protocol')` for a recording whose roles do not fit together.
 */
export function replay(recording: Recording, options: ReplayOptions): Replay {
  return new Simulation(recording, options).run();
}

class Simulation {
  readonly #recording: Recording;
  readonly #cores: number;
  readonly #model: LinkModel;
  readonly #actors: readonly Actor[];
  /** Frames by directed link, in order, and how many of them were taken. */
  readonly #links = new Map<string, { readonly flights: Flight[]; taken: number }>();
  #nowMs = 0;

  constructor(recording: Recording, { link, cores }: ReplayOptions) {
    if (!(cores >= 1)) {
      throw new EngineError('range', `replay: cores is ${cores}, allowed: 1 or more, or Infinity`);
    }
    this.#recording = recording;
    this.#cores = cores;
    this.#model = new LinkModel(link);
    this.#actors = recording.roles.map((role) => ({
      recording: role,
      beginMs: new Float64Array(role.kind.length),
      readyMs: new Float64Array(role.kind.length),
      endMs: new Float64Array(role.kind.length),
      flights: Array.from<Flight | undefined>({ length: role.kind.length }),
      event: 0,
      state: 'idle',
      leftMs: 0,
      finishMs: role.startMs,
    }));
  }

  run(): Replay {
    while (this.#actors.some(({ state }) => state !== 'done')) this.#tick();
    const ends = this.#actors.map(({ endMs, recording }) => endMs.at(-1) ?? recording.startMs);
    return { latencyMs: Math.max(0, ...ends), roles: this.#actors };
  }

  /** On to the next moment at which anything happens. */
  #tick(): void {
    const busy = this.#actors.filter(({ state }) => state === 'computing');
    const rate = Math.min(1, this.#cores / busy.length);
    let nextMs = Infinity;
    for (const actor of this.#actors) {
      if (actor.state === 'computing') actor.finishMs = this.#nowMs + actor.leftMs / rate;
      else if (actor.state === 'blocked') actor.finishMs = this.#next(actor)?.dueMs ?? Infinity;
      if (actor.state !== 'done') nextMs = Math.min(nextMs, actor.finishMs);
    }
    if (nextMs === Infinity) throw this.#stuck();
    const sharedMs = (nextMs - this.#nowMs) * rate;
    this.#nowMs = Math.max(this.#nowMs, nextMs);
    for (const actor of this.#actors) {
      const due = actor.state !== 'done' && actor.finishMs <= nextMs;
      if (actor.state === 'computing') {
        actor.leftMs -= sharedMs;
        if (due) this.#finish(actor);
      }
      if (due) this.#advance(actor);
    }
  }

  #finish(actor: Actor): void {
    actor.endMs[actor.event] = this.#nowMs;
    actor.event += 1;
  }

  /** From its current event on until it computes, is blocked, or is done. */
  #advance(actor: Actor): void {
    const { kind, cpuUs } = actor.recording;
    const wasBlocked = actor.state === 'blocked';
    for (let resumed = wasBlocked; actor.event < kind.length; resumed = false) {
      const { event } = actor;
      const cpuMs = (cpuUs[event] ?? 0) / 1000;
      if (!resumed) {
        actor.beginMs[event] = this.#nowMs;
        actor.readyMs[event] = this.#nowMs;
      }
      if (kind[event] === computing) {
        this.#compute(actor, cpuMs);
        return;
      }
      if (kind[event] === sending) {
        this.#send(actor);
        this.#finish(actor);
        continue;
      }
      const flight = this.#next(actor);
      if (flight === undefined || flight.dueMs > this.#nowMs) {
        actor.state = 'blocked';
        return;
      }
      this.#linkOf(actor).taken += 1;
      actor.flights[event] = flight;
      actor.readyMs[event] = this.#nowMs;
      const waitedMs = this.#nowMs - (actor.beginMs[event] ?? 0);
      const { wakeMs } = this.#recording;
      this.#compute(actor, Math.max(waitedMs > 0 ? wakeMs : 0, cpuMs - waitedMs));
      return;
    }
    actor.state = 'done';
  }

  #compute(actor: Actor, ms: number): void {
    actor.state = 'computing';
    actor.leftMs = Math.max(0, ms);
  }

  #send({ recording, event }: Actor): void {
    const { role } = recording;
    const to = this.#peerAt(recording, event);
    // The owner's links are not shaped, and nobody waits for it.
    if (to === 'owner') return;
    const bytes = (recording.bytes[event] ?? 0) + this.#recording.headerBytes;
    const atMs = this.#nowMs;
    const timing = this.#model.send(atMs, role, to, bytes);
    const { stampMs, dueMs } = timing ?? { stampMs: atMs, dueMs: atMs };
    this.#link(role, to).flights.push({ from: role, event, sentMs: atMs, stampMs, dueMs });
    for (const moved of timing?.moved ?? []) {
      const flight = this.#link(moved.from, moved.to).flights[moved.index];
      if (flight === undefined) continue;
      flight.stampMs = moved.stampMs;
      flight.dueMs = moved.dueMs;
    }
  }

  /** The frame that it waits for, if that was sent. */
  #next(actor: Actor): Flight | undefined {
    const { flights, taken } = this.#linkOf(actor);
    return flights[taken];
  }

  #linkOf({ recording, event }: Actor) {
    return this.#link(this.#peerAt(recording, event), recording.role);
  }

  #link(from: Peer, to: Peer) {
    const name = `${from}>${to}`;
    let link = this.#links.get(name);
    if (link === undefined) {
      link = { flights: [], taken: 0 };
      this.#links.set(name, link);
    }
    return link;
  }

  #peerAt({ peer }: RoleRecording, event: number): Peer {
    const found = this.#recording.peers[peer[event] ?? 0];
    if (found !== undefined) return found;
    throw new EngineError('protocol', `replay: event ${event} names a peer that is not recorded`);
  }

  #stuck(): EngineError {
    const waiting = this.#actors
      .filter(({ state }) => state === 'blocked')
      .map((actor) => {
        const { role } = actor.recording;
        const from = peerName(this.#peerAt(actor.recording, actor.event));
        const of = actor.recording.kind.length;
        return `${peerName(role)} waits at event ${actor.event} of ${of} for ${from}`;
      });
    return new EngineError(
      'protocol',
      `replay: the recording does not fit together: ${waiting.join('; ')}, and nothing is under way`,
    );
  }
}
