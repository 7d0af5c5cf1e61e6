/**
 * Replay against reality: real runs over the emulated link, each beside the replay of its own recording
 * at the same network. README.md says how to read the table.
 *
 *   node benchmarks/network/replay.ts [--resume] [--only L1] [spec file ...]
 *   node benchmarks/network/replay.ts --quick [--only L1] [spec file ...]     prints, writes nothing
 *
 * Every row is put into results/replay.json as soon as it is there, in place of the one of the same run
 * and network. `--resume` leaves out those that were measured here in the last twelve hours.
 * Two comparisons a row. "run": all roles of the run on this machine, against a replay with this
 * machine's cores. "stand-in": the same frames between processes that sleep for the recorded CPU time
 * instead of computing, so that they need no core and are as good as separate machines; against a
 * replay with a core for each. Where a dealer takes part, its offline phase is compared as the run is.
 */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { NetworkSpec } from '../../server/api/schemas/network-spec.ts';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { correlationsOf } from '../../server/engine/execute.ts';
import { headerBytes } from '../../server/network/frame.ts';
import { replay } from '../../server/network/replay/replay.ts';
import { residualOf } from '../../server/network/replay/residual.ts';
import type { LaunchResult } from '../../server/runs/launch-types.ts';
import { launch } from '../../server/runs/launcher.ts';
import { linkChoiceOfSpec, linkOfSpec } from '../../server/runs/link-of-spec.ts';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { sessionOf } from '../../server/runs/session-of-spec.ts';
import { recordedInferences } from '../../server/runs/store-replay.ts';
import { standIn } from './stand-in.ts';

const specFolder = fileURLToPath(new URL('../specs/', import.meta.url));
const resultFile = fileURLToPath(new URL('../results/replay.json', import.meta.url));
const usualSpecs = [
  'fast2pc-minilm2-imdb-lan.json',
  'crypten-minilm2-imdb-lan.json',
  'vit-cifar-semi2k-wan.json',
  'bert-base-32-fast2pc-lan.json',
  'fast3pc-minilm2-imdb-lan.json',
  'puma-minilm2-imdb-lan.json',
];

/** A preset holds a spec beside its title. */
const presetSchema = z.object({ spec: z.unknown() });

const network = (name: string, bitsPerSecond: number, rttMs: number): NetworkSpec => ({
  name,
  backend: 'inline',
  bitsPerSecond,
  rttMs,
  topology: 'pair',
});
/** The three of the issue, by the names of their families. */
const networks = [network('L1', 1e9, 0.5), network('W2', 400e6, 40), network('W1', 100e6, 80)];

interface Row {
  /** ISO 8601. */
  readonly takenAt: string;
  /** Runnable processes, mean of the last minute. */
  readonly load: number;
  readonly spec: string;
  readonly variant: string;
  readonly network: string;
  readonly parties: number;
  readonly n: number;
  readonly measuredMs: number;
  readonly replayedMs: number;
  readonly error: number;
  readonly standInMs: number;
  readonly ownMachinesMs: number;
  readonly standInError: number;
  readonly lateShare: number;
  readonly wakeMs: number;
  readonly foreignCpuShare: number | null;
  readonly events: number;
  /** Of the slowest party: its computing by the clock of the wall, and by that of its thread. */
  readonly computeWallMs: number;
  readonly computeCpuMs: number;
  readonly offlineMs: number | null;
  readonly offlineReplayedMs: number | null;
  readonly offlineError: number | null;
}

/** One sample, as often as needed for a median without the first. */
function shortened(file: string, link: NetworkSpec, quick: boolean): RunSpec {
  const path = file.includes('/') ? file : join(specFolder, file);
  const { spec: written } = presetSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const spec = runSpecSchema.parse(written);
  return {
    ...spec,
    dataset: { ...spec.dataset, samples: 1 },
    // Images have one length.
    sequenceLength: quick && spec.dataset.id.startsWith('imdb') ? 16 : spec.sequenceLength,
    network: link,
    measurement: { batchSize: 1, repeats: quick ? 2 : 4 },
  };
}

async function compare(file: string, link: NetworkSpec, quick: boolean): Promise<Row> {
  const spec = shortened(file, link, quick);
  const plan = planOfSpec(spec, await modelConfigOf(spec.model));
  const batchSizes = batchSizesOf(spec.dataset.samples, spec.measurement.batchSize);
  const { repeats } = spec.measurement;
  const folder = mkdtempSync(join(tmpdir(), 'parley-replay-'));
  try {
    const result = await launch({
      session: sessionOf(spec, plan, batchSizes),
      owner: {
        model: spec.model,
        dataset: spec.dataset,
        batchSize: spec.measurement.batchSize,
        repeats,
        dataFolder: folder,
      },
      folder: join(folder),
      signal: new AbortController().signal,
      onStage: async () => {},
    });
    const startFrame = correlationsOf(plan) === 'dealer';
    const inferences = recordedInferences(result, { batchSizes, repeats }, startFrame);
    const [first] = inferences;
    if (first === undefined) throw new Error('nothing was recorded');
    const choice = linkChoiceOfSpec(spec.network);
    const residual = residualOf(inferences, choice, availableParallelism());
    const dealt = inferences.flatMap(({ offline }) => offline ?? []);
    const offline = dealt.length === 0 ? null : residualOf(dealt, choice, availableParallelism());
    const stood = await standIn(first.recording, linkOfSpec(spec.network), quick ? 1 : 3);
    const own = replay(first.recording, { link: choice, cores: Infinity }).latencyMs;
    const counters = result.parties.flatMap((party) => party.counters);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    return {
      takenAt: new Date().toISOString(),
      load: loadavg()[0] ?? Number.NaN,
      spec: basename(file, '.json'),
      variant: spec.protocol.variant,
      network: link.name,
      parties: result.parties.length,
      n: residual.n,
      measuredMs: residual.measuredMs,
      replayedMs: residual.replayedMs,
      error: residual.share,
      standInMs: stood,
      ownMachinesMs: own,
      standInError: (own - stood) / stood,
      lateShare:
        sum(counters.map(({ framesLate }) => framesLate)) /
        sum(counters.map(({ framesReceived }) => framesReceived)),
      wakeMs: first.recording.wakeMs,
      foreignCpuShare: result.certificate.before.host.foreignCpuShare,
      events: sum(first.recording.roles.map(({ kind }) => kind.length)),
      ...computeOf(result, first.index),
      offlineMs: offline?.measuredMs ?? null,
      offlineReplayedMs: offline?.replayedMs ?? null,
      offlineError: offline?.share ?? null,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a thread's clock does not count while it computes: others on its core, and waits for helpers. */
function computeOf(
  { parties }: LaunchResult,
  inference: number,
): Pick<Row, 'computeWallMs' | 'computeCpuMs'> {
  const all = parties.map(({ traces }) => {
    const { rows = [], timeline } = traces[inference + 1] ?? {};
    const wall = rows.filter(({ phase }) => phase === 'online').map(({ computeMs }) => computeMs);
    const cpuUs = timeline?.cpuUs ?? new Uint32Array(0);
    return {
      computeWallMs: wall.reduce((a, b) => a + b, 0),
      computeCpuMs: cpuUs.reduce((a, b) => a + b, 0) / 1000,
    };
  });
  const slowest = all.toSorted((a, b) => b.computeWallMs - a.computeWallMs)[0];
  return slowest ?? { computeWallMs: Number.NaN, computeCpuMs: Number.NaN };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const columns = [
  'run',
  'parties',
  'network',
  'n',
  'measured ms',
  'replayed ms',
  'error',
  'stand-in ms',
  'own machines ms',
  'error',
  'offline ms',
  'error',
  'late',
  'computing wall/CPU ms',
  'others’ CPU',
] as const;

function printRow(row: Row): void {
  const cells = [
    row.spec,
    row.parties,
    row.network,
    row.n,
    row.measuredMs.toFixed(0),
    row.replayedMs.toFixed(0),
    percent(row.error),
    row.standInMs.toFixed(0),
    row.ownMachinesMs.toFixed(0),
    percent(row.standInError),
    row.offlineMs?.toFixed(0) ?? '-',
    row.offlineError === null ? '-' : percent(row.offlineError),
    percent(row.lateShare),
    `${row.computeWallMs.toFixed(0)}/${row.computeCpuMs.toFixed(0)}`,
    row.foreignCpuShare === null ? 'unknown' : percent(row.foreignCpuShare),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

/** Rows from before they had a time of their own count as old. */
const storedSchema = z.object({
  rows: z.array(
    z.looseObject({ spec: z.string(), network: z.string(), takenAt: z.string().optional() }),
  ),
});
type StoredRow = z.infer<typeof storedSchema>['rows'][number];

function readStored(): StoredRow[] {
  if (!existsSync(resultFile)) return [];
  return storedSchema.parse(JSON.parse(readFileSync(resultFile, 'utf8'))).rows;
}

/** In the order of `usualSpecs` and `networks`; others come last. */
function storeRow(row: Row): void {
  const others = readStored().filter(
    ({ spec, network: name }) => spec !== row.spec || name !== row.network,
  );
  const placeOf = (list: readonly string[], name: string): number =>
    list.includes(name) ? list.indexOf(name) : list.length;
  const specs = usualSpecs.map((file) => basename(file, '.json'));
  const names = networks.map(({ name }) => name);
  const rows = [...others, row as unknown as StoredRow].toSorted(
    (a, b) =>
      placeOf(specs, a.spec) - placeOf(specs, b.spec) ||
      placeOf(names, a.network) - placeOf(names, b.network),
  );
  const host = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, kernel: release() };
  const result = { takenAt: row.takenAt, host, headerBytes, rows };
  writeFileSync(`${resultFile}.part`, `${JSON.stringify(result, null, 2)}\n`);
  renameSync(`${resultFile}.part`, resultFile);
}

const freshMs = 12 * 3600 * 1000;

const isFresh = (spec: string, link: NetworkSpec): boolean =>
  readStored().some(
    (row) =>
      row.spec === spec &&
      row.network === link.name &&
      Date.now() - Date.parse(row.takenAt ?? '1970-01-01') < freshMs,
  );

async function main(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick');
  const resume = args.includes('--resume');
  const onlyAt = args.indexOf('--only');
  const only = onlyAt === -1 ? undefined : args[onlyAt + 1];
  const files = args.filter(
    (arg, i) => !arg.startsWith('--') && (onlyAt === -1 || i !== onlyAt + 1),
  );
  const shown = networks.filter(({ name }) => only === undefined || name === only);
  if (shown.length === 0) {
    const names = networks.map(({ name }) => name).join(', ');
    throw new Error(`--only is '${only ?? ''}', allowed: ${names}`);
  }
  console.log(`| ${columns.join(' | ')} |`);
  console.log(`|${columns.map(() => '---').join('|')}|`);
  for (const file of files.length > 0 ? files : usualSpecs) {
    for (const link of shown) {
      if (resume && isFresh(basename(file, '.json'), link)) continue;
      const row = await compare(file, link, quick);
      printRow(row);
      if (!quick) storeRow(row);
    }
  }
}

await main(process.argv.slice(2));
