/** How long one step of a graph takes on this machine, as busy as it is now. */
import { TrainingSession, type Feeds } from './session.ts';
import type { Graph } from './graph/graph.ts';

/** A stage or phase with its price. */
export interface PricedPhase {
  readonly name: string;
  readonly steps: number;
  readonly stepSeconds: number;
}

const repeats = 3;

/** Seconds: the median of three runs, after one to warm up. */
export async function timeStep(graph: Graph, feeds: Feeds, threads: number): Promise<number> {
  const session = await TrainingSession.open(graph, threads);
  try {
    await session.run(feeds);
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const start = performance.now();
      await session.run(feeds);
      times.push((performance.now() - start) / 1000);
    }
    return times.sort((a, b) => a - b)[repeats >> 1]!;
  } finally {
    await session.close();
  }
}
