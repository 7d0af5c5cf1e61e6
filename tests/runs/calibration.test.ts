/**
 * Expectations of latency: the pieces as arithmetic, the record that they learn from, and that what is
 * scored is what was said beforehand.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StoredLatency } from '../../server/api/schemas/latency.ts';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import {
  correct,
  intervalOf,
  localShare,
  outcomeOf,
  weightBeside,
  wideningOf,
} from '../../server/runs/calibration/correct.ts';
import { formulaLatency } from '../../server/runs/calibration/formula.ts';
import { measureRates } from '../../server/runs/calibration/measure-rates.ts';
import { predictLatency } from '../../server/runs/calibration/predict-latency.ts';
import { builtInRates, computeMsOf, ratesSchema } from '../../server/runs/calibration/rates.ts';
import {
  ownEnvironment,
  readRates,
  storeRates,
} from '../../server/runs/calibration/rates-store.ts';
import { readExpected } from '../../server/runs/calibration/read-expected.ts';
import { readScore } from '../../server/runs/calibration/read-score.ts';
import { scoreInOrder } from '../../server/runs/calibration/score-in-order.ts';
import { likeness } from '../../server/runs/calibration/record.ts';
import { workOf } from '../../server/runs/calibration/work.ts';
import { createRun } from '../../server/runs/create-run.ts';
import { planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { predictFullBatch } from '../../server/runs/prediction.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { useDatabase } from '../support/database.ts';
import { rememberingQueue } from '../support/queue.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const queue = rememberingQueue();

const shipped = async (name: string): Promise<RunDetail> =>
  JSON.parse(
    await readFile(join(import.meta.dirname, `../../benchmarks/results/runs/${name}.json`), 'utf8'),
  ) as RunDetail;

const workFor = async (spec = smallSpec, batch = 2) =>
  workOf(planOfSpec(spec, await modelConfigOf(spec.model)), batch);

describe('work', () => {
  test.each([
    ['three parties', smallSpec],
    ['two and a dealer', smallAdditiveSpec],
  ])('%s: bytes and rounds are those of the price', async (_, spec) => {
    const work = await workFor(spec);
    const cost = await predictFullBatch(spec, await modelConfigOf(spec.model));
    expect(work.rounds).toBe(cost.rounds);
    expect(work.dealerBytes).toBe(cost.dealerBytes);
    const { 'dealer>0': _dealt, ...online } = cost.links;
    expect(Object.fromEntries(work.links)).toEqual(online);
  });

  test('matrix products count multiplications, everything else elements', async () => {
    const [one, two] = [await workFor(smallSpec, 1), await workFor(smallSpec, 2)];
    expect(two.operations.get('matmul')!.units).toBeGreaterThan(two.elements);
    expect(two.operations.get('msb')?.units ?? 0).toBe(2 * (one.operations.get('msb')?.units ?? 0));
  });
});

describe('formula', () => {
  test('a slower link costs what its arithmetic says and nothing else', async () => {
    const work = await workFor();
    const network = { ...smallSpec.network, backend: 'inline', rttMs: 1 } as const;
    const near = formulaLatency(work, builtInRates, network, 4);
    const far = formulaLatency(work, builtInRates, { ...network, rttMs: 41 }, 4);
    expect(far.linkMs - near.linkMs).toBeCloseTo(work.rounds * 20, 6);
    expect(far.localMs).toBe(near.localMs);
    const slow = formulaLatency(work, builtInRates, { ...network, bitsPerSecond: 1e8 }, 4);
    const fullest = Math.max(...work.links.values());
    expect(slow.linkMs - near.linkMs).toBeCloseTo((fullest * 8 * 1.0456 * 1000) / 1e8, 0);
  });

  test('one card for all that a party sends takes longer than a link each', async () => {
    const work = await workFor();
    const network = { ...smallSpec.network, backend: 'inline', bitsPerSecond: 1e8 } as const;
    const each = formulaLatency(work, builtInRates, network, 4).linkMs;
    const card = formulaLatency(work, builtInRates, { ...network, topology: 'nic' }, 4).linkMs;
    expect(card).toBeGreaterThan(each);
  });

  test('fewer cores than parties make computing longer', async () => {
    const work = await workFor();
    const local = (cores: number) =>
      formulaLatency(work, builtInRates, smallSpec.network, cores).localMs - work.rounds * 0.08;
    expect(local(1)).toBeCloseTo(3 * local(4), 6);
    expect(local(4)).toBeCloseTo(computeMsOf(work, builtInRates), 6);
  });
});

describe('rates', () => {
  test('of this machine: every variant, every number finite, computing takes time', async () => {
    const rates = ratesSchema.parse(await measureRates(loadKernels(), ['replicated/fast']));
    const own = rates['replicated/fast']!;
    const work = await workFor({
      ...smallSpec,
      protocol: { ...smallSpec.protocol, variant: 'replicated/fast' },
    });
    expect(computeMsOf(work, own)).toBeGreaterThan(0.1);
    for (const value of Object.values(own.perUnit)) expect(value).toBeGreaterThanOrEqual(0);
    await storeRates(database.db, { 'replicated/fast': own }, 12);
    expect(await readRates(database.db)).toMatchObject({
      rates: { 'replicated/fast': own },
      tookMs: 12,
      commit: (await ownEnvironment())['commit'],
    });
  });
});

describe('correction', () => {
  const twice = Array.from({ length: 30 }, () => ({ logRatio: Math.log(2), weight: 1 }));

  test('without runs the formula stands; many runs that took twice as long double it', () => {
    expect(correct([]).factor).toBe(1);
    expect(correct(twice).factor).toBeCloseTo(2, 1);
    expect(correct(twice).span).toBeLessThan(correct([]).span);
  });

  test('what the link takes is not corrected', () => {
    const { onlineMs, low80, high80 } = intervalOf(
      { localMs: 10, linkMs: 1000 },
      { factor: 2, span: 1.5 },
      1,
    );
    expect(onlineMs).toBe(1020);
    expect(low80).toBeGreaterThan(900);
    expect(high80).toBeLessThan(1100);
    expect(localShare(1020, { localMs: 10, linkMs: 1000 })).toBe(20);
    expect(localShare(900, { localMs: 10, linkMs: 1000 })).toBe(1);
  });

  test('intervals that were too narrow make the next ones wider, and the other way round', () => {
    const outcomes = (miss: number) => Array.from({ length: 40 }, () => ({ miss }));
    expect(wideningOf([])).toBe(1);
    expect(wideningOf(outcomes(2))).toBe(2);
    expect(wideningOf(outcomes(0.5))).toBeLessThan(1);
    const said = { onlineMs: 100, low80: 80, high80: 150, widening: 2 };
    expect(outcomeOf(said, 125)).toEqual({ miss: 1 });
    expect(outcomeOf(said, 80)).toEqual({ miss: 2 });
  });

  test('over many runs with noise, four in five are inside', () => {
    // A generator of its own: the test gives the same answer every time.
    let state = 7;
    const uniform = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const formula = { localMs: 100, linkMs: 50 };
    const observations: { logRatio: number; weight: number }[] = [];
    const outcomes: { miss: number }[] = [];
    let inside = 0;
    for (let run = 0; run < 400; run += 1) {
      const widening = wideningOf(outcomes.slice(-40));
      const said = { ...intervalOf(formula, correct(observations.slice(-40)), widening), widening };
      const measured = 50 + 100 * Math.exp(0.5 + 0.4 * normal());
      if (measured >= said.low80 && measured <= said.high80) inside += 1;
      observations.push({ logRatio: Math.log(localShare(measured, formula) / 100), weight: 1 });
      outcomes.push(outcomeOf(said, measured)!);
    }
    expect(inside / 400).toBeGreaterThan(0.7);
    expect(inside / 400).toBeLessThan(0.9);
  });

  test('of specs that differ, the first run of one and its repeats are both inside four times in five', () => {
    let state = 11;
    const uniform = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const formula = { localMs: 100, linkMs: 0 };
    const runs: { group: string; logRatio: number }[] = [];
    const inside = { first: 0, repeat: 0 };
    const of = { first: 0, repeat: 0 };
    for (let spec = 0; spec < 120; spec += 1) {
      const group = `spec ${spec}`;
      // Between specs the formula is off by more than one run of a spec is from the next.
      const offset = 0.35 * normal();
      for (let repeat = 0; repeat < 6; repeat += 1) {
        const same = runs.filter((run) => run.group === group).length;
        const observations = runs.slice(-40).map((run) => ({
          ...run,
          same: run.group === group,
          weight: weightBeside(run.group === group ? 1 : 0.3, same),
        }));
        const said = intervalOf(formula, correct(observations), 1);
        const logRatio = 0.4 + offset + 0.06 * normal();
        const measured = 100 * Math.exp(logRatio);
        const kind = repeat === 0 ? 'first' : 'repeat';
        // While nearly nothing has run, the assumed spread stands in.
        if (spec >= 8) {
          of[kind] += 1;
          if (measured >= said.low80 && measured <= said.high80) inside[kind] += 1;
        }
        runs.push({ group, logRatio });
      }
    }
    for (const kind of ['first', 'repeat'] as const) {
      expect(inside[kind] / of[kind], kind).toBeGreaterThan(0.7);
      expect(inside[kind] / of[kind], kind).toBeLessThan(0.93);
    }
  });

  test('repeats of one spec say nothing of how well it foretells another', () => {
    const quiet = (same: boolean) =>
      Array.from({ length: 20 }, (_, at) => ({
        logRatio: 0.5 + (at % 2) * 0.02,
        weight: same ? 1 : 0.3,
        group: 'one',
        same,
      }));
    expect(correct(quiet(true)).span).toBeLessThan(1.1);
    expect(correct(quiet(false)).span).toBeGreaterThan(1.5);
  });

  test('fewer than four runs have the assumed spread, more never less than a part of it', () => {
    const exact = (n: number) => Array.from({ length: n }, () => ({ logRatio: 0, weight: 1 }));
    expect(correct(exact(3)).span).toBe(correct([]).span);
    expect(correct(exact(4)).span).toBeLessThan(correct([]).span);
    expect(correct(exact(4)).span).toBeGreaterThan(correct(exact(40)).span);
    expect(correct(exact(40)).span).toBeGreaterThan(1.01);
  });

  test('the same spec says most', () => {
    expect(likeness(smallSpec, smallSpec)).toBe(1);
    const other = { ...smallSpec, model: 'bert-base' };
    expect(likeness(smallSpec, other)).toBeLessThan(1);
    expect(likeness(smallSpec, smallAdditiveSpec)).toBeLessThan(likeness(smallSpec, other));
  });
});

describe('in the database', () => {
  test('what is said is stored when a run is queued, and what is judged is that', async () => {
    const { spec, headline } = await shipped('puma-minilm2-imdb-lan');
    const context = { db: database.db, queue };
    const first = await predictLatency(database.db, spec);
    expect(first.basis).toBe('formula');
    expect(first.low80).toBeLessThan(first.onlineMs);
    expect(first.high80).toBeGreaterThan(first.onlineMs);

    const { id } = await createRun(context, spec, 'cli');
    expect(await readExpected(database.db, id)).toEqual(first);
    const stored = await database.db.run.findUniqueOrThrow({ where: { id } });
    const said = stored.expectedLatency as unknown as StoredLatency;

    // It took ten times as long: outside, and it stays outside whatever is said of later ones.
    await database.db.run.update({
      where: { id },
      data: {
        state: 'done',
        finishedAt: new Date(),
        headline: headline as never,
        onlineMs: 10 * said.onlineMs,
        environment: await ownEnvironment(),
      },
    });
    const later = await predictLatency(database.db, spec);
    expect(later.basis).toBe(1);
    expect(later.onlineMs).toBeGreaterThan(1.5 * first.onlineMs);
    const score = await readScore(database.db);
    expect(score.runs).toMatchObject([{ id, expected: first, inside: false }]);
    expect(score.groups).toMatchObject([
      { variant: null, inside: { correct: 0, n: 1 }, ratio: 10 },
      { variant: 'replicated/aby3', inside: { correct: 0, n: 1 } },
    ]);
  });

  test('shipped runs, imported ones and those of other machines are not learnt from or judged', async () => {
    const { spec, headline } = await shipped('semi2k-minilm2-imdb-lan');
    const before = await predictLatency(database.db, spec);
    const score = await readScore(database.db);
    const environment = await ownEnvironment();
    const at = { spec, headline, environment };
    await storeRuns(database.db, [
      { ...at, shipped: true },
      { ...at, environment: { ...environment, cpu: 'another one' } },
    ]);
    expect(await predictLatency(database.db, spec)).toEqual(before);
    const after = await readScore(database.db);
    expect(after.runs).toEqual(score.runs);
    // The one of another machine is this installation's, and nothing had been said of it.
    expect(after.unjudged).toBe(score.unjudged + 1);
  });

  test('in order: each run is foretold by those that had ended, shipped ones apart', async () => {
    const { spec, headline } = await shipped('semi2k-minilm2-imdb-lan');
    const environment = { cpu: 'one of its own', cores: '3', architecture: 'x64' };
    const ids = await storeRuns(
      database.db,
      Array.from({ length: 8 }, (_, index) => ({
        spec,
        headline,
        environment,
        shipped: index >= 4,
        createdAt: new Date(Date.UTC(2026, 0, 1, 0, 10 * index)),
      })),
    );
    // The first of each four took what the formula never says; the others the same again.
    for (const [index, id] of ids.entries()) {
      const startedAt = new Date(Date.UTC(2026, 0, 1, 0, 10 * index));
      await database.db.run.update({ where: { id }, data: { startedAt, onlineMs: 1e6 + index } });
    }
    const { groups } = await scoreInOrder(database.db);
    const own = groups.filter(({ machine }) => machine === 'one of its own, 3 cores, x64');
    expect(own.map((group) => group.shipped)).toEqual([false, true]);
    for (const group of own) {
      expect(group.inside.n).toBe(4);
      // The formula alone is far off for the first, and no shipped run teaches one made here.
      expect(group.taught).toBe(3);
      expect(group.inside.correct).toBeLessThan(4);
      expect(group.ratio).toBeGreaterThan(1);
    }
    // Nobody knows of a run that has not ended when another one starts.
    await database.db.run.updateMany({
      where: { id: { in: ids } },
      data: { startedAt: new Date(Date.UTC(2026, 0, 1)) },
    });
    const together = (await scoreInOrder(database.db)).groups.filter(
      ({ machine }) => machine === 'one of its own, 3 cores, x64',
    );
    expect(together.map(({ taught }) => taught)).toEqual([0, 0]);
  });
});
