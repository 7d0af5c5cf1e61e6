/**
 * Kill -9, at random, of whatever an installation consists of, in every state of a run; then the
 * questions of verdict.ts. The installation is `npm start` on a data folder of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { endStates, type RunState } from '../../server/api/schemas/run-view.ts';
import type { Database } from '../../server/db/client.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { smallSpecs, startInstallation, until, type Installation } from './installation.ts';
import { wrongsOf } from './verdict.ts';
import { findVictim, victims, type Victim } from './victims.ts';

/** Repeatable choices of whom to hit and when; nothing here is near a secret. */
function choices(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Until then a run must have ended after the fault: two silences of 15 s and a second try. */
const mostMs = 60_000;
const states: readonly RunState[] = ['queued', 'preparing', 'linkCheck', 'running', 'scoring'];

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

async function oneKill(
  { db, queue, folder }: Installation,
  pick: (below: number) => number,
  i: number,
) {
  const spec = smallSpecs[i % 2 === 0 ? 0 : 1];
  const wanted = states[pick(states.length)] ?? 'running';
  const delayMs = pick(150);
  const { id } = await createRun({ db, queue }, spec, 'cli');
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

const answers = (url: string | null): Promise<boolean> =>
  fetch(new URL('/api/health', url ?? ''), { signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Prints a line per kill and a sentence over all.
 * @param seed whom and when: the same seed draws the same
 * @returns whether nothing acknowledged was lost, hung, or looked whole and was not
 */
export async function runKills(kills: number, seed: number): Promise<boolean> {
  const installation = await startInstallation({ pages: true });
  const { db, folder, url } = installation;
  try {
    const pick = choices(seed);
    const ids: string[] = [];
    const outcomes: Outcome[] = [];
    console.log('| # | killed | while | ended as | after s | |\n|---|---|---|---|---|---|');
    for (let i = 0; i < kills; i += 1) {
      const { id, outcome } = await oneKill(installation, pick, i);
      ids.push(id);
      outcomes.push(outcome);
      const { victim, at, state, afterMs, wrongs } = outcome;
      const verdict = wrongs.length === 0 ? 'ok' : wrongs.join('; ');
      console.log(
        `| ${i + 1} | ${victim} | ${at} | ${state} | ${(afterMs / 1000).toFixed(1)} | ${verdict} |`,
      );
      await until('the worker', () => findVictim('worker', folder) !== null, mostMs);
      await until('the pages', () => answers(url), mostMs);
    }
    const kept = await db.run.count({ where: { id: { in: ids } } });
    const bad = outcomes.filter(({ wrongs }) => wrongs.length > 0).length;
    const count = (state: Outcome['state']) => outcomes.filter((one) => one.state === state).length;
    const ends = [...endStates, 'hung' as const]
      .map((state) => `${count(state)} ${state}`)
      .join(', ');
    console.log(
      `\n${kills} kills, seed ${seed}: ${ends}; ${kept} of ${ids.length} acknowledged runs are there; ${bad} with something wrong`,
    );
    return bad === 0 && kept === ids.length;
  } finally {
    await installation.stop();
  }
}
