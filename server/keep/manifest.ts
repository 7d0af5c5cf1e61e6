/** What a backup's manifest.json says: every file with its hash, and which schema the rows are of. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KeepError } from './errors.ts';

export const manifestName = 'manifest.json';

/** Below the backup's or the data folder: no way out of it. */
const relativePath = z
  .string()
  .min(1)
  .max(400)
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'leaves the folder');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.object({
  version: z.literal(1),
  /** Of Parley, when it was made. */
  parley: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** Applied migrations, in their order: the schema that the rows are of. */
  migrations: z.array(z.string()).min(1),
  /** In an order in which rows may be put back. `sha256` is of the rows' text before it is packed. */
  tables: z.array(
    z.object({
      table: z.string().regex(/^[a-z_]+$/),
      rows: z.number().int().nonnegative(),
      sha256,
      file: relativePath,
    }),
  ),
  /** Copies out of the data folder, at the same place below `files/`. */
  files: z.array(z.object({ path: relativePath, bytes: z.number().int().nonnegative(), sha256 })),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type TableEntry = Manifest['tables'][number];
export type FileEntry = Manifest['files'][number];

/** @throws KeepError where there is no manifest, or one that this version cannot read */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new KeepError(
      `${folder} is no whole backup: it has no ${manifestName}, which is written last. Make it again with "parley backup FOLDER".`,
    );
  });
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new KeepError(`${path} cannot be read: ${why}`, { cause: error });
  }
}
