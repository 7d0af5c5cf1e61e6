/**
 * The file of shipped runs: what their pages show, gzipped JSON, with the recording of the median inference
 * where a run was given one to ship. Other files of a run and words of the data set are left out: the first
 * are large, the second are not ours to copy.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { runSpecSchema, type RunSpec } from '../api/schemas/run-spec.ts';
import type { RunDetail } from '../api/schemas/run-view.ts';
import type { ReplayFile } from '../network/replay/replay-file.ts';
import { RunError } from '../runs/errors.ts';
import { repositoryRoot } from '../zoo/root.ts';

export interface DemoRepeat {
  readonly repeat: number;
  readonly batch: number;
  readonly size: number;
  readonly onlineMs: number;
  readonly offlineMs: number;
  readonly rounds: number;
  readonly onlineBytes: number;
  readonly offlineBytes: number;
}

export interface DemoRun {
  readonly run: RunDetail;
  readonly repeats: readonly DemoRepeat[];
  /** Of its median inference, for what-ifs and timelines. */
  readonly replay?: ReplayFile;
}

export interface DemoFile {
  readonly version: 1;
  /** Where and with what all of them were measured. */
  readonly machine: string;
  readonly commit: string;
  readonly runs: readonly DemoRun[];
}

export const demoPath = (): string =>
  join(repositoryRoot(), 'benchmarks', 'results', 'demo-runs.json.gz');

/** The runs behind the papers' cells, in a file of the same form. */
export const paperRunsPath = (): string =>
  join(repositoryRoot(), 'benchmarks', 'results', 'paper-runs.json.gz');

/** Only what is relied on when it is read; the rest was written by this very program. */
const fileSchema = z.object({
  version: z.literal(1),
  machine: z.string(),
  commit: z.string(),
  runs: z.array(
    z.object({
      run: z.looseObject({ id: z.string().min(1).max(40), spec: z.looseObject({}) }),
      repeats: z.array(z.looseObject({ repeat: z.number(), batch: z.number() })),
      replay: z.looseObject({ version: z.literal(1) }).optional(),
    }),
  ),
});

/**
 * Null where the file is not there: then nothing ships.
 * @throws RunError 'invalid' for one that cannot be read
 */
export async function readDemo(path = demoPath()): Promise<DemoFile | null> {
  const packed = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (packed === null) return null;
  try {
    const text = (await promisify(gunzip)(packed)).toString('utf8');
    const parsed = fileSchema.parse(JSON.parse(text));
    return parsed as unknown as DemoFile;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RunError('invalid', `${path} is no file of demo runs: ${why}`);
  }
}

const stripped = ({ run, repeats, replay }: DemoRun): DemoRun => ({
  run: {
    ...run,
    samples: run.samples.map((sample) => ({ ...sample, excerpt: '' })),
    artifacts: [],
  },
  repeats,
  ...(replay === undefined ? {} : { replay }),
});

/** Writes the runs, in the order given. Returns its bytes. */
export async function writeDemo(file: DemoFile, path = demoPath()): Promise<number> {
  const text = JSON.stringify({ ...file, runs: file.runs.map(stripped) });
  const packed = await promisify(gzip)(text, { level: 9 });
  await writeFile(path, packed);
  return packed.byteLength;
}

/** The spec of a shipped run, or null where this version no longer takes it. */
export function specOfDemo({ run }: DemoRun): RunSpec | null {
  const parsed = runSpecSchema.safeParse(run.spec);
  return parsed.success ? parsed.data : null;
}
