/** Reads a spec named on the command line: a file, or a preset by its id. */
import { readFile } from 'node:fs/promises';
import { RunError } from '../runs/errors.ts';
import { listPresets, specOfText } from '../runs/presets.ts';

/** What the command line changes in the spec of a file. */
export interface SpecChanges {
  readonly samples?: number;
  readonly repeats?: number;
}

const presetMark = 'preset:';

async function readNamed(file: string): Promise<unknown> {
  if (file.startsWith(presetMark)) {
    const id = file.slice(presetMark.length);
    const presets = await listPresets();
    const preset = presets.find((candidate) => candidate.id === id);
    if (preset !== undefined) return preset.spec;
    const known = presets.map((candidate) => candidate.id).join(', ');
    throw new RunError('notFound', `there is no preset "${id}"; there are ${known}.`);
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunError('invalid', `${file}: cannot be read (${String(error)}).`);
  });
  return specOfText(text, file);
}

const objectAt = (spec: object, key: string): object => {
  const value: unknown = (spec as Record<string, unknown>)[key];
  return typeof value === 'object' && value !== null ? value : {};
};

/**
 * The spec in a file (or `preset:ID`), with other numbers where asked.
 * @throws RunError 'invalid' when the file cannot be read or is not JSON, 'notFound' for a preset
 */
export async function readSpecFile(file: string, changes: SpecChanges = {}): Promise<unknown> {
  const spec = await readNamed(file);
  if (typeof spec !== 'object' || spec === null) return spec;
  const { samples, repeats } = changes;
  return {
    ...spec,
    ...(samples === undefined ? {} : { dataset: { ...objectAt(spec, 'dataset'), samples } }),
    ...(repeats === undefined
      ? {}
      : { measurement: { ...objectAt(spec, 'measurement'), repeats } }),
  };
}
