/**
 * Whole models: how long one inference takes from shared inputs to the revealed output, all roles on
 * this machine, beside what is to be reached and what was published. README.md says how to read it.
 *
 *   node benchmarks/speed/run.ts [--write] [spec name ...]
 *
 * `--write` puts every row into results/speed.json as soon as it is there.
 */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Headline } from '../../server/api/schemas/run-view.ts';
import { formatColumns } from '../../server/cli/costs/columns.ts';
import { correlationsOf } from '../../server/engine/execute.ts';
import { modelOf } from '../../server/engine/models/registry.ts';
import { residualOf } from '../../server/network/replay/residual.ts';
import { readEnvironment } from '../../server/runs/environment.ts';
import { launch } from '../../server/runs/launcher.ts';
import { linkChoiceOfSpec } from '../../server/runs/link-of-spec.ts';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { predictFullBatch } from '../../server/runs/prediction.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { scoreRun, type RunShape } from '../../server/runs/score-run.ts';
import { sessionOf } from '../../server/runs/session-of-spec.ts';
import { recordedInferences } from '../../server/runs/store-replay.ts';
import { ratiosOf } from './ratios.ts';
import { rowName, targets, type Target } from './targets.ts';

const specFolder = join(import.meta.dirname, '..', 'specs');
const resultFile = join(import.meta.dirname, '..', 'results', 'speed.json');
const presetSchema = z.object({ spec: z.unknown() });

interface Row {
  /** Name of the row, most often its spec's. */
  readonly spec: string;
  readonly variant: string;
  /** Timed inferences; all times are medians over them. */
  readonly n: number;
  readonly setupMs: number;
  readonly offlineMs: number;
  readonly onlineMs: number;
  /** Online, with a machine for each party. */
  readonly replayedMs: number;
  readonly lateShare: number;
  /** Payload of the party that sends most, online; the dealer's, offline. */
  readonly bytesSent: number;
  readonly dealerBytes: number;
  readonly rounds: number;
  readonly peakRssBytes: number;
  /** Largest |secure - clear| over all outputs; null where weights are uniform. */
  readonly maxOutputError: number | null;
  readonly target: Target;
  /** ISO 8601, and runnable processes as a mean of the last minute. */
  readonly takenAt: string;
  readonly load: number;
  readonly environment: Readonly<Record<string, string>>;
}

function readSpec({ spec: name, repeats, batch = 1 }: Target): RunSpec {
  const { spec } = presetSchema.parse(
    JSON.parse(readFileSync(join(specFolder, `${name}.json`), 'utf8')),
  );
  const asked = runSpecSchema.parse(spec);
  return {
    ...asked,
    dataset: { ...asked.dataset, samples: batch },
    measurement: { batchSize: batch, repeats },
  };
}

async function measure(target: Target): Promise<Row> {
  const spec = readSpec(target);
  const { batchSize, repeats } = spec.measurement;
  const config = await modelConfigOf(spec.model);
  const plan = planOfSpec(spec, config);
  const cost = await predictFullBatch(spec, config);
  const batchSizes = batchSizesOf(spec.dataset.samples, batchSize);
  const correlations = correlationsOf(plan);
  const model = modelOf(plan);
  const shape: RunShape = {
    batchSizes,
    repeats,
    correlations,
    outputShape: (size) => model.outputShape(size),
    wordBytes: plan.ring.bits / 8,
    timingOnly: plan.weights === 'uniform',
  };
  const folder = mkdtempSync(join(tmpdir(), 'parley-speed-'));
  try {
    const result = await launch({
      session: sessionOf(spec, plan, batchSizes),
      owner: { model: spec.model, dataset: spec.dataset, batchSize, repeats, dataFolder: folder },
      folder,
      signal: new AbortController().signal,
      onStage: async () => {},
    });
    const { headline } = scoreRun(result, shape, cost);
    const inferences = recordedInferences(result, shape, correlations === 'dealer');
    const replayed = residualOf(inferences, linkChoiceOfSpec(spec.network), Infinity);
    const traces = result.parties.flatMap((party) => party.traces);
    return {
      spec: rowName(target),
      variant: spec.protocol.variant,
      n: replayed.n,
      setupMs: setupMsOf(result.parties.map((party) => party.traces[0])),
      offlineMs: headline.offlineMs.median,
      onlineMs: headline.onlineMs.median,
      replayedMs: replayed.replayedMs,
      lateShare: lateShareOf(result.parties.flatMap((party) => party.counters)),
      ...costsOf(headline),
      peakRssBytes: Math.max(...traces.map(({ peakRssBytes }) => peakRssBytes)),
      maxOutputError: headline.maxLogitError.protocol,
      target,
      takenAt: new Date().toISOString(),
      load: loadavg()[0] ?? Number.NaN,
      environment: await readEnvironment(result.kernels),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const costsOf = ({ onlineBytesSent, dealerBytes, rounds }: Headline) => ({
  bytesSent: Math.max(...onlineBytesSent),
  dealerBytes,
  rounds,
});

/** Sharing and masking of the weights, once a session: from the first party's start to the last's end. */
function setupMsOf(
  setups: readonly ({ readonly startedAtMs: number; readonly endedAtMs: number } | undefined)[],
): number {
  const known = setups.flatMap((setup) => setup ?? []);
  const start = Math.min(...known.map(({ startedAtMs }) => startedAtMs));
  return Math.max(...known.map(({ endedAtMs }) => endedAtMs)) - start;
}

function lateShareOf(
  counters: readonly { readonly framesLate: number; readonly framesReceived: number }[],
): number {
  const late = counters.reduce((sum, { framesLate }) => sum + framesLate, 0);
  return late / counters.reduce((sum, { framesReceived }) => sum + framesReceived, 0);
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

/** "reached", or by how much it was missed. */
function verdict({ target, onlineMs, replayedMs }: Row): string {
  const pairs = [
    [target.onlineMs, onlineMs],
    [target.replayedMs, replayedMs],
  ] as const;
  const said = pairs.flatMap(([most, took]) =>
    most === undefined
      ? []
      : [
          took <= most
            ? `${seconds(took)} <= ${seconds(most)}`
            : `missed, x${(took / most).toFixed(2)}`,
        ],
  );
  return said.length === 0 ? '-' : said.join('; ');
}

function print(rows: readonly Row[]): void {
  const names = [
    'spec',
    'n',
    'setup s',
    'offline s',
    'online s',
    'replayed s',
    'late',
    'MB sent',
    'MB dealt',
    'rounds',
    'peak MB',
    'error',
    'target',
    'reported s',
  ];
  const lines = rows.map((row) => [
    row.spec,
    String(row.n),
    seconds(row.setupMs),
    seconds(row.offlineMs),
    seconds(row.onlineMs),
    seconds(row.replayedMs),
    `${(100 * row.lateShare).toFixed(1)} %`,
    (row.bytesSent / 1e6).toFixed(1),
    (row.dealerBytes / 1e6).toFixed(1),
    String(row.rounds),
    (row.peakRssBytes / 1e6).toFixed(0),
    row.maxOutputError?.toExponential(1) ?? 'timing only',
    verdict(row),
    row.target.reported === undefined ? '-' : seconds(row.target.reported.ms),
  ]);
  console.log(formatColumns(names, lines));
}

const storedSchema = z.object({ rows: z.array(z.looseObject({ spec: z.string() })) });

const storedRows = (): z.infer<typeof storedSchema>['rows'] =>
  existsSync(resultFile)
    ? storedSchema.parse(JSON.parse(readFileSync(resultFile, 'utf8'))).rows
    : [];

/** In the order of `targets`; a row takes the place of the one before. */
function store(row: Row): void {
  const order = targets.map(rowName);
  const rows = [...storedRows().filter(({ spec }) => spec !== row.spec), row].toSorted(
    (a, b) => order.indexOf(a.spec) - order.indexOf(b.spec),
  );
  writeFileSync(`${resultFile}.part`, `${JSON.stringify({ rows }, null, 1)}\n`);
  renameSync(`${resultFile}.part`, resultFile);
}

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const known = targets.map(rowName);
const unknown = positionals.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`'${unknown}' is no spec of this benchmark; it knows ${known.join(', ')}`);
  process.exitCode = 2;
} else {
  const rows: Row[] = [];
  for (const target of targets) {
    if (positionals.length > 0 && !positionals.includes(rowName(target))) continue;
    const row = await measure(target);
    console.error(`${rowName(target)}: online ${seconds(row.onlineMs)} s`);
    if (values.write) store(row);
    rows.push(row);
  }
  print(rows);
  const ratios = ratiosOf(rows, storedRows());
  if (ratios.length > 0) console.log(`\n${ratios.join('\n')}`);
}
