/**
 * What openings may tell: nothing. Collects what every party received and what it says it saw, and
 * tests it: each opening is uniform over its declared domain, differences of two openings are, an
 * opening and the secret under it are independent, no mask hides two values, and no byte came in that
 * no opening accounts for.
 */
import { createHash } from 'node:crypto';
import type { PartyId } from '../../server/engine/channel.ts';
import type { Arrival, Opening, Watcher } from '../../server/engine/opening-log.ts';
import { independenceZ, limitZ, uniformZ } from './statistics.ts';

export interface Suspicion {
  readonly test: 'domain' | 'difference' | 'secret' | 'mask' | 'unannounced';
  readonly where: string;
  readonly z: number;
}

/** Roles rotate over three turns: the same roles meet again within as many openings. */
const comparedWith = 4;

export class OpeningWatch {
  readonly #seen: { party: PartyId; opening: Opening }[] = [];

  readonly #arrived: { party: PartyId; arrival: Arrival }[] = [];

  /** Of what parties show each other; shares that the owner sends are not counted. */
  get count(): number {
    return this.#seen.filter(({ opening }) => !['input', 'weight'].includes(opening.op)).length;
  }

  readonly of = (party: PartyId): Watcher => ({
    opened: (opening) => {
      this.#seen.push({ party, opening: { ...opening, bytes: Uint8Array.from(opening.bytes) } });
    },
    arrived: (arrival) => {
      this.#arrived.push({ party, arrival });
    },
  });

  /**
   * Everything that does not look as it should. `secrets` are tensors of as many bits, one for each
   * element (0 or 1); an opening's elements are taken to repeat in their order.
   */
  suspicions(secrets: Readonly<Record<string, Uint8Array>>): Suspicion[] {
    const found: Suspicion[] = [];
    const judge = (test: Suspicion['test'], where: string, z: number): void => {
      if (Math.abs(z) > limitZ) found.push({ test, where, z });
    };
    const previous = new Map<string, Opening[]>();
    this.#seen.forEach(({ party, opening }, index) => {
      const where = `${party} ${opening.path} ${opening.op} ${opening.kind} ${index}`;
      if (opening.bytes.length === 0) return;
      for (const [z, part] of domainZ(opening)) judge('domain', `${where} ${part}`, z);
      // Of the openings of one kind, each with those before it, as far as the shorter one goes.
      const { kind, domain, bytes } = opening;
      const like = [party, kind, domain.laneBits, domain.usedBits].join(' ');
      const earlier = previous.get(like) ?? [];
      previous.set(like, [...earlier, opening].slice(-comparedWith));
      const before = earlier.findLast((other) => other.bytes.length === bytes.length);
      for (const other of earlier) {
        for (const [z, part] of differenceZ(other, opening)) {
          judge('difference', `${where} ${part}`, z);
        }
      }
      for (const [name, secret] of Object.entries(secrets)) {
        for (const [label, bytes] of combinations(opening, before, secret.length)) {
          for (const [z, part] of secretZ({ ...opening, bytes }, secret)) {
            judge('secret', `${where} ${label} ${name} ${part}`, z);
          }
        }
      }
    });
    for (const where of this.reusedMasks()) found.push({ test: 'mask', where, z: Infinity });
    for (const where of this.unannounced()) found.push({ test: 'unannounced', where, z: Infinity });
    return found;
  }

  /** Per party, place and operation: bytes that were received and that no opening accounts for. */
  unannounced(): string[] {
    const read = new Map<ArrayBufferLike, { party: PartyId; start: number; end: number }[]>();
    for (const { party, opening } of this.#seen) {
      for (const { buffer, byteOffset, length } of opening.messages) {
        const ranges = read.get(buffer) ?? [];
        ranges.push({ party, start: byteOffset, end: byteOffset + length });
        read.set(buffer, ranges);
      }
    }
    const missing = new Map<string, number>();
    for (const { party, arrival } of this.#arrived) {
      const { buffer, byteOffset, length } = arrival.payload;
      let [at, left] = [byteOffset, length];
      const ranges = (read.get(buffer) ?? []).filter((range) => range.party === party);
      for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
        const [from, to] = [Math.max(start, at), Math.min(end, byteOffset + length)];
        if (to <= from) continue;
        left -= to - from;
        at = to;
      }
      const where = `party ${party} ${arrival.path} ${arrival.op} from ${arrival.from}`;
      if (left > 0) missing.set(where, (missing.get(where) ?? 0) + left);
    }
    return [...missing].map(([where, bytes]) => `${where}: ${bytes} bytes`);
  }

  /** Masks under which more than one value was opened. */
  reusedMasks(): string[] {
    const uses = new Map<string, string>();
    const reused: string[] = [];
    this.#seen.forEach(({ party, opening }, index) => {
      for (const mask of opening.masks) {
        // Shorter ones may agree by chance.
        if (mask.length < 16) continue;
        const id = `${party} ${createHash('sha256').update(mask).digest('hex')}`;
        const where = `${party} ${opening.path} ${opening.op} ${index}`;
        const first = uses.get(id);
        if (first !== undefined) reused.push(`${first}, ${where}`);
        uses.set(id, where);
      }
    });
    return reused;
  }
}

type Part = readonly [z: number, part: string];

/** Histograms of every byte of a lane, or of its used bits where these are fewer. */
function domainZ({ bytes, domain }: Opening): Part[] {
  const width = domain.laneBits / 8;
  return Array.from({ length: width }, (_, position): Part => {
    const used = Math.min(8, Math.max(0, domain.usedBits - 8 * position));
    const counts = Array<number>(256).fill(0);
    for (let at = position; at < bytes.length; at += width) counts[bytes[at] ?? 0]! += 1;
    const part = `byte ${position}`;
    if (counts.slice(1 << used).some((count) => count > 0))
      return [Infinity, `${part} unused bits`];
    if (used === 0) return [0, part];
    return [uniformZ(grouped(counts.slice(0, 1 << used), bytes.length / width)), part];
  });
}

/** Top and bottom byte of the difference of two openings of one domain, and their xor. */
function differenceZ(a: Opening, b: Opening): Part[] {
  const width = a.domain.laneBits / 8;
  const xor = Array<number>(256).fill(0);
  const minus = Array<number>(256).fill(0);
  const length = Math.min(a.bytes.length, b.bytes.length);
  for (let at = width - 1; at < length; at += width) {
    const lowest = at - width + 1;
    const last = Math.ceil(a.domain.usedBits / 8) - 1 + lowest;
    xor[(a.bytes[last] ?? 0) ^ (b.bytes[last] ?? 0)]! += 1;
    minus[((a.bytes[lowest] ?? 0) - (b.bytes[lowest] ?? 0)) & 255]! += 1;
  }
  const values = 1 << Math.min(8, a.domain.usedBits);
  const count = length / width;
  const of = (counts: number[]) => uniformZ(grouped(counts.slice(0, values), count));
  const bitwise: Part = [of(xor), 'xor'];
  return values === 256 ? [bitwise, [of(minus), 'difference']] : [bitwise];
}

/**
 * The opening itself, and its xor, sum and difference (byte by byte, whose lowest bits are those of
 * the words') with the one before; of an opening of two values, also of these two.
 */
function combinations(
  { bytes }: Opening,
  before: Opening | undefined,
  elements: number,
): [string, Uint8Array][] {
  const pairs: [string, Uint8Array, Uint8Array][] = [];
  if (before !== undefined) pairs.push(['with the one before', bytes, before.bytes]);
  const middle = bytes.length / 2;
  if (middle % elements === 0) {
    pairs.push(['with its other half', bytes.subarray(0, middle), bytes.subarray(middle)]);
  }
  const joint = pairs.flatMap(([label, a, b]): [string, Uint8Array][] => [
    [`xor ${label}`, a.map((byte, at) => byte ^ (b[at] ?? 0))],
    [`sum ${label}`, a.map((byte, at) => byte + (b[at] ?? 0))],
    [`difference ${label}`, a.map((byte, at) => byte - (b[at] ?? 0))],
  ]);
  return [['', bytes], ...joint];
}

/**
 * First byte (or bits) and last byte of every lane against the secret bit of its element. What is
 * declared in whole bytes may consist of any lanes: all that divide it are tried.
 */
function secretZ({ bytes, domain }: Opening, secret: Uint8Array): Part[] {
  const whole = domain.laneBits === 8 && domain.usedBits === 8;
  const widths = (whole ? [1, 2, 4, 8] : [domain.laneBits / 8]).filter(
    (width) => bytes.length % (width * secret.length) === 0,
  );
  return widths.flatMap((width) => {
    const last = domain.usedBits < 8 ? 0 : width - 1;
    return [...new Set([0, last])].map((position): Part => {
      const values = Math.min(16, 2 ** domain.usedBits);
      const table = [0, 1].map(() => Array<number>(values).fill(0));
      const shift = position === last && domain.usedBits >= 8 ? 4 : 0;
      for (let index = 0; index * width < bytes.length; index++) {
        const value = ((bytes[index * width + position] ?? 0) >> shift) & (values - 1);
        table[secret[index % secret.length] ?? 0]![value]! += 1;
      }
      return [independenceZ(table), `byte ${position} of ${width}`];
    });
  });
}

/** Neighbouring bins joined until each expects at least eight. */
function grouped(counts: readonly number[], total: number): number[] {
  let bins = [...counts];
  while (bins.length > 2 && total / bins.length < 8) {
    bins = Array.from({ length: bins.length / 2 }, (_, bin) => bins[2 * bin]! + bins[2 * bin + 1]!);
  }
  return bins;
}
