/**
 * Messages: what protocol steps exchange. A frame of the channel carries one or more of them.
 *
 * Each message names the branch that sent it (`route`) and its depth: 1 + the depth of the latest
 * message its sender depended on. The largest depth is the number of rounds, exactly and repeatably.
 *
 * Wire format, little-endian: u32 count, u32 zero, then per message u32 route, u32 depth, u32
 * length, u32 zero; then the payloads, each padded to 8 bytes so that they can be used in place.
 */
import { EngineError } from './errors.ts';

export interface Message {
  readonly route: number;
  readonly depth: number;
  readonly payload: Uint8Array;
}

const frameHeaderBytes = 8;
const messageHeaderBytes = 16;
const alignment = 8;
const maxPayloadBytes = 2 ** 32 - 1;

/** Parts of one frame. */
export function packMessages(messages: readonly Message[]): Uint8Array[] {
  const header = new Uint8Array(frameHeaderBytes + messageHeaderBytes * messages.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, messages.length, true);
  const parts: Uint8Array[] = [header];
  messages.forEach(({ route, depth, payload }, index) => {
    if (payload.length > maxPayloadBytes) {
      throw new EngineError('range', `message: ${payload.length} bytes, limit ${maxPayloadBytes}`);
    }
    const at = frameHeaderBytes + messageHeaderBytes * index;
    view.setUint32(at, route, true);
    view.setUint32(at + 4, depth, true);
    view.setUint32(at + 8, payload.length, true);
    parts.push(payload);
    const padding = paddingAfter(payload.length);
    if (padding > 0) {
      parts.push(new Uint8Array(padding));
    }
  });
  return parts;
}

/** Throws `EngineError('channel')` when the frame does not hold exactly what its header says. */
export function unpackMessages(frame: Uint8Array): Message[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < frameHeaderBytes) throw malformed(`only ${frame.length} bytes`);
  const count = view.getUint32(0, true);
  let position = frameHeaderBytes + messageHeaderBytes * count;
  if (position > frame.length) throw malformed(`${count} messages announced`);
  const messages: Message[] = [];
  for (let index = 0; index < count; index++) {
    const at = frameHeaderBytes + messageHeaderBytes * index;
    const length = view.getUint32(at + 8, true);
    const end = position + length + paddingAfter(length);
    if (end > frame.length) throw malformed(`message ${index} of ${length} bytes`);
    messages.push({
      route: view.getUint32(at, true),
      depth: view.getUint32(at + 4, true),
      payload: frame.subarray(position, position + length),
    });
    position = end;
  }
  if (position !== frame.length) throw malformed(`${frame.length - position} bytes too many`);
  return messages;
}

function paddingAfter(length: number): number {
  return (alignment - (length % alignment)) % alignment;
}

function malformed(what: string): EngineError {
  return new EngineError('channel', `malformed frame: ${what}`);
}
