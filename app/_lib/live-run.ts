/** A live run as the sum of its events; the order and the uniqueness of `seq` make replay harmless. */
import type { RunEvent, RunState } from '../../server/api/schemas/run-view.ts';

export interface LiveParty {
  readonly party: number;
  readonly path: string;
  readonly bytesSent: number;
  readonly rounds: number;
  readonly rssBytes: number;
  readonly history: readonly { readonly atMs: number; readonly bytesSent: number }[];
}

/** What the dealer has sent ahead of the parties; it computes nothing on inputs and has no rounds. */
export interface LiveDealer {
  readonly bytesSent: number;
  readonly rssBytes: number;
  readonly history: LiveParty['history'];
}

export interface LiveRun {
  readonly seq: number;
  /** Null before the first event. */
  readonly state: RunState | null;
  /** The last stage before a stop. */
  readonly reached: RunState | null;
  readonly startedAt: string | null;
  /** When the last event came in, on this machine's clock: the server's may differ. */
  readonly receivedAt: number | null;
  readonly fraction: number | null;
  readonly etaMs: number | null;
  readonly inference: RunEvent['inference'];
  readonly parties: readonly LiveParty[];
  /** Null without a dealer, and before it says something. */
  readonly dealer: LiveDealer | null;
  readonly log: readonly LiveLine[];
  /** When each role came to which layer of the model: a role's own log. */
  readonly moves: readonly (LiveLine & { readonly party: number })[];
}

export interface LiveLine {
  readonly seq: number;
  readonly at: string;
  readonly message: string;
}

export const startLive: LiveRun = {
  seq: 0,
  state: null,
  reached: null,
  startedAt: null,
  receivedAt: null,
  fraction: null,
  etaMs: null,
  inference: null,
  parties: [],
  dealer: null,
  log: [],
  moves: [],
};

/** A sparkline is 200 points wide at most: older ones are thinned to every second. */
const maxHistory = 200;
const maxLog = 400;

export interface Arrival {
  readonly event: RunEvent;
  readonly receivedAt: number;
}

/** An event with the moment at which this page heard of it. */
export function receivedNow(event: RunEvent): Arrival {
  return { event, receivedAt: Date.now() };
}

export function applyEvent(live: LiveRun, { event, receivedAt }: Arrival): LiveRun {
  if (event.seq <= live.seq) return live;
  const stopped = event.state === 'failed' || event.state === 'cancelled' || event.state === 'lost';
  const startedAt = live.startedAt ?? event.at;
  const atMs = Date.parse(event.at) - Date.parse(startedAt);
  return {
    seq: event.seq,
    state: event.state,
    reached: stopped ? live.reached : event.state,
    startedAt,
    receivedAt,
    fraction: event.fraction ?? live.fraction,
    etaMs: event.etaMs,
    inference: event.inference ?? live.inference,
    parties: event.parties.length === 0 ? live.parties : mergeParties(live.parties, event, atMs),
    dealer: mergeDealer(live.dealer, event, atMs),
    log:
      event.message === null
        ? live.log
        : [...live.log, { seq: event.seq, at: event.at, message: event.message }].slice(-maxLog),
    moves: event.parties.length === 0 ? live.moves : extendMoves(live, event),
  };
}

const layerOf = (path: string): string => path.split('.')[0] ?? '';

function extendMoves({ moves, parties }: LiveRun, event: RunEvent): LiveRun['moves'] {
  const moved = event.parties.filter(({ party, path }) => {
    const before = parties.find((known) => known.party === party)?.path ?? '';
    return path !== '' && layerOf(path) !== layerOf(before);
  });
  if (moved.length === 0) return moves;
  const { seq, at } = event;
  const lines = moved.map(({ party, path }) => ({ seq, at, party, message: layerOf(path) }));
  return [...moves, ...lines].slice(-maxLog);
}

function mergeParties(
  before: readonly LiveParty[],
  event: RunEvent,
  atMs: number,
): readonly LiveParty[] {
  const merged = new Map(before.map((party) => [party.party, party]));
  for (const now of event.parties) {
    merged.set(now.party, {
      ...now,
      history: extended(merged.get(now.party)?.history, atMs, now.bytesSent),
    });
  }
  return [...merged.values()].sort((a, b) => a.party - b.party);
}

function mergeDealer(before: LiveDealer | null, event: RunEvent, atMs: number): LiveDealer | null {
  // Events that were stored before there were dealers have no such field.
  const now = event.dealer ?? null;
  if (now === null) return before;
  return { ...now, history: extended(before?.history, atMs, now.bytesSent) };
}

function extended(
  before: LiveParty['history'] | undefined,
  atMs: number,
  bytesSent: number,
): LiveParty['history'] {
  const history = [...(before ?? []), { atMs, bytesSent }];
  return history.length > maxHistory ? history.filter((_, index) => index % 2 === 0) : history;
}
