/**
 * Holds the gradient of every operation to finite differences of its forward pass.
 *
 * Graphs are float32, as training is. The four-point formula (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h
 * lets the step be as large as 0.02 and its rounding as small as 1e-5, so that a wrong factor or a
 * missing term cannot hide.
 */
import { backward } from './graph/backward.ts';
import { Graph } from './graph/graph.ts';
import { sizeOf } from './graph/shapes.ts';
import { gradientCases, type GradientCase } from './gradient-cases.ts';
import { randomStream, truncatedNormal } from './random.ts';
import { TrainingSession, type Feeds } from './session.ts';

/** Largest difference that passes, relative to the largest gradient (or to 1 where that is smaller). */
export const gradientTolerance = 1e-4;

const step = 0.02;

export interface GradientCheck {
  readonly name: string;
  /** Numbers that gradients were taken of. */
  readonly elements: number;
  readonly largestGradient: number;
  /** Largest |gradient - finite difference|, over max(1, largest gradient). */
  readonly error: number;
  readonly passed: boolean;
}

async function checkOne({ name, shapes, build, adjust }: GradientCase): Promise<GradientCheck> {
  const graph = new Graph();
  const inputs = shapes.map((shape, index) => graph.parameter(`x${index}`, shape));
  const y = build(graph, inputs);
  const seed = graph.input('seed', y.shape);
  graph.output('y', y);
  backward(graph, y, inputs, seed).forEach((gradient, index) =>
    graph.output(`gradient${index}`, gradient),
  );
  const session = await TrainingSession.open(graph, 1);
  try {
    const random = randomStream('gradient check', name);
    const values = shapes.map((shape, input) =>
      truncatedNormal(sizeOf(shape), 1, random).map((value) => adjust?.(value, input) ?? value),
    );
    const weights = truncatedNormal(sizeOf(y.shape), 1, random);
    const feeds: Feeds = {
      seed: weights,
      ...Object.fromEntries(values.map((data, index) => [`x${index}`, data])),
    };
    const exact = await session.run(feeds);
    const project = async (): Promise<number> => {
      const { y: found } = await session.run(feeds);
      return found!.reduce((sum, value, index) => sum + value * weights[index]!, 0);
    };
    let largestGradient = 0;
    let largestError = 0;
    for (const [input, data] of values.entries()) {
      for (const [index, start] of data.entries()) {
        const at = async (offset: number): Promise<number> => {
          data[index] = start + offset;
          return project();
        };
        const near = (await at(step)) - (await at(-step));
        const far = (await at(2 * step)) - (await at(-2 * step));
        data[index] = start;
        const gradient = exact[`gradient${input}`]![index]!;
        largestGradient = Math.max(largestGradient, Math.abs(gradient));
        largestError = Math.max(largestError, Math.abs(gradient - (8 * near - far) / (12 * step)));
      }
    }
    const error = largestError / Math.max(1, largestGradient);
    return {
      name,
      elements: values.reduce((sum, { length }) => sum + length, 0),
      largestGradient,
      error,
      passed: error <= gradientTolerance,
    };
  } finally {
    await session.close();
  }
}

/** Every operation's check, in the order of the cases. */
export async function checkGradients(
  cases: readonly GradientCase[] = gradientCases,
): Promise<GradientCheck[]> {
  const results: GradientCheck[] = [];
  for (const one of cases) results.push(await checkOne(one));
  return results;
}
