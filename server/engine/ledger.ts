/**
 * Ledger: one party's book of what it did, row by row (place x operation x phase).
 *
 * Time is booked without gaps: every stretch between two marks is charged to exactly one row, as
 * computing or as waiting, so the rows sum to the party's wall time even when branches interleave.
 */
import type { Peer } from './channel.ts';
import { monotonicMs } from './clock.ts';
import { TimelineRecorder, type Timeline } from './timeline.ts';
import type { Phase, RevealRecord, TraceRow } from './trace.ts';

interface Row {
  path: string;
  op: string;
  phase: Phase;
  calls: number;
  elements: number;
  bytesSentTo: Map<Peer, number>;
  messagesSent: number;
  computeMs: number;
  waitMs: number;
  peakRssBytes?: number;
}

/** Asking for the resident memory takes some 8 µs: so seldom that it costs no time worth counting. */
const memoryEveryMs = 5;

export class Ledger {
  phase: Phase = 'setup';
  /** The same time, event by event. */
  readonly timeline = new TimelineRecorder();
  #rows = new Map<string, Row>();
  #reveals: RevealRecord[] = [];
  #mark = monotonicMs();
  #bytesSent = 0;
  #memoryAt = 0;

  /** The moment up to which time is booked. */
  get bookedToMs(): number {
    return this.#mark;
  }

  /** Payload bytes sent so far in this book. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** Charges the time since the last mark to a row and sets the mark to now. */
  charge(path: string, op: string, kind: 'computeMs' | 'waitMs'): void {
    const now = monotonicMs();
    const row = this.#row(path, op);
    row[kind] += now - this.#mark;
    this.#mark = now;
    if (now - this.#memoryAt >= memoryEveryMs) {
      this.#memoryAt = now;
      row.peakRssBytes = Math.max(row.peakRssBytes ?? 0, process.memoryUsage.rss());
    }
    this.timeline.computed(path, op);
  }

  call(path: string, op: string, elements: number): void {
    const row = this.#row(path, op);
    row.calls += 1;
    row.elements += elements;
  }

  sent(path: string, op: string, to: Peer, bytes: number): void {
    const row = this.#row(path, op);
    row.bytesSentTo.set(to, (row.bytesSentTo.get(to) ?? 0) + bytes);
    row.messagesSent += 1;
    this.#bytesSent += bytes;
  }

  revealed(record: RevealRecord): void {
    this.#reveals.push(record);
  }

  /** Closes the book: returns what is in it and starts an empty one at this moment. */
  take(): { rows: TraceRow[]; reveals: RevealRecord[]; timeline: Timeline } {
    const rows = [...this.#rows.values()].map((row) => ({
      ...row,
      bytesSentTo: Object.fromEntries(row.bytesSentTo),
    }));
    const reveals = this.#reveals;
    const timeline = this.timeline.read();
    this.timeline.restart();
    this.#rows = new Map();
    this.#reveals = [];
    this.#mark = monotonicMs();
    this.#bytesSent = 0;
    return { rows, reveals, timeline };
  }

  #row(path: string, op: string): Row {
    const key = `${this.phase} ${path} ${op}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = {
        path,
        op,
        phase: this.phase,
        calls: 0,
        elements: 0,
        bytesSentTo: new Map(),
        messagesSent: 0,
        computeMs: 0,
        waitMs: 0,
      };
      this.#rows.set(key, row);
    }
    return row;
  }
}
