/**
 * A role that goes through the motions without computing: what the launcher and the worker do with
 * parties that die, hang or talk nonsense can then be tested in a second.
 */
import { predictCost } from '../../../server/engine/execute.ts';
import { elementCount } from '../../../server/engine/ring/tensor.ts';
import type { PartyTrace, Phase, RevealRecord } from '../../../server/engine/trace.ts';
import type {
  DealerTask,
  Order,
  OwnerTask,
  PartyTask,
  RoleTask,
} from '../../../server/runs/messages.ts';

export type Behaviour =
  | 'good'
  | 'dies'
  | 'hangs'
  | 'garbage'
  | 'fails'
  | 'slow'
  /** Books one reveal more than the output. */
  | 'tells'
  /** Prints the secrets of its session, for tests that compare two tries. */
  | 'prints';

const say = (report: unknown): void => void process.send?.(report);

const output = (size: number): RevealRecord => ({
  path: 'reveal',
  to: 'owner',
  reason: 'logits',
  shape: [size, 2],
});
const tooMuch: RevealRecord = {
  path: 'layer0.attention',
  to: 'all',
  reason: 'debugging',
  shape: [2, 8],
};

function trace(
  {
    party,
    bytesSentTo,
    reveals,
  }: Pick<PartyTrace, 'party' | 'reveals'> & {
    readonly bytesSentTo: PartyTrace['rows'][number]['bytesSentTo'];
  },
  phase: Phase,
  at: number,
  depth = 1,
): PartyTrace {
  const perPhase = (value: number) => ({ setup: 0, offline: 0, online: 0, [phase]: value });
  const sent = Object.values(bytesSentTo).reduce((sum, bytes) => sum + bytes, 0);
  return {
    party,
    rows: [
      {
        path: 'layer0',
        op: 'mul',
        phase,
        calls: 1,
        elements: 4,
        bytesSentTo,
        messagesSent: 1,
        computeMs: 2,
        waitMs: 1,
      },
    ],
    reveals,
    rounds: perPhase(depth),
    bytesSent: perPhase(sent),
    bytesSentToOwner: 8 * reveals.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    offlineMs: 0,
    startedAtMs: at,
    endedAtMs: at + 3,
    cpuMs: 2,
    peakRssBytes: 1 << 20,
  };
}

/** What a role sends in one inference of a plan, as declared: a run that sends anything else fails. */
async function declared(
  task: PartyTask | DealerTask,
  from: string,
  size: number,
): Promise<{ readonly bytesSentTo: Record<string, number>; readonly rounds: number }> {
  const { links, rounds } = await predictCost(task.plan, size);
  const own = Object.entries(links).filter(([link]) => link.startsWith(`${from}>`));
  const bytesSentTo = Object.fromEntries(own.map(([link, bytes]) => [link.split('>')[1], bytes]));
  return { bytesSentTo, rounds };
}

async function playDealer(task: DealerTask, behaviour: Behaviour): Promise<void> {
  const close = async (phase: Phase, at: number, size = 0): Promise<void> => {
    const { bytesSentTo } =
      phase === 'setup' ? { bytesSentTo: { 0: 32 } } : await declared(task, 'dealer', size);
    say({ kind: 'trace', trace: trace({ party: 'dealer', bytesSentTo, reveals: [] }, phase, at) });
  };
  await close('setup', 0);
  say({ kind: 'progress', inference: 0, path: '', bytesSent: 32, rounds: 0, rssBytes: 1 });
  if (behaviour === 'dies') process.kill(process.pid, 'SIGKILL');
  if (behaviour === 'hangs') return;
  for (const [index, size] of task.batchSizes.entries()) {
    await close('offline', 10 * (index + 1), size);
  }
  say({ kind: 'finished', counters: [] });
  process.disconnect();
}

async function playParty(task: PartyTask, behaviour: Behaviour): Promise<void> {
  const odd = task.party === 1;
  const parties = task.plan.variant.startsWith('additive/') ? 2 : 3;
  const close = async (phase: 'setup' | 'online', at: number, size = 0): Promise<void> => {
    const { bytesSentTo, rounds } =
      phase === 'setup'
        ? { bytesSentTo: { [(task.party + 1) % parties]: 32 }, rounds: 1 }
        : await declared(task, String(task.party), size);
    const reveals = phase === 'setup' ? [] : [output(size)];
    if (odd && behaviour === 'tells' && phase === 'online') reveals.push(tooMuch);
    const { party } = task;
    say({ kind: 'trace', trace: trace({ party, bytesSentTo, reveals }, phase, at, rounds) });
  };
  await close('setup', 0);
  say({ kind: 'progress', inference: 0, path: 'layer0', bytesSent: 32, rounds: 1, rssBytes: 1 });
  if (behaviour === 'prints') {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    console.log(`session ${hex(task.sessionId)} key ${hex(task.authKey)}`);
  }
  if (odd && behaviour === 'dies') {
    console.error('FATAL: something broke in party 1');
    process.kill(process.pid, 'SIGKILL');
  }
  if (odd && behaviour === 'fails') {
    const message = 'frame 7 from party 0 is corrupted';
    await close('online', 10, task.batchSizes[0]);
    say({ kind: 'failed', errorKind: 'protocol', message, counters: [] });
    process.exit(1);
  }
  if (odd && behaviour === 'garbage') {
    process.stdout.write(Buffer.from([0, 255, 254, 7, 10]));
    say({ kind: 'progress', inference: 'many', nonsense: true });
  }
  if (behaviour === 'hangs' || (odd && behaviour === 'garbage')) return;
  const finish = async (): Promise<void> => {
    for (const [index, size] of task.batchSizes.entries()) {
      await close('online', 10 * (index + 1), size);
    }
    say({ kind: 'finished', counters: [] });
    process.disconnect();
  };
  if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, 1500));
  await finish();
}

function playOwner(task: OwnerTask): void {
  const batches = Math.ceil(task.dataset.samples / task.batchSize);
  const logits = Array.from({ length: batches * task.repeats }, () =>
    Array.from({ length: task.batchSize }, () => [1, -1]).flat(),
  );
  say({ kind: 'revealed', logits, setupBytes: 100 });
}

function score(task: OwnerTask): void {
  const samples = Array.from({ length: task.dataset.samples }, (_, index) => ({
    id: `sample-${index}`,
    excerpt: 'A film.',
    label: 0,
    plaintextLogits: [1, -1],
    clearLogits: [1.001, -1],
  }));
  say({ kind: 'scored', samples });
  process.disconnect();
}

export function playRole(behaviour: Behaviour): void {
  let task: RoleTask | undefined;
  process.on('message', (order: Order) => {
    if (order.kind === 'task') {
      task = order.task;
      say({ kind: 'listening', port: 1024 });
    } else if (order.kind === 'connect') {
      const kernels = { backend: 'fake', instructionSet: 'none' };
      say({ kind: 'connected', kernels, labels: ['negative', 'positive'] });
    } else if (order.kind === 'probe') {
      const late = { frames: 0, of: 0, worstMs: 0 };
      const times = { cpuMs: 0, startMs: 0, endMs: 0 };
      const probe = { measurements: [], exchanges: [], floor: null, late, ...times };
      say({ kind: 'measured', probe });
    } else if (order.kind === 'go') {
      if (task?.role === 'party') void playParty(task, behaviour);
      else if (task?.role === 'dealer') void playDealer(task, behaviour);
      else if (task?.role === 'owner' && behaviour !== 'hangs') playOwner(task);
    } else if (order.kind === 'score' && task?.role === 'owner') {
      score(task);
    }
    // 'cancel' is ignored on purpose: the launcher must not depend on anybody's good will.
  });
}
