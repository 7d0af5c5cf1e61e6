/** Reads a spec file from the command line. */
import { readFile } from 'node:fs/promises';
import { RunError } from '../runs/errors.ts';
import { specOfText } from '../runs/presets.ts';

/**
 * The spec in a file, with another number of samples where asked.
 * @throws RunError 'invalid' when the file cannot be read or is not JSON
 */
export async function readSpecFile(file: string, samples?: number): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunError('invalid', `${file}: cannot be read (${String(error)}).`);
  });
  const spec = specOfText(text, file);
  if (samples === undefined || typeof spec !== 'object' || spec === null) return spec;
  const dataset = 'dataset' in spec && typeof spec.dataset === 'object' ? spec.dataset : {};
  return { ...spec, dataset: { ...dataset, samples } };
}
