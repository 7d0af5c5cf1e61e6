/**
 * One claimed run from its row to its end state. Whatever happens inside ends in the row: a sentence
 * and the partial trace for a failure, rows and files for a success. Only the loss of the claim ends
 * here without a word, because the run is somebody else's then.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Connection, Prisma } from '../db/client.ts';
import { dataFolder, sharedFolder } from '../db/data-folder.ts';
import { correlationsOf } from '../engine/execute.ts';
import { EngineError } from '../engine/errors.ts';
import { modelOf } from '../engine/models/registry.ts';
import type { Plan } from '../engine/plan.ts';
import { ZooError } from '../zoo/errors.ts';
import { writeArtifact } from './artifacts.ts';
import { claimStock, type ClaimedStock } from './dealt-stock.ts';
import { certifyRun } from './certify-run.ts';
import { readEnvironment } from './environment.ts';
import { RunError } from './errors.ts';
import { appendEvent, plainEvent } from './events.ts';
import { loadIdentity } from './hosts/identity.ts';
import { placeRoles, readPartyHosts } from './hosts/placement.ts';
import { RunHosts } from './hosts/run-hosts.ts';
import { LaunchError, type LaunchOptions, type Stage } from './launch-types.ts';
import { launch } from './launcher.ts';
import { advance, endRun, releaseRun, type Claim } from './lifecycle.ts';
import { figureColumns } from './listing-columns.ts';
import { batchSizesOf, planOfSpec } from './plan-of-spec.ts';
import { costsByBatch, predictFullBatch, predictionOf, totalBytesOf } from './prediction.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { lengthsOfSpec } from './public-lengths.ts';
import { termsOf } from './role-main.ts';
import { measuredRolesOf, roleFileName, rolesOf } from './roles.ts';
import { modelConfigOf } from './run-models.ts';
import { RunWatch, type RunOrder } from './run-watch.ts';
import { scoreRun, type RunShape } from './score-run.ts';
import { sessionOf, type SessionOptions } from './session-of-spec.ts';
import { withReplayed } from './replayed-places.ts';
import { storeReplay } from './store-replay.ts';
import {
  resultColumns,
  storeCertificate,
  storeLogs,
  storePartial,
  storeRows,
  storeTraces,
} from './store-result.ts';
import { readDetail } from './views.ts';

export interface ExecuteOptions {
  /** Aborts when the worker is to stop: the run goes back into the queue. */
  readonly stop: AbortSignal;
  /** Tests only. */
  readonly launch?: Pick<LaunchOptions, 'entries' | 'limits'>;
}

/** How a claimed run ended here. `released` = it waits in the queue again. */
export type RunOutcome = 'done' | 'failed' | 'cancelled' | 'released' | 'lostClaim';

/** A sentence for people from whatever was thrown. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'The disk of the data folder is full; free some space and run it again.';
  }
  const known =
    error instanceof LaunchError ||
    error instanceof EngineError ||
    error instanceof ZooError ||
    error instanceof RunError;
  if (known) return error.message;
  return `Something went wrong inside Parley: ${error instanceof Error ? error.message : String(error)}`;
}

/** A stock that was dealt ahead for just this session; null where there is none. */
function claimDealt(session: SessionOptions, folder: string): ClaimedStock | null {
  const usesDealer = correlationsOf(session.plan) === 'dealer' && session.insecureSeed === null;
  return usesDealer ? claimStock(dataFolder(), termsOf(session), folder) : null;
}

/** Other hosts for the computing roles, where an administrator named some and no link is to be imposed. */
async function hostsOf(spec: RunSpec, plan: Plan): Promise<RunHosts | null> {
  const named = spec.network.backend === 'none' ? readPartyHosts() : [];
  if (named.length === 0) return null;
  return new RunHosts(placeRoles(measuredRolesOf(plan), named), await loadIdentity(dataFolder()));
}

/** The run itself; throws for everything that is not a success. */
async function perform(
  { db }: Connection,
  claim: Claim,
  spec: RunSpec,
  folder: string,
  signal: AbortSignal,
  test: ExecuteOptions['launch'],
): Promise<void> {
  const { runId } = claim;
  const config = await modelConfigOf(spec.model);
  const plan = planOfSpec(spec, config);
  const { batchSize, repeats } = spec.measurement;
  const batchSizes = batchSizesOf(spec.dataset.samples, batchSize);
  const lengths = await lengthsOfSpec(spec);
  const cost = await predictFullBatch(spec, config);
  const costs = await costsByBatch(plan, batchSizes, lengths);
  const totalBytes = repeats * costs.reduce((sum, one) => sum + totalBytesOf(one), 0);
  const reporter = new ProgressReporter(totalBytes, repeats * batchSizes.length, (body) =>
    appendEvent(db, runId, body).catch((error: unknown) => {
      console.error(`run ${runId}: progress not written: ${String(error)}`);
    }),
  );
  const prediction = predictionOf(cost) as unknown as Prisma.InputJsonValue;
  await db.run.updateMany({ where: { id: runId, claimId: claim.claimId }, data: { prediction } });

  const onStage = async (stage: Stage): Promise<void> => {
    if (stage.name === 'linkCheck') await advance(db, claim, 'preparing');
    if (stage.name === 'running') {
      const { certificate } = stage;
      await storeCertificate(db, runId, certificate);
      const { verdict, reasons } = certificate;
      const message = verdict === 'met' ? 'Link as asked.' : `Link not met. ${reasons.join(' ')}`;
      await appendEvent(db, runId, plainEvent('linkCheck', 'linkCheck', message));
      await advance(db, claim, 'linkCheck');
    }
    if (stage.name === 'scoring') await advance(db, claim, 'running');
    reporter.stage(stage.name);
  };
  const session = sessionOf(spec, plan, batchSizes, lengths);
  const hosts = await hostsOf(spec, plan);
  // What was dealt ahead lies here, and parties elsewhere could not read it.
  const dealt = hosts === null ? claimDealt(session, folder) : null;
  if (hosts !== null) {
    const places = Object.entries(hosts.facts).map(([name, at]) => `${name}: ${String(at)}`);
    await appendEvent(db, runId, plainEvent('log', 'preparing', `${places.join('; ')}.`));
  }
  if (dealt !== null) {
    const message = `Correlations were dealt ahead, ${dealt.createdAt}; offline times are of then.`;
    await appendEvent(db, runId, plainEvent('log', 'preparing', message));
  }
  try {
    const result = await launch({
      ...test,
      ...(dealt === null ? { session } : { session: { ...session, attendance: 'dealt' }, dealt }),
      owner: {
        model: spec.model,
        dataset: spec.dataset,
        batchSize,
        repeats,
        dataFolder: sharedFolder(),
      },
      folder,
      ...(hosts === null ? {} : { hosts }),
      signal,
      onStage,
      onProgress: (role, progress) => reporter.role(role, progress),
      onScoring: (done, of) => reporter.scoring(done, of),
    });
    await reporter.close();
    const { parties, dealer } = result;
    // Before anything is judged: a run that fails here can still be looked into.
    const roles = dealer === null ? parties : [...parties, dealer];
    await storeTraces(db, runId, roles);
    await certifyRun(db, runId, result.certificate, roles);
    const model = modelOf(plan);
    const shape: RunShape = {
      batchSizes,
      ...(lengths === undefined ? {} : { lengths }),
      repeats,
      correlations: correlationsOf(plan),
      outputShape: (size) => model.outputShape(size),
      wordBytes: plan.ring.bits / 8,
      timingOnly: plan.weights === 'uniform',
    };
    const measured = scoreRun(result, shape, cost, costs);
    const startFrame = shape.correlations === 'dealer' && dealt === null;
    const replayOf = { shape, network: spec.network, startFrame };
    const replayed = await storeReplay(db, runId, result, replayOf).catch(
      async (error: unknown) => {
        // The run is as good without it; whoever looks for its replay reads why there is none.
        if (!(error instanceof EngineError)) throw error;
        await appendEvent(db, runId, plainEvent('log', 'scoring', `No replay: ${error.message}`));
        return null;
      },
    );
    const scored = {
      ...measured,
      headline: { ...measured.headline, replayed: replayed?.latency ?? null },
      operations: withReplayed(measured.operations, replayed?.places ?? new Map()),
    };
    const environment = await readEnvironment(result.kernels);
    await db.$transaction((tx) => storeRows(tx, runId, scored), { timeout: 60_000 });
    const columns = resultColumns(scored, result.labels);
    const full = { ...(await readDetail(db, runId)), ...columns, environment };
    const text = JSON.stringify({ ...full, state: 'done', inferences: scored.inferences });
    await writeArtifact(db, runId, 'run.json', text);
    const figures = figureColumns(scored.headline);
    await advance(db, claim, 'scoring', { ...columns, ...figures, environment });
  } finally {
    await reporter.close();
  }
}

/** Writes the end of a run that did not succeed, trying again while the database is away. */
async function conclude(body: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await body();
      return;
    } catch (error) {
      if (error instanceof RunError || attempt === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    }
  }
}

/** Executes a claimed run to an end state, or gives it back. Never throws for what the run does. */
export async function executeRun(
  connection: Connection,
  claim: Claim,
  options: ExecuteOptions,
): Promise<RunOutcome> {
  const { db } = connection;
  const { runId } = claim;
  const folder = join(dataFolder(), 'runs', `${runId}-${claim.attempt}-${process.pid}`);
  const watch = new RunWatch(connection, claim, options.stop);
  let error: unknown;
  let logs: string[] = [];
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const row = await db.run.findUniqueOrThrow({
      where: { id: runId },
      include: { spec: { select: { canonical: true } } },
    });
    const spec = JSON.parse(row.spec.canonical) as RunSpec;
    logs = rolesOf(spec.protocol).map((role) => `${roleFileName(role)}.log`);
    await perform(connection, claim, spec, folder, watch.abort.signal, options.launch);
    return 'done';
  } catch (thrown) {
    error = thrown;
  } finally {
    await storeLogs(db, runId, folder, logs).catch((e: unknown) => console.error(String(e)));
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    watch.dispose();
  }
  if (error instanceof RunError && error.kind === 'lostClaim') return 'lostClaim';
  if (watch.order === 'lost') return 'lostClaim';
  if (error instanceof LaunchError) {
    // A run that goes back into the queue will leave its own files.
    const released = watch.order === 'stop' || watch.order === 'yield';
    if (!released)
      await storePartial(db, runId, error.partial).catch((e: unknown) => console.error(String(e)));
  } else {
    console.error(`run ${runId}:`, error);
  }
  try {
    return await end(connection, claim, watch.order, error);
  } catch (failure) {
    if (failure instanceof RunError && failure.kind === 'lostClaim') return 'lostClaim';
    throw failure;
  }
}

async function end(
  { db }: Connection,
  claim: Claim,
  order: RunOrder,
  error: unknown,
): Promise<RunOutcome> {
  if (order === 'stop' || order === 'yield') {
    const why = order === 'stop' ? 'The worker is stopping.' : 'Makes room for another run.';
    await conclude(() => releaseRun(db, claim, why));
    return 'released';
  }
  if (order === 'cancel') {
    await conclude(() => endRun(db, claim, 'cancelled', 'Cancelled while it was running.'));
    return 'cancelled';
  }
  await conclude(() => endRun(db, claim, 'failed', reasonOf(error)));
  return 'failed';
}
