/**
 * Entry of the dealer's process: hands two parties the correlated randomness that they use up. It is
 * told the public plan and nothing else, and has no connection to the owner. Its links to the parties
 * are shaped, measured and counted as theirs are.
 */
import './heap-settings.ts';
import { executeDealer } from '../engine/execute.ts';
import type { DealerTask } from './messages.ts';
import {
  joinAndProbe,
  loadRunKernels,
  reportFinished,
  runRole,
  sentBytes,
  WorkerPipe,
} from './role-main.ts';

const progressEveryMs = 250;

async function main(
  pipe: WorkerPipe,
  task: DealerTask,
  use: Parameters<Parameters<typeof runRole>[1]>[0],
): Promise<void> {
  const kernels = loadRunKernels();
  const channel = await joinAndProbe(pipe, 'dealer', task, kernels, use);
  // -1 while the setup lasts, then the inference that is being dealt for.
  let inference = -1;
  let reported = -1;
  // Parties say nothing while they wait for the dealer, so it speaks for itself while it sends.
  const timer = setInterval(() => {
    const bytesSent = sentBytes(channel);
    if (bytesSent === reported) return;
    reported = bytesSent;
    const rssBytes = process.memoryUsage.rss();
    void pipe.report({ kind: 'progress', inference, path: '', rounds: 0, bytesSent, rssBytes });
  }, progressEveryMs);
  try {
    await executeDealer({
      plan: task.plan,
      channel,
      kernels,
      batchSizes: task.batchSizes,
      lengths: task.lengths,
      insecureSeed: task.insecureSeed,
      signal: pipe.signal,
      onTrace: (trace) => {
        inference += 1;
        void pipe.report({ kind: 'trace', trace });
      },
    });
  } finally {
    clearInterval(timer);
  }
  await reportFinished(pipe, channel, task);
}

const pipe = new WorkerPipe();
await runRole(pipe, async (use) => {
  const { task } = await pipe.order('task');
  if (task.role !== 'dealer') throw new Error('this process was started as the dealer');
  await main(pipe, task, use);
});
