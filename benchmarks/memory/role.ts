/** One role of a memory measurement, in a process of its own; see run.ts. */
import '../../server/runs/heap-settings.ts';
import { noTerms } from '../../server/network/handshake.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from '../../server/engine/channel.ts';
import { executeDealer, executeOwner, executeParty } from '../../server/engine/execute.ts';
import type { Plan } from '../../server/engine/plan.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { listenTcp, type TcpAddresses } from '../../server/network/tcp-channel.ts';
import { collectorWhileWaiting } from '../../server/runs/collect-while-waiting.ts';
import { openCorrectionFile } from '../../server/runs/correction-file.ts';
import { randomBatch } from '../../server/zoo/random-inputs.ts';
import { randomWeights } from '../../server/zoo/random-weights.ts';

export interface RoleSettings {
  readonly self: Peer;
  readonly peers: readonly Peer[];
  readonly plan: Plan;
  readonly batchSizes: readonly number[];
}

/** Its port, then its peak. */
export type RoleReport = { readonly port: number } | { readonly peakRssBytes: number };

const tell = (report: RoleReport): void => void process.send?.(report);

const settings = JSON.parse(process.argv[2] ?? 'null') as RoleSettings;
const { self, peers, plan, batchSizes } = settings;
const filePath = join(tmpdir(), `parley-memory-${process.pid}.bin`);
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
const common = { plan, channel, kernels: loadKernels(), insecureSeed: null };
if (self === 'owner') {
  const weights = await randomWeights(plan.model, 'memory', plan.length);
  const batches = batchSizes.map((size, at) =>
    randomBatch(plan.model, plan.length, at, size, 'memory'),
  );
  await executeOwner({ ...common, weights, batches });
} else if (self === 'dealer') {
  await executeDealer({ ...common, batchSizes });
} else {
  // As in a run: what the dealer sends waits on disk, not in memory.
  const file = self === 0 && peers.includes('dealer') ? openCorrectionFile(filePath) : undefined;
  const store = file === undefined ? {} : { corrections: file.corrections };
  await executeParty({
    ...common,
    party: self,
    batchSizes,
    onIdle: collectorWhileWaiting(),
    ...store,
  });
  file?.remove();
}
await channel.close();
tell({ peakRssBytes: process.resourceUsage().maxRSS * 1024 });
process.disconnect();
