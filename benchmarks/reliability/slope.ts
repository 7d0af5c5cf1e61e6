/** Whether memory that is sampled over time grows: Theil and Sen's slope, with an interval from blocks. */

export interface Sample {
  /** Since the start. */
  readonly seconds: number;
  readonly bytes: number;
}

export interface Slope {
  /** Median of the slopes of all pairs. */
  readonly bytesPerMinute: number;
  /** 90 % of the slopes of pairs of block medians lie above `low`: growth is real where it is above 0. */
  readonly low: number;
  readonly samples: number;
}

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

function pairSlopes(samples: readonly Sample[]): number[] {
  return samples.flatMap((one, index) =>
    samples
      .slice(index + 1)
      .map((other) => (60 * (other.bytes - one.bytes)) / (other.seconds - one.seconds)),
  );
}

const blocks = 12;

/**
 * Robust against the saw of a garbage collector: samples are taken together in blocks first.
 * @throws Error for fewer samples than two blocks take
 */
export function slopeOf(samples: readonly Sample[]): Slope {
  const size = Math.max(1, Math.floor(samples.length / blocks));
  const medians: Sample[] = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    const block = samples.slice(from, from + size);
    medians.push({
      seconds: medianOf(block.map(({ seconds }) => seconds)),
      bytes: medianOf(block.map(({ bytes }) => bytes)),
    });
  }
  if (medians.length < 3) throw new Error(`${samples.length} samples are too few for a slope.`);
  const slopes = pairSlopes(medians).toSorted((a, b) => a - b);
  return {
    bytesPerMinute: medianOf(slopes),
    low: slopes[Math.floor(0.1 * slopes.length)] ?? 0,
    samples: samples.length,
  };
}
