/**
 * Reverse-mode differentiation: walks the tape backwards from a scalar and adds the nodes that compute
 * its gradients.
 */
import { TrainingError } from '../errors.ts';
import type { Graph, Value } from './graph.ts';
import { sameShape, sizeOf } from './shapes.ts';

/**
 * Gradients of `loss` with respect to each of `wanted`, in that order and with their shapes.
 *
 * @param seed gradient of `loss` itself; by default 1, and `loss` must then be a single number
 * @throws TrainingError when a wanted value does not influence the loss: it could never be trained
 */
export function backward(
  graph: Graph,
  loss: Value,
  wanted: readonly Value[],
  seed?: Value,
): Value[] {
  if (seed === undefined && sizeOf(loss.shape) !== 1) {
    throw new TrainingError(
      'graph',
      `a loss is one number; this one has shape [${loss.shape.join(', ')}].`,
    );
  }
  const gradients = new Map<string, Value>();
  gradients.set(loss.name, seed ?? graph.constant(Float32Array.of(1), loss.shape));
  // Gradient nodes are never differentiated again: the tape ends where the forward pass did.
  for (const { output, inputs, rule } of graph.tape.slice().reverse()) {
    const gradient = gradients.get(output.name);
    if (gradient === undefined) continue;
    const contributions = rule(gradient);
    inputs.forEach((input, index) => {
      const contribution = contributions[index];
      if (!input.tracked || contribution === undefined) return;
      if (!sameShape(contribution.shape, input.shape)) {
        throw new TrainingError(
          'graph',
          `gradient of ${input.name} has shape [${contribution.shape.join(', ')}], not [${input.shape.join(', ')}].`,
        );
      }
      const sum = gradients.get(input.name);
      gradients.set(
        input.name,
        sum === undefined ? contribution : graph.node('Add', [sum, contribution], input.shape),
      );
    });
  }
  return wanted.map((value) => {
    const gradient = gradients.get(value.name);
    if (gradient !== undefined) return gradient;
    throw new TrainingError(
      'graph',
      `"${value.name}" does not influence the loss; freeze it or leave it out.`,
    );
  });
}

/** Names of all values that the loss depends on through the tape, parameters among them. */
export function influencing(graph: Graph, loss: Value): Set<string> {
  const reached = new Set([loss.name]);
  for (const { output, inputs } of graph.tape.slice().reverse()) {
    if (!reached.has(output.name)) continue;
    for (const input of inputs) if (input.tracked) reached.add(input.name);
  }
  return reached;
}
