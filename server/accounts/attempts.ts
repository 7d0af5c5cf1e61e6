/**
 * How often something may be tried in this process: at most `most` times in `windowMs`, by a name.
 * Old names are forgotten, and there are never more than `mostNames`, so nobody can fill the memory.
 */
export class Attempts {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #mostNames: number;
  readonly #times = new Map<string, number[]>();

  constructor(most: number, windowMs: number, mostNames = 10_000) {
    this.#most = most;
    this.#windowMs = windowMs;
    this.#mostNames = mostNames;
  }

  /**
   * Counts one try.
   * @param nowMs of a clock that only goes forward
   * @returns ms to wait before the next one is allowed; 0 where this one was
   */
  take(name: string, nowMs: number): number {
    const since = nowMs - this.#windowMs;
    const times = (this.#times.get(name) ?? []).filter((time) => time > since);
    const oldest = times[0];
    if (times.length >= this.#most && oldest !== undefined) return oldest + this.#windowMs - nowMs;
    times.push(nowMs);
    // Set anew, so that the map keeps the order of last use.
    this.#times.delete(name);
    this.#times.set(name, times);
    if (this.#times.size > this.#mostNames) {
      const [first] = this.#times.keys();
      if (first !== undefined) this.#times.delete(first);
    }
    return 0;
  }
}
