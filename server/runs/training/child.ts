/** Starts the process that trains, and turns how it ends into one answer. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { TrainingProduct } from '../../api/schemas/training.ts';
import { repositoryRoot } from '../../zoo/root.ts';
import { scrubbedEnvironment } from '../child-environment.ts';
import type { TrainCommand, TrainMessage } from './messages.ts';

/** Where the data folder is, or would be, and the one data set that is looked for where a person says. */
const alsoRead = ['HOME', 'PARLEY_DATA', 'PARLEY_SHARED', 'PARLEY_FASHION_MNIST'] as const;
/** A process that was told to end has so long for the step under way and its files. */
const graceMs = { pause: 30_000, finish: 600_000 } as const;

export type TrainingEnd =
  | { readonly type: 'ended'; readonly product: TrainingProduct | null }
  | { readonly type: 'failed'; readonly reason: string }
  /** The process died without a word. */
  | { readonly type: 'died'; readonly reason: string };

export interface TrainingChild {
  readonly end: Promise<TrainingEnd>;
  /** pause: keep the checkpoints; finish: make the product of the best one. */
  tell(what: 'pause' | 'finish'): void;
  kill(): void;
}

export function startTraining(
  command: TrainCommand,
  onMessage: (message: TrainMessage) => void,
  entry = join(repositoryRoot(), 'server', 'runs', 'training', 'train-process.ts'),
): TrainingChild {
  const child = fork(/* turbopackIgnore: true */ entry, [], {
    env: scrubbedEnvironment(alsoRead),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said: TrainingEnd | undefined;
  let errors = '';
  const timers: NodeJS.Timeout[] = [];
  child.stderr?.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString()).slice(-2000);
  });
  child.on('message', (message: TrainMessage) => {
    if (message.type === 'ended' || message.type === 'failed') said = message;
    onMessage(message);
  });
  const end = new Promise<TrainingEnd>((resolve) => {
    child.on('error', (error) => resolve({ type: 'died', reason: error.message }));
    child.on('close', (code, signal) => {
      for (const timer of timers) clearTimeout(timer);
      const how = signal === null ? `code ${code}` : `signal ${signal}`;
      const last = errors.trim().split('\n').at(-1) ?? '';
      resolve(said ?? { type: 'died', reason: `the training process ended with ${how}. ${last}` });
    });
  });
  child.send(command);
  return {
    end,
    tell(what) {
      if (child.connected) child.send(what);
      timers.push(setTimeout(() => child.kill('SIGKILL'), graceMs[what]).unref());
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
