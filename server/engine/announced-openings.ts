/**
 * Watch on a real run: whatever a party opens or receives has to be announced by a line of the
 * threat model, every byte of every message has to be accounted for by the step that read it, and no
 * byte of a mask may hide twice. Places and sizes only, so that it costs next to nothing; the
 * statistics are the tests' (`opening-log.ts`). A frame that comes after a party's last step is not
 * seen here: it shows in the bytes of its link, which a run compares with its plan when it ends.
 */
import { ByteRanges } from './byte-ranges.ts';
import type { PartyId } from './channel.ts';
import { EngineError } from './errors.ts';
import type { Arrival, Opening, SeenAt, Watcher } from './opening-log.ts';
import {
  linesOf,
  type SecretVariant,
  type SeenKind,
  type SeenLine,
} from './protocols/threat-openings.ts';

/** What the owner gives each party are that party's own shares: no line speaks of them. */
const ownShares = new Set(['input', 'weight']);

/** Null for a domain that no protocol is known to open. */
export function seenKind({ kind, domain }: Pick<Opening, 'kind' | 'domain'>): SeenKind | null {
  if (kind === 'received') return 'fresh';
  if (domain.usedBits === 1) return 'bit';
  if (domain.usedBits !== domain.laneBits) return null;
  return domain.laneBits === 8 ? 'bytes' : 'number';
}

const where = ({ path, op }: Pick<SeenAt, 'path' | 'op'>): string => `${op} at "${path}"`;
const fix =
  'A step of the protocol, or what was put in its place, shows more than the threat model';

interface OpenMessage {
  readonly start: number;
  readonly end: number;
  readonly place: string;
  /** Bytes that no step has spoken of yet. */
  left: number;
}

export class AnnouncedOpenings implements Watcher {
  readonly #party: PartyId;
  readonly #variant: SecretVariant;
  readonly #allowed = new Set<string>();
  /** Of the masks that have hidden something. */
  readonly #spent = new ByteRanges();
  /** Messages of which no step has told all, by the memory they came in. */
  readonly #open = new Map<ArrayBufferLike, OpenMessage[]>();

  /** @param more lines of steps that the plan put in place of the variant's own */
  constructor(variant: SecretVariant, party: PartyId, more: readonly SeenLine[] = []) {
    this.#variant = variant;
    this.#party = party;
    for (const { opens } of [...linesOf(variant, party), ...more]) {
      for (const [op, kinds] of Object.entries(opens)) {
        for (const kind of kinds) this.#allowed.add(`${op} ${kind}`);
      }
    }
  }

  /**
   * @throws EngineError 'protocol' naming party, place, operation and size of what may not be seen, of
   * a mask that has hidden before, and of bytes that did not come in
   */
  opened(opening: Opening): void {
    const kind = seenKind(opening);
    const owned = kind === 'fresh' && ownShares.has(opening.op);
    if (!owned && (kind === null || !this.#allowed.has(`${opening.op} ${kind}`))) {
      const { laneBits, usedBits } = opening.domain;
      const size = `${opening.bytes.length} bytes (${usedBits} of ${laneBits} bits a lane)`;
      const what = `party ${this.#party} ${opening.kind} ${size} in ${where(opening)}`;
      throw new EngineError(
        'protocol',
        `${what}, which the threat model of ${this.#variant} does not announce. ${fix}.`,
      );
    }
    if (opening.kind === 'opened') this.#spend(opening);
    for (const message of opening.messages) this.#account(opening, message);
  }

  arrived(arrival: Arrival): void {
    const { buffer, byteOffset: start, length: left } = arrival.payload;
    if (left === 0) return;
    const message = { start, end: start + left, place: where(arrival), left };
    const others = this.#open.get(buffer);
    if (others === undefined) this.#open.set(buffer, [message]);
    else others.push(message);
  }

  /**
   * To be called before the output of an inference is revealed.
   * @param unread messages that came and that no step has read, see `Mailbox.unread`
   * @throws EngineError 'protocol' naming the first place that received more than was announced
   */
  settle(unread: readonly string[]): void {
    if (unread.length > 0) {
      const what = `received what no step asked for (sender: size): ${unread.join(', ')}`;
      throw new EngineError('protocol', `party ${this.#party} ${what}. ${fix}.`);
    }
    for (const [message] of this.#open.values()) {
      if (message === undefined) continue;
      const what = `received ${message.left} bytes more than its steps announce in ${message.place}`;
      throw new EngineError('protocol', `party ${this.#party} ${what}. ${fix}.`);
    }
  }

  /** An opening without a mask, or under one that another step has used, shows what it opens. */
  #spend(opening: Opening): void {
    const problem =
      opening.masks.length === 0 ? 'under no mask' : 'under a mask that was used before';
    const used = opening.masks.some((mask) => this.#spent.touches(mask));
    if (opening.masks.length === 0 || used) {
      const what = `party ${this.#party} opened ${opening.bytes.length} bytes in ${where(opening)}`;
      throw new EngineError('protocol', `${what} ${problem}. ${fix}.`);
    }
    for (const mask of opening.masks) this.#spent.take(mask);
  }

  /** What a step says it read has to be of one message, and not said before. */
  #account(at: SeenAt, { buffer, byteOffset, length }: Uint8Array): void {
    if (length === 0) return;
    const open = this.#open.get(buffer) ?? [];
    const end = byteOffset + length;
    const index = open.findIndex((message) => message.start <= byteOffset && end <= message.end);
    const message = open[index];
    if (message === undefined || message.left < length) {
      const missing = length - (message?.left ?? 0);
      const what = `announced ${missing} bytes more than it received`;
      throw new EngineError('protocol', `party ${this.#party} ${what} in ${where(at)}. ${fix}.`);
    }
    message.left -= length;
    if (message.left > 0) return;
    open.splice(index, 1);
    if (open.length === 0) this.#open.delete(buffer);
  }
}
