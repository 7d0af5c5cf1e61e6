/**
 * Kill -9, at random, of whatever an installation consists of, in every state of a run; then the
 * questions of verdict.ts. The installation is `npm start` without pages, on a data folder of its own.
 *
 *   npm run test:faults                          # 10 kills
 *   npm run test:faults -- --kills 100 --seed 7
 *
 * Exits with 1 where anything acknowledged was lost, hung, or looked whole and was not.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { endStates, type RunState } from '../../server/api/schemas/run-view.ts';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { createClient, type Database } from '../../server/db/client.ts';
import { findEmbedded } from '../../server/db/embedded-postgres.ts';
import { createRun, type RunContext } from '../../server/runs/create-run.ts';
import { openQueue } from '../../server/runs/queue.ts';
import { wrongsOf } from './verdict.ts';
import { findVictim, victims, type Victim } from './victims.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) {
  console.error(`--kills is "${values.kills}": give a whole number of at least 1.`);
  process.exit(2);
}

/** Repeatable choices of whom to hit and when; nothing here is near a secret. */
function choices(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const base = {
  version: 1,
  model: 'minilm-2l-imdb',
  dataset: { id: 'imdb-heldout', samples: 4 },
  sequenceLength: 8,
  approximations: { gelu: 'quad', softmax: '2quad' },
  network: { name: 'loopback', backend: 'none', bitsPerSecond: 1e12, rttMs: 0, topology: 'pair' },
  measurement: { batchSize: 1, repeats: 2 },
  reveal: 'logits',
  seed: { kind: 'random' },
};
const ring = { bits: 64, fractionBits: 18 };
const specs: readonly RunSpec[] = [
  runSpecSchema.parse({ ...base, protocol: { variant: 'replicated/aby3', ring } }),
  runSpecSchema.parse({ ...base, protocol: { variant: 'additive/fast', ring } }),
];

/** Until then a run must have ended after the fault: two silences of 15 s and a second try. */
const mostMs = 60_000;
const states: readonly RunState[] = ['queued', 'preparing', 'linkCheck', 'running', 'scoring'];
const folder = mkdtempSync(join(tmpdir(), 'parley-faults-'));
process.env['PARLEY_DATA'] = folder;

const app = spawn(
  process.execPath,
  [join(import.meta.dirname, '..', '..', 'server', 'cli', 'start', 'main.ts'), '--only', 'worker'],
  { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PARLEY_DATA: folder } },
);
let said = '';
for (const stream of [app.stdout, app.stderr]) stream.on('data', (data) => (said += String(data)));

async function until(
  what: string,
  ok: () => boolean | Promise<boolean>,
  ms: number,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await ok())) {
    if (performance.now() > end)
      throw new Error(`${what}: not within ${ms / 1000} s\n${said.slice(-2000)}`);
    await sleep(20);
  }
}

/** Null while the database does not answer. */
const stateOf = (db: Database, id: string): Promise<RunState | null> =>
  db.run
    .findUnique({ where: { id }, select: { state: true } })
    .then((row) => row?.state ?? null)
    .catch(() => null);

const ended = (state: RunState | null): boolean => state !== null && endStates.includes(state);

interface Outcome {
  readonly victim: Victim;
  readonly at: RunState;
  readonly state: RunState | 'hung';
  readonly afterMs: number;
  readonly wrongs: readonly string[];
}

async function oneKill(context: RunContext, pick: (below: number) => number, i: number) {
  const { db } = context;
  const spec = specs[i % specs.length];
  if (spec === undefined) throw new Error('no spec');
  const wanted = states[pick(states.length)] ?? 'running';
  const delayMs = pick(150);
  const { id } = await createRun(context, spec, 'cli');
  let reached: RunState | null = null;
  await until(
    'its state',
    async () => {
      reached = await stateOf(db, id);
      return reached === wanted || ended(reached);
    },
    mostMs,
  );
  await sleep(delayMs);
  // Whoever lives now; the first of a random order.
  const order = victims
    .map((victim) => ({ victim, key: pick(1e6) }))
    .toSorted((a, b) => a.key - b.key);
  const found = order.flatMap(({ victim }) => {
    const pid = findVictim(victim, folder);
    return pid === null ? [] : [{ victim, pid }];
  })[0];
  if (found === undefined) throw new Error('nobody is there to be killed');
  const at = (await stateOf(db, id)) ?? wanted;
  process.kill(found.pid, 'SIGKILL');
  const killedAt = performance.now();
  let state: RunState | null = null;
  const hung = await until(
    'its end',
    async () => ended((state = await stateOf(db, id))),
    mostMs,
  ).then(
    () => false,
    () => true,
  );
  const afterMs = performance.now() - killedAt;
  // A worker that ended a run cleans up after its last word.
  if (!hung) await sleep(1000);
  const wrongs = await wrongsOf(db, id, spec, folder);
  const outcome: Outcome = {
    victim: found.victim,
    at,
    state: hung ? 'hung' : (state ?? 'hung'),
    afterMs,
    wrongs,
  };
  return { id, outcome };
}

async function main(): Promise<number> {
  await until('the worker', () => said.includes('worker ready'), 120_000);
  const { url } = (await findEmbedded(folder)) ?? { url: '' };
  const db = createClient(url);
  // The installation's own first run must not be in the way.
  await until(
    'the first run',
    async () => (await db.run.count({ where: { state: { notIn: [...endStates] } } })) === 0,
    mostMs,
  );
  const queue = await openQueue(url, 'send');
  const pick = choices(Number(values.seed));
  const ids: string[] = [];
  const outcomes: Outcome[] = [];
  console.log('| # | killed | while | ended as | after s | |\n|---|---|---|---|---|---|');
  for (let i = 0; i < kills; i += 1) {
    const { id, outcome } = await oneKill({ db, queue }, pick, i);
    ids.push(id);
    outcomes.push(outcome);
    const { victim, at, state, afterMs, wrongs } = outcome;
    const verdict = wrongs.length === 0 ? 'ok' : wrongs.join('; ');
    console.log(
      `| ${i + 1} | ${victim} | ${at} | ${state} | ${(afterMs / 1000).toFixed(1)} | ${verdict} |`,
    );
    await until('the worker', () => findVictim('worker', folder) !== null, mostMs);
  }
  const kept = await db.run.count({ where: { id: { in: ids } } });
  await queue.close();
  await db.$disconnect();
  const bad = outcomes.filter(({ wrongs }) => wrongs.length > 0).length;
  const count = (state: Outcome['state']) => outcomes.filter((one) => one.state === state).length;
  const ends = [...endStates, 'hung' as const]
    .map((state) => `${count(state)} ${state}`)
    .join(', ');
  console.log(
    `\n${kills} kills, seed ${values.seed}: ${ends}; ${kept} of ${ids.length} acknowledged runs are there; ${bad} with something wrong`,
  );
  return bad === 0 && kept === ids.length ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  app.kill('SIGTERM');
  await Promise.race([new Promise((resolve) => app.once('exit', resolve)), sleep(20_000)]);
  rmSync(folder, { recursive: true, force: true });
}
