/** How often an expected latency is meant to hold. Browser-safe. */

/** Share of runs that an interval is meant to contain. */
export const intendedShare = 0.8;
/** The share that was reached is good between these two. */
export const goodShare = [0.7, 0.9] as const;
