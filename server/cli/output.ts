/** Where a command's answer goes: a file, or stdout. */
import { writeFile } from 'node:fs/promises';
import { RunError } from '../runs/errors.ts';

/** @throws RunError 'invalid' for a file that cannot be written */
export async function writeOut(body: string | Uint8Array, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(body);
    if (typeof body === 'string' && !body.endsWith('\n')) process.stdout.write('\n');
    return;
  }
  await writeFile(file, body).catch((error: unknown) => {
    throw new RunError('invalid', `--output ${file}: cannot be written (${String(error)}).`);
  });
  process.stderr.write(`  wrote ${file}\n`);
}
