/**
 * Presets: the spec files of benchmarks/specs/, which the Run page offers and `parley run FILE` takes.
 * A file is `{title, description, source, spec}`, or a bare spec.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { hasRandomWeights, runSpecSchema, type RunSpec } from '../api/schemas/run-spec.ts';
import { repositoryRoot } from '../zoo/root.ts';
import { RunError } from './errors.ts';
import { hashSpec } from './spec-hash.ts';

/** The preset that a fresh installation proves itself with, and that the Run page starts from. */
export const defaultPresetId = 'puma-minilm2-imdb-lan';

const presetSchema = z.object({
  title: z.string().min(1),
  description: z.string(),
  source: z.string().nullable(),
  spec: runSpecSchema,
});

export type Preset = z.infer<typeof presetSchema> & { readonly id: string };

const folder = (): string => join(repositoryRoot(), 'benchmarks', 'specs');

/**
 * Reads the spec out of a file's text, a preset's or a bare one, without judging it against the zoo.
 * @throws RunError 'invalid' when the text is not JSON
 */
export function specOfText(text: string, file: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new RunError('invalid', `${file} is not JSON: ${String(error)}.`);
  }
  if (typeof parsed === 'object' && parsed !== null && 'spec' in parsed) return parsed.spec;
  return parsed;
}

/** Every preset: the default one first, those with random weights last, else by file name. */
export async function listPresets(): Promise<Preset[]> {
  const files = (await readdir(folder())).filter((name) => name.endsWith('.json')).sort();
  const presets = await Promise.all(
    files.map(async (name) => {
      const path = join(folder(), name);
      const result = presetSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
      if (!result.success) {
        throw new RunError('invalid', `${path}: ${z.prettifyError(result.error)}`);
      }
      return { id: basename(name, '.json'), ...result.data };
    }),
  );
  const rank = ({ id, spec }: Preset) =>
    id === defaultPresetId ? 0 : hasRandomWeights(spec) ? 2 : 1;
  return presets.sort((a, b) => rank(a) - rank(b));
}

/** The spec that every installation runs first: the default preset, cut down to four samples. */
export async function firstStartSpec(): Promise<RunSpec> {
  const preset = (await listPresets()).find(({ id }) => id === defaultPresetId);
  if (preset === undefined) throw new RunError('notFound', `no preset ${defaultPresetId}.`);
  return { ...preset.spec, dataset: { ...preset.spec.dataset, samples: 4 } };
}

/**
 * Spec hash of a preset.
 * @throws RunError 'notFound'
 */
export async function specHashOfPreset(id: string): Promise<string> {
  const preset = (await listPresets()).find((candidate) => candidate.id === id);
  if (preset === undefined) throw new RunError('notFound', `there is no preset "${id}".`);
  return hashSpec(preset.spec).hash;
}
