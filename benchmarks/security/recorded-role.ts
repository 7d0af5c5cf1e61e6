/**
 * Lets a role's own process write down what it gets to hold: orders over its pipe, arguments,
 * environment, messages received, and randomness drawn. To be imported before the role's entry. The
 * record lies in the process's own folder, one length and one line of text before each piece.
 */
import { appendFileSync } from 'node:fs';
import { Prg } from '../../server/engine/ring/prg.ts';
import { FramedChannel } from '../../server/network/framed-channel.ts';
import { Recorder, type Held } from './recorder.ts';

export const recordFile = 'recorded.bin';
/** Longer pieces are left out: they belong to larger tensors than the one that is attacked. */
const longest = 4 * 2 ** 20;

export function recordThisProcess(): void {
  const recorder = new Recorder((held) => {
    if (held.bytes.length > longest) return;
    const head = Buffer.from(`${JSON.stringify([held.from, held.what, held.bytes.length])}\n`);
    appendFileSync(recordFile, Buffer.concat([head, held.bytes]), { mode: 0o600 });
  });
  recorder.given('command line', process.argv);
  recorder.given('environment', process.env);

  const emit = process.emit.bind(process);
  process.emit = ((event: string, ...args: unknown[]) => {
    if (event === 'message') recorder.given('order', args[0]);
    return Reflect.apply(emit, process, [event, ...args]) as boolean;
  }) as typeof process.emit;

  const receive = Reflect.get(FramedChannel.prototype, 'receive');
  FramedChannel.prototype.receive = async function (from) {
    const frame = await Reflect.apply(receive, this, [from]);
    recorder.received(from, frame);
    return frame;
  };
  const bytes = Reflect.get(Prg.prototype, 'bytes');
  Prg.prototype.bytes = function (length) {
    const drawn = Reflect.apply(bytes, this, [length]);
    recorder.drew(drawn);
    return drawn;
  };
}

/** What `recordThisProcess` wrote. */
export function readRecord(record: Buffer): Held[] {
  const held: Held[] = [];
  for (let at = 0; at < record.length;) {
    const end = record.indexOf('\n', at);
    const [from, what, length] = JSON.parse(record.toString('utf8', at, end)) as [
      Held['from'],
      string,
      number,
    ];
    held.push({ from, what, bytes: Uint8Array.from(record.subarray(end + 1, end + 1 + length)) });
    at = end + 1 + length;
  }
  return held;
}
