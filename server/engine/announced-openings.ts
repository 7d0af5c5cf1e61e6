/**
 * Watch on a real run: whatever a party opens or receives has to be announced by a line of the
 * threat model, and every received byte has to be accounted for by the step that read it. Counts and
 * sizes only, so that it costs next to nothing; the statistics are the tests' (`opening-log.ts`).
 */
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

export class AnnouncedOpenings implements Watcher {
  readonly #party: PartyId;
  readonly #variant: SecretVariant;
  readonly #allowed = new Set<string>();
  /** Masks that have hidden something, as the views that steps hold of them. */
  readonly #spent = new WeakSet<Uint8Array>();
  /** Received bytes that no step has spoken of yet, by operation and place. */
  readonly #open = new Map<string, number>();

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

  /** @throws EngineError 'protocol' naming party, place, operation and size of what may not be seen */
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
    for (const { length } of opening.messages) this.#book(opening, -length);
  }

  arrived(arrival: Arrival): void {
    this.#book(arrival, arrival.payload.length);
  }

  /**
   * To be called before the output of an inference is revealed.
   * @param unread messages that came and that no step has read, see `Mailbox.unread`
   * @throws EngineError 'protocol' naming the first place where received and announced bytes differ
   */
  settle(unread: readonly string[]): void {
    if (unread.length > 0) {
      const what = `received what no step asked for (sender: size): ${unread.join(', ')}`;
      throw new EngineError('protocol', `party ${this.#party} ${what}. ${fix}.`);
    }
    for (const [place, bytes] of this.#open) {
      const what =
        bytes > 0
          ? `received ${bytes} bytes more than its steps announce`
          : `announced ${-bytes} bytes more than it received`;
      throw new EngineError('protocol', `party ${this.#party} ${what} in ${place}. ${fix}.`);
    }
  }

  /** An opening without a mask, or under one that another step has used, shows what it opens. */
  #spend(opening: Opening): void {
    const problem =
      opening.masks.length === 0 ? 'under no mask' : 'under a mask that was used before';
    const used = opening.lifetime === 'once' && opening.masks.some((mask) => this.#spent.has(mask));
    if (opening.masks.length === 0 || used) {
      const what = `party ${this.#party} opened ${opening.bytes.length} bytes in ${where(opening)}`;
      throw new EngineError('protocol', `${what} ${problem}. ${fix}.`);
    }
    for (const mask of opening.masks) this.#spent.add(mask);
  }

  #book(at: SeenAt, bytes: number): void {
    const key = where(at);
    const left = (this.#open.get(key) ?? 0) + bytes;
    if (left === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }
}
