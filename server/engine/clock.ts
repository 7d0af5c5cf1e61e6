/**
 * The one clock of parties and links: CLOCK_MONOTONIC, in milliseconds.
 *
 * Stamps are compared between processes, so they need a clock that all processes of one host share.
 * `process.hrtime` is that clock (measured on Linux, also across network namespaces);
 * `performance.now()` is not: it counts from the start of its own process. Across hosts no such
 * clock exists, so an emulated link is for one host only (the handshake checks it).
 */

/** Milliseconds of CLOCK_MONOTONIC, with microseconds and better behind the point. About 0.05 us. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
