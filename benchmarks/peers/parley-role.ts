/** One role of one computation in a process of its own, over TCP; started by parley.ts. */
import '../../server/runs/heap-settings.ts';
import { playRole, type PlayedProgram } from '../../server/engine/cost/measure-program.ts';
import { encodeTensor } from '../../server/engine/fixed-point.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { elementCount } from '../../server/engine/ring/tensor.ts';
import { noTerms } from '../../server/network/handshake.ts';
import { listenTcp, type TcpAddresses } from '../../server/network/tcp-channel.ts';
import { collectorWhileWaiting } from '../../server/runs/collect-while-waiting.ts';
import { programOf, type CaseName } from './cases.ts';
import type { RoleReport, RoleTask } from './parley.ts';

const tell = (report: RoleReport): void => void process.send?.(report);
const task = JSON.parse(process.argv[2] ?? 'null') as RoleTask;
const { self, peers, contender, repeats } = task;
const { variant, fractionBits, formulas } = contender;
const kernels = loadKernels();
const ring = { bits: 64 as const, fractionBits };
const { inputs, weights, run } = programOf(task.case, formulas);
const laps: number[] = [];
/** Their second input marks the real tokens. */
const masked: readonly CaseName[] = ['softmax', 'layer', 'layer-quad'];

const measurement: PlayedProgram = {
  variant,
  ring,
  correlations: task.correlations,
  kernels,
  turn: 0,
  weights,
  // Small numbers, as activations are; a mask of real tokens is all ones.
  inputs: inputs.map((shape, index) => {
    const mask = index === 1 && masked.includes(task.case);
    const values = Float64Array.from({ length: elementCount(shape) }, (_, at) =>
      mask ? 2 ** -fractionBits : (((at * 2654435761) % 2001) - 1000) / 4000,
    );
    return encodeTensor(kernels, ring, values, shape);
  }),
  run: async (mpc, shares) => {
    for (let lap = 0; lap < repeats; lap++) {
      const started = performance.now();
      await run(mpc, shares);
      laps.push(performance.now() - started);
    }
  },
};

const endpoint = await listenTcp({
  terms: noTerms,
  self,
  peers: [...peers],
  sessionId: Buffer.alloc(8, 7),
  authKey: Buffer.alloc(32, 7),
  receiveTimeoutMs: 600_000,
});
const channel = await endpoint.connect(
  await new Promise<TcpAddresses>((resolve) => {
    process.once('message', (addresses: TcpAddresses) => resolve(addresses));
    tell({ port: endpoint.port });
  }),
);
const idle = collectorWhileWaiting();
const timer = setInterval(idle, 1000);
const book = await playRole(measurement, self, channel);
clearInterval(timer);
await channel.close();
tell({ book, laps: typeof self === 'number' ? laps : [], cpuMs: process.cpuUsage().user / 1e3 });
process.disconnect();
