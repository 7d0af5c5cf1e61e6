/**
 * Entry of one party's process: its shares, its generators, its counters, its trace. It is told the
 * public plan over the pipe it was started with; everything secret reaches it as shares over its own
 * TCP connections, or is drawn here from the operating system.
 */
import './heap-settings.ts';
import { executeParty } from '../engine/execute.ts';
import { isUnshaped } from '../network/link.ts';
import { probeLinks } from '../network/probe.ts';
import type { PartyTask } from './messages.ts';
import { joinChannel, loadRunKernels, openEndpoint, runRole, WorkerPipe } from './role-main.ts';

const progressEveryMs = 100;

async function main(
  pipe: WorkerPipe,
  task: PartyTask,
  use: Parameters<Parameters<typeof runRole>[1]>[0],
): Promise<void> {
  const kernels = loadRunKernels();
  const endpoint = await openEndpoint(task.party, task, pipe.signal);
  await pipe.report({ kind: 'listening', port: endpoint.port });
  const { ports } = await pipe.order('connect');
  const channel = await joinChannel(endpoint, ports);
  use(channel);
  const { backend, instructionSet } = kernels;
  await pipe.report({ kind: 'connected', kernels: { backend, instructionSet } });

  await pipe.order('probe');
  const link = isUnshaped(task.link) ? undefined : task.link;
  const measurements = await probeLinks(channel, link);
  channel.resetCounters();
  await pipe.report({ kind: 'measured', measurements });

  await pipe.order('go');
  const sentToParties = (): number =>
    channel
      .counters()
      .reduce((sum, { peer, bytesSent }) => sum + (peer === 'owner' ? 0 : bytesSent), 0);
  let reportedAtMs = 0;
  await executeParty({
    plan: task.plan,
    party: task.party,
    channel,
    kernels,
    batchSizes: task.batchSizes,
    insecureSeed: task.insecureSeed,
    signal: pipe.signal,
    onProgress: ({ inference, path, rounds }) => {
      const now = performance.now();
      if (now - reportedAtMs < progressEveryMs) return;
      reportedAtMs = now;
      const rssBytes = process.memoryUsage.rss();
      void pipe.report({
        kind: 'progress',
        inference,
        path,
        rounds,
        bytesSent: sentToParties(),
        rssBytes,
      });
    },
    onTrace: (trace) => void pipe.report({ kind: 'trace', trace }),
  });
  await pipe.report({ kind: 'finished', counters: [...channel.counters()] });
}

const pipe = new WorkerPipe();
await runRole(pipe, async (use) => {
  const { task } = await pipe.order('task');
  if (task.role !== 'party') throw new Error('this process was started as a party');
  await main(pipe, task, use);
});
