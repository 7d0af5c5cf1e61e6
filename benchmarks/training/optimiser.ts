/**
 * Where AdamW should run: as a loop over arrays, or as a graph of onnxruntime. Prints the median of 7 steps.
 *
 *   node benchmarks/training/optimiser.ts [parameters, default 3,550,000]
 *
 * 3.55 million is what the embedded encoder's student learns with its embeddings frozen.
 */
import { Graph, type Value } from '../../server/training/graph/graph.ts';
import { AdamW } from '../../server/training/optimiser.ts';
import { randomStream, truncatedNormal } from '../../server/training/random.ts';
import { TrainingSession } from '../../server/training/session.ts';

const count = Number(process.argv[2] ?? 3_550_000);
const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 };
const rate = 1e-4;
const repeats = 7;

async function medianMs(step: () => Promise<void> | void): Promise<number> {
  await step();
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[repeats >> 1]!;
}

/** One step without bias correction, whose two factors cost nothing. */
function adamGraph(): Graph {
  const graph = new Graph();
  const shape = [count];
  const [w, g, m, v] = ['w', 'g', 'm', 'v'].map((name) => graph.input(name, shape)) as [
    Value,
    Value,
    Value,
    Value,
  ];
  const node = (operator: string, ...inputs: Value[]): Value => graph.node(operator, inputs, shape);
  const times = (x: Value, factor: number): Value => node('Mul', x, graph.scalar(factor));
  const first = node('Add', times(m, options.beta1), times(g, 1 - options.beta1));
  const squares = times(node('Mul', g, g), 1 - options.beta2);
  const second = node('Add', times(v, options.beta2), squares);
  const root = node('Add', node('Sqrt', second), graph.scalar(options.epsilon));
  const step = times(node('Div', first, root), rate);
  graph.output('w next', node('Sub', times(w, 1 - rate * options.weightDecay), step));
  graph.output('m next', first);
  graph.output('v next', second);
  return graph;
}

const random = randomStream('optimiser');
const data = truncatedNormal(count, 0.02, random);
const gradient = truncatedNormal(count, 1e-3, random);
const adam = new AdamW([{ name: 'w', shape: [count, 1], data, rateFactor: 1 }], options);
const loopMs = await medianMs(() => adam.step(() => gradient, AdamW.norm([gradient]), rate));

const session = await TrainingSession.open(adamGraph(), 1);
let feeds: Record<string, Float32Array> = {
  w: data,
  g: gradient,
  m: new Float32Array(count),
  v: new Float32Array(count),
};
const graphMs = await medianMs(async () => {
  const next = await session.run(feeds);
  feeds = { ...feeds, w: next['w next']!, m: next['m next']!, v: next['v next']! };
});
await session.close();
console.log(`AdamW over ${count} parameters, one thread, median of ${repeats} steps:`);
console.log(`  loop over arrays  ${loopMs.toFixed(1)} ms (with the gradient norm)`);
console.log(`  onnxruntime graph ${graphMs.toFixed(1)} ms (without it)`);
