/**
 * Entry of one party's process: its shares, its generators, its counters, its trace. It is told the
 * public plan over the pipe it was started with; everything secret reaches it as shares over its own
 * TCP connections, or is drawn here from the operating system.
 */
import './heap-settings.ts';
import { correlationsOf, executeParty } from '../engine/execute.ts';
import { collectorWhileWaiting } from './collect-while-waiting.ts';
import { openCorrectionFile } from './correction-file.ts';
import { takeDealt } from './dealt-stock.ts';
import type { PartyTask } from './messages.ts';
import {
  joinAndProbe,
  loadRunKernels,
  reportFinished,
  runRole,
  sentBytes,
  WorkerPipe,
} from './role-main.ts';

const progressEveryMs = 100;
/** In the folder that this process was started in, which is its own. */
const correctionFile = 'corrections.bin';

async function main(
  pipe: WorkerPipe,
  task: PartyTask,
  use: Parameters<Parameters<typeof runRole>[1]>[0],
): Promise<void> {
  const { plan, party } = task;
  const kernels = loadRunKernels();
  const channel = await joinAndProbe(pipe, party, task, kernels, use);
  const ahead = task.attendance === 'dealt' ? takeDealt('.') : undefined;
  const dealtTo = party === 0 && ahead === undefined && correlationsOf(plan) === 'dealer';
  const file = dealtTo ? openCorrectionFile(correctionFile) : undefined;
  let reportedAtMs = 0;
  try {
    await executeParty({
      plan,
      party,
      channel,
      kernels,
      batchSizes: task.batchSizes,
      lengths: task.lengths,
      insecureSeed: task.insecureSeed,
      ...(file === undefined ? {} : { corrections: file.corrections }),
      ...(ahead === undefined ? {} : { dealt: ahead }),
      onIdle: collectorWhileWaiting(),
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
          bytesSent: sentBytes(channel),
          rssBytes,
        });
      },
      onTrace: (trace) => void pipe.report({ kind: 'trace', trace }),
    });
  } finally {
    file?.remove();
    ahead?.close();
  }
  await reportFinished(pipe, channel, task);
}

const pipe = new WorkerPipe();
await runRole(pipe, async (use) => {
  const { task } = await pipe.order('task');
  if (task.role !== 'party') throw new Error('this process was started as a party');
  await main(pipe, task, use);
});
