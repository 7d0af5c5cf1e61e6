/**
 * Entry of the owner's process (see coordinator.ts). It is a process of its own, and not the worker,
 * so that the worker stays responsive while this one computes, and survives whatever happens to it.
 */
import { executeOwner } from '../engine/execute.ts';
import { EngineError } from '../engine/errors.ts';
import { computeYardsticks, prepareInputs } from './coordinator.ts';
import type { OwnerTask } from './messages.ts';
import { joinChannel, loadRunKernels, openEndpoint, runRole, WorkerPipe } from './role-main.ts';

async function main(
  pipe: WorkerPipe,
  task: OwnerTask,
  use: Parameters<Parameters<typeof runRole>[1]>[0],
): Promise<void> {
  const { plan, insecureSeed } = task;
  const { signal } = pipe;
  const kernels = loadRunKernels();
  const endpoint = await openEndpoint('owner', task, signal);
  await pipe.report({ kind: 'listening', port: endpoint.port });
  const { ports } = await pipe.order('connect');
  const [inputs, channel] = await Promise.all([
    prepareInputs(task),
    joinChannel(endpoint, ports, task),
  ]);
  use(channel);
  const { backend, instructionSet } = kernels;
  const labels = [...inputs.labels];
  await pipe.report({ kind: 'connected', kernels: { backend, instructionSet }, labels });

  await pipe.order('go');
  const { weights } = inputs;
  const batches = Array.from({ length: task.repeats }, () => inputs.batches).flat();
  const result = await executeOwner({
    plan,
    channel,
    kernels,
    weights,
    batches,
    lengths: task.lengths,
    insecureSeed,
    signal,
  });
  const logits = result.logits.map((values) => [...values]);
  await pipe.report({ kind: 'revealed', logits, setupBytes: result.setupBytes });

  // The parties have gone; the machine is free for the yardsticks.
  await pipe.order('score');
  const scored = await computeYardsticks(inputs, plan, kernels, (done, of) => {
    if (signal.aborted) throw new EngineError('aborted', 'the run was cancelled');
    void pipe.report({ kind: 'scoring', done, of });
  });
  await pipe.report({
    kind: 'scored',
    samples: [...scored.samples],
    placeErrors: [...scored.placeErrors],
  });
}

const pipe = new WorkerPipe();
await runRole(pipe, async (use) => {
  const { task } = await pipe.order('task');
  if (task.role !== 'owner') throw new Error('this process was started as the owner');
  await main(pipe, task, use);
});
