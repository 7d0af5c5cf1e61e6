/** How many runs a sweep is. Browser-safe. */
import type { SweepAxis } from './sweep.ts';

/** Runs that one sweep may queue. */
export const mostSweepRuns = 64;

/** How many runs the axes ask for. */
export const sweepSize = (axes: readonly SweepAxis[]): number =>
  axes.reduce((product, { values }) => product * values.length, 1);
