/**
 * Entry of a party that is dealt to ahead of time: agrees on a key with the dealer, takes what it is
 * sent, and leaves both in its folder for one session to claim. It sees no share.
 */
import './heap-settings.ts';
import { writeFileSync } from 'node:fs';
import { executePartyOffline } from '../engine/execute.ts';
import { memoryCorrections } from '../engine/correlations/store.ts';
import { createDealtFile } from './dealt-file.ts';
import { dealtFiles } from './dealt-stock.ts';
import type { PartyTask } from './messages.ts';
import { joinAndProbe, loadRunKernels, runRole, WorkerPipe } from './role-main.ts';

async function main(
  pipe: WorkerPipe,
  task: PartyTask,
  use: Parameters<Parameters<typeof runRole>[1]>[0],
): Promise<void> {
  const { plan, party, batchSizes, insecureSeed } = task;
  const channel = await joinAndProbe(pipe, party, task, loadRunKernels(), use);
  // Party 1 is sent nothing: its key makes everything.
  const file = party === 0 ? createDealtFile(dealtFiles.corrections) : undefined;
  try {
    const dealt = await executePartyOffline({
      plan,
      party,
      channel,
      batchSizes,
      insecureSeed,
      corrections: file?.corrections ?? memoryCorrections(),
      signal: pipe.signal,
    });
    const { key, dealing, offlineMs } = dealt.claim();
    writeFileSync(dealtFiles.key, Buffer.concat([key, dealing]), { mode: 0o600, flag: 'wx' });
    writeFileSync(dealtFiles.times, JSON.stringify(offlineMs), { mode: 0o600, flag: 'wx' });
  } finally {
    file?.close();
  }
  await pipe.report({ kind: 'finished', counters: [...channel.counters()] });
}

const pipe = new WorkerPipe();
await runRole(pipe, async (use) => {
  const { task } = await pipe.order('task');
  if (task.role !== 'party') throw new Error('this process was started as a party');
  await main(pipe, task, use);
});
