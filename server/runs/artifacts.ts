/**
 * The blob folder: files that runs leave (traces, the full run, logs), beside the database.
 *
 * A blob is written beside its place and renamed, so that a full disk or a killed worker leaves no
 * half file under a final name; the database row with its SHA-256 is written last.
 */
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mostTextBytes } from '../api/schemas/artifact-names.ts';
import { sharedFolder } from '../db/data-folder.ts';
import type { Database } from '../db/client.ts';
import { RunError } from './errors.ts';
import { sha256 } from './spec-hash.ts';

const blobFolder = (): string => join(sharedFolder(), 'blobs');

const safeName = /^[a-z0-9][a-z0-9.-]{0,80}$/;

/**
 * Stores one artifact of a run under `name`; a second write of the same name replaces the first.
 * @throws the file system's error (ENOSPC, EACCES) when the disk is full or refuses
 */
export async function writeArtifact(
  db: Database,
  runId: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  if (!safeName.test(name)) throw new Error(`artifact name "${name}" is not a plain file name`);
  const path = `runs/${runId}/${name}`;
  const file = join(blobFolder(), path);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.part`;
  try {
    await writeFile(draft, content);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const bytes = BigInt(Buffer.byteLength(content));
  const row = { sha256: sha256(content), bytes, path };
  await db.artifact.upsert({
    where: { runId_name: { runId, name } },
    create: { runId, name, ...row },
    update: row,
  });
}

async function findArtifact(
  db: Database,
  runId: string,
  name: string,
): Promise<{ file: string; bytes: number; sha256: string }> {
  const row = await db.artifact.findUnique({ where: { runId_name: { runId, name } } });
  if (row === null) throw new RunError('notFound', `run ${runId} has no artifact "${name}".`);
  const { path, bytes, sha256 } = row;
  return { file: join(blobFolder(), path), bytes: Number(bytes), sha256 };
}

/**
 * A run's artifact as a stream.
 * @throws RunError 'notFound' when the run has no artifact of this name
 */
export async function openArtifact(
  db: Database,
  runId: string,
  name: string,
): Promise<{ stream: ReturnType<typeof createReadStream>; bytes: number; sha256: string }> {
  const { file, bytes, sha256 } = await findArtifact(db, runId, name);
  return { stream: createReadStream(file), bytes, sha256 };
}

const mediaTypes: Readonly<Record<string, string>> = { '.json': 'application/json' };

/** A file of a run as a browser gets it. */
export interface ArtifactText {
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

/**
 * A run's artifact as text, for downloads.
 * @throws RunError 'notFound' when the run has no artifact of this name or its file is gone, 'tooLarge'
 *   beyond 20 MB
 */
export async function readArtifact(
  db: Database,
  runId: string,
  name: string,
): Promise<ArtifactText> {
  const { file, bytes } = await findArtifact(db, runId, name);
  if (bytes > mostTextBytes) {
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    const where = `fetch it from /api/files/${runId}/${name}`;
    throw new RunError(
      'tooLarge',
      `the file ${name} has ${size}, more than can be read in one piece; ${where}.`,
    );
  }
  const content = await readFile(file).catch((error: unknown) => {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!gone) throw error;
    throw new RunError(
      'notFound',
      `the file ${name} of run ${runId} is gone from the data folder.`,
    );
  });
  // A packed file is handed out unpacked, under its name without the ending.
  const packed = name.endsWith('.gz');
  const plainName = packed ? name.slice(0, -'.gz'.length) : name;
  const text = (packed ? gunzipSync(content) : content).toString('utf8');
  return { name: plainName, mediaType: mediaTypes[extname(plainName)] ?? 'text/plain', text };
}
