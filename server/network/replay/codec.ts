/**
 * The compact form of a recording, small enough for a browser: JSON whose one large field is the events
 * of all roles as variable-length integers, in base64. Browser-safe.
 *
 * An event is a byte (kind + 4 x peer), the place's difference to the one before (zigzag), then for
 * computing its CPU, for sending the bytes, for receiving bytes, CPU and wait. Seven bits a byte, the
 * lowest first; the top bit says that more follow.
 */
import type { Peer } from '../../engine/channel.ts';
import { EngineError } from '../../engine/errors.ts';
import { computing, receiving, sending } from './recording.ts';
import type { Recording, RoleRecording } from './recording.ts';

export interface CompactRecording {
  readonly version: 1;
  readonly headerBytes: number;
  readonly wakeMs: number;
  readonly peers: readonly Peer[];
  /** By index: path, a space, operation. */
  readonly places: readonly string[];
  readonly roles: readonly {
    readonly role: Peer;
    readonly startMs: number;
    readonly count: number;
  }[];
  /** Base64. */
  readonly events: string;
}

export function compactRecording(recording: Recording): CompactRecording {
  const { headerBytes, wakeMs, peers, places, roles } = recording;
  const out: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
    out.push(rest);
  };
  for (const { kind, place, peer, bytes, cpuUs, waitUs } of roles) {
    let before = 0;
    for (let event = 0; event < kind.length; event += 1) {
      const at = (column: ArrayLike<number>): number => column[event] ?? 0;
      out.push(at(kind) + 4 * at(peer));
      const step = at(place) - before;
      put(step >= 0 ? 2 * step : -2 * step - 1);
      before = at(place);
      if (at(kind) !== computing) put(at(bytes));
      if (at(kind) !== sending) put(at(cpuUs));
      if (at(kind) === receiving) put(at(waitUs));
    }
  }
  let text = '';
  for (let at = 0; at < out.length; at += 4096) {
    text += String.fromCharCode(...out.slice(at, at + 4096));
  }
  return {
    version: 1,
    headerBytes,
    wakeMs,
    peers,
    places: places.map(({ path, op }) => `${path} ${op}`),
    roles: roles.map(({ role, startMs, kind }) => ({ role, startMs, count: kind.length })),
    events: btoa(text),
  };
}

/** Throws `EngineError('protocol')` for what `compactRecording` does not make. */
export function readRecording(compact: CompactRecording): Recording {
  const { headerBytes, wakeMs, peers } = compact;
  // Whatever was read from a file, whose type is a promise only.
  const version: number = compact.version;
  if (version !== 1) throw damaged(`its version is ${version}, this program reads 1`);
  const input = bytesOf(compact.events);
  let position = 0;
  const byte = (): number => {
    const value = input[position];
    if (value === undefined) throw damaged(`it ends at byte ${position}, in an event`);
    position += 1;
    return value;
  };
  const get = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const next = byte();
      value += (next % 128) * factor;
      if (next < 128) return value;
    }
  };
  const roles = compact.roles.map(({ role, startMs, count }): RoleRecording => {
    const kind = new Uint8Array(count);
    const place = new Uint16Array(count);
    const peer = new Uint8Array(count);
    const bytes = new Uint32Array(count);
    const cpuUs = new Uint32Array(count);
    const waitUs = new Uint32Array(count);
    let before = 0;
    for (let event = 0; event < count; event += 1) {
      const head = byte();
      const what = head % 4;
      if (what > receiving) throw damaged(`event ${event} has kind ${what}`);
      kind[event] = what;
      peer[event] = (head - what) / 4;
      const step = get();
      before += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
      place[event] = before;
      if (what !== computing) bytes[event] = get();
      if (what !== sending) cpuUs[event] = get();
      if (what === receiving) waitUs[event] = get();
    }
    return { role, startMs, kind, place, peer, bytes, cpuUs, waitUs };
  });
  if (position !== input.length) throw damaged(`${input.length - position} bytes are left over`);
  const places = compact.places.map((text) => {
    const cut = text.lastIndexOf(' ');
    return { path: text.slice(0, cut), op: text.slice(cut + 1) };
  });
  return { places, peers, roles, headerBytes, wakeMs };
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch (error) {
    throw damaged('its events are not base64', { cause: error });
  }
}

const damaged = (how: string, options?: ErrorOptions): EngineError =>
  new EngineError(
    'protocol',
    `the recording is damaged: ${how}; run it again to record a new one`,
    options,
  );
