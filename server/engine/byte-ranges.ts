/** Which bytes of which buffers have been taken; buffers that nobody else holds are forgotten. */

interface Range {
  start: number;
  end: number;
}

export class ByteRanges {
  readonly #taken = new WeakMap<ArrayBufferLike, Range[]>();

  /** Whether a byte of the view has been taken before. */
  touches({ buffer, byteOffset, length }: Uint8Array): boolean {
    const ranges = this.#taken.get(buffer) ?? [];
    const after = firstEndingAfter(ranges, byteOffset);
    return length > 0 && after < ranges.length && ranges[after]!.start < byteOffset + length;
  }

  /** Joins what it touches or adjoins, so that parts taken one after the other stay one range. */
  take({ buffer, byteOffset, length }: Uint8Array): void {
    if (length === 0) return;
    const ranges = this.#taken.get(buffer) ?? [];
    this.#taken.set(buffer, ranges);
    const joined = { start: byteOffset, end: byteOffset + length };
    const from = firstEndingAfter(ranges, byteOffset - 1);
    let to = from;
    for (; to < ranges.length && ranges[to]!.start <= joined.end; to++) {
      joined.start = Math.min(joined.start, ranges[to]!.start);
      joined.end = Math.max(joined.end, ranges[to]!.end);
    }
    ranges.splice(from, to - from, joined);
  }
}

/** Index of the first of disjoint ascending ranges that ends after `at`; their number if none does. */
function firstEndingAfter(ranges: readonly Range[], at: number): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.end > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
