/**
 * A timeline in the Chrome trace-event format, which Perfetto and chrome://tracing open
 * (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). A process for each role;
 * in it a thread for its work and one for each link on which it sends. Times in microseconds.
 *
 * A frame is a slice on its link's thread (from when the link took it to when its last bit had left),
 * and a flow (`s` to `f`) to the slice in which the receiver waits for it or takes it in.
 */
import { waits, type Message, type Role, type Timeline } from '../../_replay/timeline.ts';

interface Base {
  readonly pid: number;
  readonly tid: number;
}

export type TraceEvent =
  | (Base & {
      readonly ph: 'M';
      readonly name: 'process_name' | 'thread_name' | 'process_sort_index';
      readonly args: { readonly name?: string; readonly sort_index?: number };
    })
  | (Base & {
      readonly ph: 'X';
      readonly name: string;
      readonly cat: 'compute' | 'wait' | 'message';
      readonly ts: number;
      readonly dur: number;
      readonly args: Readonly<Record<string, string | number>>;
    })
  | (Base & {
      readonly ph: 's' | 'f';
      readonly name: 'frame';
      readonly cat: 'message';
      readonly id: number;
      readonly ts: number;
      /** Binds to the slice around it, and not to the next one. */
      readonly bp?: 'e';
    });

export interface TraceFile {
  readonly displayTimeUnit: 'ms';
  readonly otherData: Readonly<Record<string, string>>;
  readonly traceEvents: readonly TraceEvent[];
}

const work = 1;
/** Nanoseconds: finer is not what the recording knows. */
const us = (ms: number): number => Math.round(ms * 1e6) / 1000;

export const roleName = (role: Role): string =>
  typeof role === 'number' ? `Party ${role}` : role === 'dealer' ? 'Dealer' : 'Owner';

export function traceFile(timeline: Timeline, about: Readonly<Record<string, string>>): TraceFile {
  const events: TraceEvent[] = [];
  const { lanes, places, messages } = timeline;
  const nameAt = (place: number): { path: string; op: string } =>
    places[place] ?? { path: '', op: 'local' };
  lanes.forEach((lane, index) => {
    const pid = index + 1;
    const meta = { ph: 'M', pid, tid: 0 } as const;
    events.push(
      { ...meta, name: 'process_name', args: { name: roleName(lane.role) } },
      { ...meta, name: 'process_sort_index', args: { sort_index: index } },
      { ph: 'M', pid, tid: work, name: 'thread_name', args: { name: 'work' } },
    );
    for (let at = 0; at < lane.fromMs.length; at += 1) {
      const { path, op } = nameAt(lane.place[at] ?? 0);
      const isWait = lane.what[at] === waits;
      const ts = us(lane.fromMs[at] ?? 0);
      events.push({
        ph: 'X',
        pid,
        tid: work,
        name: isWait ? `wait: ${op}` : op,
        cat: isWait ? 'wait' : 'compute',
        ts,
        dur: us(lane.toMs[at] ?? 0) - ts,
        args: { path },
      });
    }
  });
  const links = new Set(messages.map(({ from, to }) => `${from} ${to}`));
  for (const link of links) {
    const [from = 0, to = 0] = link.split(' ').map(Number);
    const name = `to ${roleName(lanes[to]?.role ?? 'owner')}`;
    events.push({ ph: 'M', pid: from + 1, tid: tidOf(to), name: 'thread_name', args: { name } });
    pushFrames(
      events,
      messages.filter((message) => message.from === from && message.to === to),
      messages.length * (from * lanes.length + to),
      nameAt,
    );
  }
  return { displayTimeUnit: 'ms', otherData: about, traceEvents: events };
}

const tidOf = (to: number): number => to + 2;

/** Frames of one link, which leave one after the other: slices do not overlap. */
function pushFrames(
  events: TraceEvent[],
  frames: readonly Message[],
  firstId: number,
  nameAt: (place: number) => { path: string; op: string },
): void {
  let free = 0;
  frames.forEach(({ from, to, sentMs, leftMs, dueMs, takenMs, bytes, place }, index) => {
    const { path, op } = nameAt(place);
    const ts = Math.max(us(sentMs), free);
    const end = Math.max(us(leftMs), ts);
    free = end;
    const sender = { pid: from + 1, tid: tidOf(to) };
    events.push({
      ph: 'X',
      ...sender,
      name: op,
      cat: 'message',
      ts,
      dur: end - ts,
      args: { path, bytes, link_ms: us(dueMs - sentMs) / 1000 },
    });
    const flow = { name: 'frame', cat: 'message', id: firstId + index + 1 } as const;
    events.push({ ph: 's', ...sender, ...flow, ts });
    events.push({
      ph: 'f',
      bp: 'e',
      pid: to + 1,
      tid: work,
      ...flow,
      ts: Math.max(ts, us(takenMs)),
    });
  });
}
