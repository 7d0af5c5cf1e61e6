/**
 * Whether a spec can be run here, before it costs anybody anything: its form (zod), then its choices
 * against the zoo. Every refusal names the field, the value and what to do.
 */
import type { z } from 'zod';
import { runSpecSchema, type RunSpec } from '../api/schemas/run-spec.ts';
import { EngineError } from '../engine/errors.ts';
import { checkLink } from '../network/link.ts';
import { embedded, requireKnown } from '../zoo/embedded-files.ts';
import { readModelConfig, type TextModelConfig } from '../zoo/model-config.ts';
import { listDatasets, listModels } from '../zoo/registry.ts';
import { RunError, specIssue, type SpecIssue } from './errors.ts';
import { linkOfSpec } from './link-of-spec.ts';

/**
 * Config of an embedded model, without its weights.
 * @throws ZooError 'range' for an unknown id
 */
export async function modelConfigOf(id: string): Promise<TextModelConfig> {
  await requireKnown('models', id);
  return readModelConfig(embedded('models', id, 'config.json'));
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );

/** What to do about a form error, in the words of its kind. */
function fixFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `Remove ${issue.keys.join(', ')}.`;
  if (issue.code === 'invalid_value') {
    return `Use ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}.`;
  }
  if (issue.code === 'too_small') return `Use at least ${issue.minimum}.`;
  if (issue.code === 'too_big') return `Use at most ${issue.maximum}.`;
  if (issue.code === 'custom' && typeof issue.params?.['fix'] === 'string') {
    return issue.params['fix'];
  }
  if (issue.code === 'invalid_type') return `Give a value of type ${issue.expected}.`;
  return 'Compare with a file in benchmarks/specs/.';
}

function formIssues(input: unknown, error: z.ZodError): SpecIssue[] {
  return error.issues.map((issue) => {
    const field = issue.path.join('.') || 'spec';
    const problem = issue.message
      .replace(/^Invalid input: /, '')
      .replace(/^[A-Z]/, (first) => first.toLowerCase());
    return specIssue(field, valueAt(input, issue.path), problem, fixFor(issue));
  });
}

/** Choices that are well formed but cannot be had together, or not here. */
async function choiceIssues(spec: RunSpec): Promise<SpecIssue[]> {
  const issues: SpecIssue[] = [];
  const [models, datasets] = await Promise.all([listModels(), listDatasets()]);
  const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id).join(' or ');
  const model = models.find(({ id }) => id === spec.model);
  const dataset = datasets.find(({ id }) => id === spec.dataset.id);
  if (model === undefined) {
    issues.push(
      specIssue('model', spec.model, 'no model of this name is here', `Use ${ids(models)}.`),
    );
  }
  if (dataset === undefined) {
    const fix = `Use ${ids(datasets)}.`;
    issues.push(specIssue('dataset.id', spec.dataset.id, 'no data set of this name is here', fix));
  } else if (spec.dataset.samples > dataset.size) {
    const problem = `${dataset.id} has ${dataset.size} samples`;
    const fix = `Use at most ${dataset.size}.`;
    issues.push(specIssue('dataset.samples', spec.dataset.samples, problem, fix));
  }
  const config = model === undefined ? undefined : await modelConfigOf(model.id);
  if (model !== undefined && dataset !== undefined && config !== undefined) {
    const kinds: readonly string[] = [model.kind, dataset.kind];
    const sameKind = kinds[0] === kinds[1];
    if (!sameKind || config.labels.length !== dataset.labels.length) {
      const what = `${model.id} reads ${model.kind} with ${config.labels.length} labels, ${dataset.id} is ${dataset.kind} with ${dataset.labels.length}`;
      const fitting = datasets.filter(
        ({ kind, labels }) => kind === model.kind && labels.length === config.labels.length,
      );
      issues.push(
        specIssue('dataset.id', dataset.id, what, `Use ${ids(fitting)}, or another model.`),
      );
    }
  }
  if (config !== undefined && spec.sequenceLength > config.maxLength) {
    const problem = `${spec.model} was made for at most ${config.maxLength} wordpieces`;
    const fix = `Use at most ${config.maxLength}.`;
    issues.push(specIssue('sequenceLength', spec.sequenceLength, problem, fix));
  }
  try {
    checkLink(linkOfSpec(spec.network));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const field = /\brttMs\b/.test(error.message) ? 'rttMs' : 'bitsPerSecond';
    issues.push(
      specIssue(`network.${field}`, spec.network[field], error.message, 'Use a link profile.'),
    );
  }
  return issues;
}

export type CheckedSpec =
  | { readonly spec: RunSpec; readonly issues: readonly [] }
  | { readonly spec: RunSpec | null; readonly issues: readonly [SpecIssue, ...SpecIssue[]] };

/** Judges anything that claims to be a spec; never throws on its content. */
export async function checkSpec(input: unknown): Promise<CheckedSpec> {
  const parsed = runSpecSchema.safeParse(input);
  if (!parsed.success) {
    const [first, ...rest] = formIssues(input, parsed.error);
    const unknown = specIssue('spec', input, 'is not a spec', 'See benchmarks/specs/.');
    return { spec: null, issues: [first ?? unknown, ...rest] };
  }
  const spec = parsed.data;
  const [first, ...rest] = await choiceIssues(spec);
  return first === undefined ? { spec, issues: [] } : { spec, issues: [first, ...rest] };
}

/**
 * The spec, if it can be run here.
 * @throws RunError 'invalid' with every issue found; its message is the first ones' sentences
 */
export async function requireSpec(input: unknown): Promise<RunSpec> {
  const { spec, issues } = await checkSpec(input);
  if (spec !== null && issues.length === 0) return spec;
  const sentences = issues.slice(0, 5).map(({ message }) => message);
  throw new RunError('invalid', sentences.join(' '), issues);
}
