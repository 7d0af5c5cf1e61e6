/**
 * Timeline: what one role did in one inference, in program order: computed so long, sent so much to
 * whom, received from whom. It is the recording from which a replay (server/network/replay) tells how
 * long the same inference takes on another network.
 *
 * Computing is measured as CPU time of this thread, not as wall time: on a busy machine the wall time
 * of a step says more about its neighbours. The kernels use no threads of their own, and the helper
 * threads of V8 (collection, compilation), which the CPU time of the process would include, run beside
 * the protocol on any machine. Reading the clock takes 1.6 us; an inference does it a few times
 * for every frame and every operation.
 */
import type { Channel, Overdue, Peer } from './channel.ts';
import { monotonicMs } from './clock.ts';

/** One operation at one place of the model outline, as in the trace. */
export interface TimelinePlace {
  readonly path: string;
  readonly op: string;
}

export const timelineKinds = ['compute', 'send', 'receive'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** Columns of equal length, an entry each for every event. Plain data. */
export interface Timeline {
  readonly places: readonly TimelinePlace[];
  readonly peers: readonly Peer[];
  /** Index into `timelineKinds`. */
  readonly kind: Uint8Array;
  /** Index into `places`: what the event belongs to. */
  readonly place: Uint16Array;
  /** Index into `peers`: to or from whom; 0 for computing. */
  readonly peer: Uint8Array;
  /** Payload of the frame that was sent or received; 0 for computing. */
  readonly bytes: Uint32Array;
  /** CPU microseconds: of computing, or of taking a frame in; 0 for sending (it is computing). */
  readonly cpuUs: Uint32Array;
  /** Wall microseconds for which nothing could be done but wait for the frame; 0 but for receiving. */
  readonly waitUs: Uint32Array;
  /** Of the frames of this inference that came over an emulated link. */
  readonly overdue?: Overdue;
}

interface Event {
  readonly kind: number;
  readonly place: number;
  readonly peer: number;
  readonly bytes: number;
  cpuUs: number;
  readonly waitUs: number;
}

const [compute, send, receive] = [0, 1, 2];
/**
 * What taking a frame in cost, of the CPU spent while it was waited for. The rest was spent in watching
 * the clock for an emulated link (soft-timer.ts), which is no work of the party: up to 0.56 of a core,
 * and only in the last 2.2 ms. Reading itself runs at more than 1 GB/s; what is more than both together
 * is real, a collection of garbage that the frame's memory brought about.
 */
function receiveUs(bytes: number, cpuUs: number, waitUs: number): number {
  const reading = Math.min(cpuUs, 30 + bytes / 1000);
  const watching = 0.6 * Math.min(waitUs, 2200);
  return Math.max(reading, cpuUs - watching);
}

const most32 = 0xffff_ffff;
const notOverdue: Overdue = { frames: 0, ms: 0 };

export class TimelineRecorder {
  #events: Event[] = [];
  #places: TimelinePlace[] = [];
  #placeIndex = new Map<string, number>();
  readonly #peers: Peer[] = [];
  #here = 0;
  #cpuMarkUs = 0;
  #wallMarkMs = 0;
  #idle = false;
  #overdueBefore: Overdue = notOverdue;
  #overdue: () => Overdue = () => notOverdue;
  readonly #cpuUs: () => number;

  /** @param cpuUs CPU microseconds of this thread so far */
  constructor(cpuUs: () => number = threadCpuUs) {
    this.#cpuUs = cpuUs;
    this.restart();
  }

  /** Forgets everything; the inference begins now. */
  restart(): void {
    this.#events = [];
    this.#places = [];
    this.#placeIndex = new Map();
    this.#here = this.#at('', 'local');
    this.#idle = false;
    this.#overdueBefore = this.#overdue();
    this.#cpuMarkUs = this.#cpuUs();
    this.#wallMarkMs = monotonicMs();
  }

  /** Where running totals of overdue frames are read. */
  watch(overdue: () => Overdue): void {
    this.#overdue = overdue;
    this.#overdueBefore = overdue();
  }

  /** What was computed since the last event belongs to this operation. */
  computed(path: string, op: string): void {
    this.#here = this.#at(path, op);
    this.#idle = false;
    this.#compute();
  }

  /** A frame leaves; what it takes to write it counts as computing after it. */
  sent(to: Peer, bytes: number): void {
    this.#idle = false;
    this.#compute();
    this.#push(send, this.#peer(to), bytes, 0, 0);
  }

  /** Nothing can be done until a frame comes. */
  idle(): void {
    this.#compute();
    this.#idle = true;
    this.#wallMarkMs = monotonicMs();
  }

  received(from: Peer, bytes: number): void {
    const nowMs = monotonicMs();
    if (!this.#idle) this.#compute();
    const waitUs = this.#idle ? (nowMs - this.#wallMarkMs) * 1000 : 0;
    const cpuUs = this.#idle ? receiveUs(bytes, this.#sinceMark(), waitUs) : 0;
    this.#push(receive, this.#peer(from), bytes, cpuUs, waitUs);
    // Whoever waits for another frame still does.
    this.#wallMarkMs = nowMs;
  }

  /** The columns so far. */
  read(): Timeline {
    const events = this.#events;
    const [before, now] = [this.#overdueBefore, this.#overdue()];
    const overdue = { frames: now.frames - before.frames, ms: now.ms - before.ms };
    return {
      ...(overdue.frames > 0 ? { overdue } : {}),
      places: this.#places,
      peers: [...this.#peers],
      kind: Uint8Array.from(events, ({ kind }) => kind),
      place: Uint16Array.from(events, ({ place }) => place),
      peer: Uint8Array.from(events, ({ peer }) => peer),
      bytes: Uint32Array.from(events, ({ bytes }) => Math.min(bytes, most32)),
      cpuUs: Uint32Array.from(events, ({ cpuUs }) => Math.min(Math.round(cpuUs), most32)),
      waitUs: Uint32Array.from(events, ({ waitUs }) => Math.min(Math.round(waitUs), most32)),
    };
  }

  /** CPU time since the last event, which it ends. Microseconds. */
  #sinceMark(): number {
    const now = this.#cpuUs();
    const spent = now - this.#cpuMarkUs;
    this.#cpuMarkUs = now;
    return spent;
  }

  #compute(): void {
    const cpuUs = this.#sinceMark();
    if (cpuUs === 0) return;
    const last = this.#events.at(-1);
    if (last?.kind === compute && last.place === this.#here) last.cpuUs += cpuUs;
    else this.#push(compute, 0, 0, cpuUs, 0);
  }

  #push(kind: number, peer: number, bytes: number, cpuUs: number, waitUs: number): void {
    this.#events.push({ kind, place: this.#here, peer, bytes, cpuUs, waitUs });
  }

  #at(path: string, op: string): number {
    const key = `${path} ${op}`;
    let index = this.#placeIndex.get(key);
    if (index === undefined) {
      index = this.#places.length;
      this.#places.push({ path, op });
      this.#placeIndex.set(key, index);
    }
    return index;
  }

  #peer(peer: Peer): number {
    const index = this.#peers.indexOf(peer);
    return index === -1 ? this.#peers.push(peer) - 1 : index;
  }
}

/**
 * CPU time of this thread so far. Microseconds.
 *
 * Linux counts a thread's time at its ticks and when it sleeps, up to 4 ms late; asking for that of the
 * process brings the running thread's up to date first (measured: steps of 0.3 ms read 0 to 4 ms without
 * it, 0.30 to 0.31 with it).
 */
function threadCpuUs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Of all links of a role; the owner's are not emulated. */
const overdueOf = (channel: Channel): Overdue =>
  channel.counters().reduce(
    (sum, { overdue = notOverdue }) => ({
      frames: sum.frames + overdue.frames,
      ms: sum.ms + overdue.ms,
    }),
    notOverdue,
  );

/** The same channel; every frame through it is noted. */
export function recordedChannel(channel: Channel, timeline: TimelineRecorder): Channel {
  timeline.watch(() => overdueOf(channel));
  return {
    self: channel.self,
    peers: channel.peers,
    send: (to, parts) => {
      timeline.sent(
        to,
        parts.reduce((sum, { length }) => sum + length, 0),
      );
      channel.send(to, parts);
    },
    receive: async (from) => {
      const payload = await channel.receive(from);
      timeline.received(from, payload.length);
      return payload;
    },
    counters: () => channel.counters(),
    close: (reason) => channel.close(reason),
  };
}
