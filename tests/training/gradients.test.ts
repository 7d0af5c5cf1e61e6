import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkGradients, gradientTolerance } from '../../server/training/check-gradients.ts';
import { backward, influencing } from '../../server/training/graph/backward.ts';
import { Graph } from '../../server/training/graph/graph.ts';
import * as op from '../../server/training/operations/index.ts';
import { TrainingSession } from '../../server/training/session.ts';

describe('gradients', () => {
  test('of every operation agree with finite differences', async () => {
    const checks = await checkGradients();
    const wrong = checks.filter(({ error }) => !(error <= gradientTolerance));
    expect(wrong).toEqual([]);
    // A check that compares zeros would pass as well.
    expect(checks.filter(({ largestGradient }) => largestGradient < 0.01)).toEqual([]);
  });

  test('every exported operation has a case', () => {
    const source = readFileSync(
      new URL('../../server/training/gradient-cases.ts', import.meta.url),
      'utf8',
    );
    // Summing a gradient to a shape is part of every broadcast.
    const missing = Object.keys(op).filter(
      (name) => name !== 'sumTo' && !new RegExp(`op\\.${name}\\b`).test(source),
    );
    expect(missing).toEqual([]);
  });

  test('a wrong rule is found', async () => {
    const [broken] = await checkGradients([
      {
        name: 'square without its 2',
        shapes: [[3]],
        build: (graph, [x]) => {
          const y = graph.node('Mul', [x!, x!], [3]);
          return graph.record(y, [x!], (gradient) => [graph.node('Mul', [gradient, x!], [3])]);
        },
      },
    ]);
    expect(broken?.passed).toBe(false);
  });
});

describe('graph', () => {
  test('shapes that do not fit are refused when it is built', () => {
    const graph = new Graph();
    const a = graph.input('a', [2, 3]);
    const b = graph.input('b', [4, 3]);
    expect(() => op.add(graph, a, b)).toThrow(/\[2, 3\] and \[4, 3\] do not broadcast/);
    expect(() => op.matmul(graph, a, b)).toThrow(/inner sizes 3 and 4/);
    expect(() => op.linear(graph, a, graph.input('w', [5, 2]))).toThrow(/does not fit weight/);
    expect(() => op.reshape(graph, a, [7])).toThrow(/6 elements/);
    expect(() => op.meanSquaredError(graph, a, b)).toThrow(/student's shapes/);
    expect(() => graph.input('a', [1])).toThrow(/already/);
  });

  test('an operator that onnxruntime does not know is a named error', async () => {
    const graph = new Graph();
    graph.output('y', graph.node('Frobnicate', [graph.input('x', [2])], [2]));
    await expect(TrainingSession.open(graph, 1)).rejects.toThrow(
      /onnxruntime refuses.*Frobnicate/s,
    );
  });

  test('a parameter without influence cannot be trained', () => {
    const graph = new Graph();
    const [x, y] = [graph.parameter('x', [2]), graph.parameter('y', [2])];
    const loss = op.total(graph, op.square(graph, x));
    expect(influencing(graph, loss).has('y')).toBe(false);
    expect(() => backward(graph, loss, [x, y])).toThrow(/"y" does not influence/);
    expect(() => backward(graph, x, [x])).toThrow(/one number/);
  });

  test('no gradient flows past detach', async () => {
    const graph = new Graph();
    const x = graph.parameter('x', [1]);
    const loss = op.total(graph, op.multiply(graph, x, graph.detach(op.square(graph, x))));
    const [gradient] = backward(graph, loss, [x]);
    graph.output('gradient', gradient!);
    const session = await TrainingSession.open(graph, 1);
    const { gradient: found } = await session.run({ x: Float32Array.of(3) });
    expect(found).toEqual(Float32Array.of(9));
    await expect(session.run({ x: new Float32Array(2) })).rejects.toThrow(/"x" needs 1 values/);
    await session.close();
  });
});
