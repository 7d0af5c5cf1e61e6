/**
 * The blob folder: files that runs leave (traces, the full run, logs), beside the database.
 *
 * A blob is written beside its place and renamed, so that a full disk or a killed worker leaves no
 * half file under a final name; the database row with its SHA-256 is written last.
 */
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataFolder } from '../db/data-folder.ts';
import type { Database } from '../db/client.ts';
import { RunError } from './errors.ts';
import { sha256 } from './spec-hash.ts';

const blobFolder = (): string => join(dataFolder(), 'blobs');

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

/**
 * A run's artifact as a stream, for downloads.
 * @throws RunError 'notFound' when the run has no artifact of this name
 */
export async function openArtifact(
  db: Database,
  runId: string,
  name: string,
): Promise<{ stream: ReturnType<typeof createReadStream>; bytes: number; sha256: string }> {
  const row = await db.artifact.findUnique({ where: { runId_name: { runId, name } } });
  if (row === null) throw new RunError('notFound', `run ${runId} has no artifact "${name}".`);
  const stream = createReadStream(join(blobFolder(), row.path));
  return { stream, bytes: Number(row.bytes), sha256: row.sha256 };
}
