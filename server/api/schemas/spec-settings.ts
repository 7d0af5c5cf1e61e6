/** A spec's settings by name, for tables and diffs, and names that tell specs apart. Browser-safe. */
import { formatLink, plural } from './format.ts';
import { correlationsOfSpec, randomDatasetId } from './spec-ids.ts';
import type { RunSpec } from './run-spec.ts';
import { approximationName, geluNames, headsName, layersName, softmaxNames } from './spec-names.ts';
import { stepNames } from './spec-steps.ts';
import type { RunWarning } from './warnings.ts';

/** What one sample is called: an input where weights are random, a review in IMDb, else a sample. */
export const sampleWord = ({
  dataset: { id },
}: {
  readonly dataset: { readonly id: string };
}): SampleWord =>
  id === randomDatasetId ? 'input' : /^imdb(?:-|$)/.test(id) ? 'review' : 'sample';

export type SampleWord = 'review' | 'sample' | 'input';

/** "Reviews", at the head of a field or a table. */
export const samplesTitle = (word: SampleWord): string =>
  `${word.slice(0, 1).toUpperCase()}${word.slice(1)}s`;

const correlationsNames = {
  dealer: 'Dealer, a process of its own',
  insecureFirstParty: 'Party 0 itself, insecure',
} as const;

function correlationsName(spec: RunSpec): string {
  const correlations = correlationsOfSpec(spec);
  return correlations === null ? 'none needed' : correlationsNames[correlations];
}

const stepName = (step: keyof typeof stepNames | undefined): string =>
  step === undefined ? 'the variant’s own' : stepNames[step];

export interface Setting {
  readonly field: string;
  readonly name: string;
  readonly value: string;
}

/** Specs never change, and a comparison asks for the settings of each many times. */
const known = new WeakMap<RunSpec, readonly Setting[]>();

export function settingsOf(spec: RunSpec): readonly Setting[] {
  const found = known.get(spec) ?? readSettings(spec);
  known.set(spec, found);
  return found;
}

function readSettings(spec: RunSpec): readonly Setting[] {
  const word = sampleWord(spec);
  const samples = samplesTitle(word);
  return [
    { field: 'model', name: 'Model', value: spec.model },
    { field: 'dataset.id', name: 'Data set', value: spec.dataset.id },
    { field: 'dataset.samples', name: samples, value: String(spec.dataset.samples) },
    {
      field: 'sequenceLength',
      name: word === 'review' ? 'Wordpieces' : 'Tokens',
      value:
        spec.length === 'public'
          ? `up to ${spec.sequenceLength}, their number public`
          : String(spec.sequenceLength),
    },
    {
      field: 'approximations.gelu',
      name: 'GELU',
      value: geluNames[spec.approximations.gelu] ?? spec.approximations.gelu,
    },
    {
      field: 'approximations.softmax',
      name: 'Softmax',
      value: softmaxNames[spec.approximations.softmax] ?? spec.approximations.softmax,
    },
    {
      field: 'approximations.layerNorm',
      name: 'LayerNorm',
      value: spec.approximations.layerNorm ?? 'exact',
    },
    {
      field: 'approximations.layers',
      name: 'Layers',
      value:
        spec.approximations.layers === undefined
          ? 'all alike'
          : layersName(spec.approximations.layers),
    },
    {
      field: 'approximations.heads',
      name: 'Heads',
      value:
        spec.approximations.heads === undefined
          ? 'the model’s own'
          : headsName(spec.approximations.heads),
    },
    { field: 'protocol.variant', name: 'Protocol', value: spec.protocol.variant },
    {
      field: 'protocol.correlations',
      name: 'Correlations',
      value: correlationsName(spec),
    },
    {
      field: 'protocol.truncation',
      name: 'Truncation',
      value: stepName(spec.protocol.truncation),
    },
    {
      field: 'protocol.comparison',
      name: 'Comparison',
      value: stepName(spec.protocol.comparison),
    },
    {
      field: 'protocol.weights',
      name: 'Weights',
      value: spec.protocol.weights ?? 'shared by their owner',
    },
    {
      field: 'protocol.ring.fractionBits',
      name: 'Ring',
      value: `${spec.protocol.ring.bits} bits, ${spec.protocol.ring.fractionBits} of them fraction`,
    },
    {
      field: 'network',
      name: 'Network',
      value: `${spec.network.name}: ${formatLink(spec.network)}`,
    },
    {
      field: 'measurement.batchSize',
      name: `${samples} per batch`,
      value: String(spec.measurement.batchSize),
    },
    { field: 'measurement.repeats', name: 'Repeats', value: String(spec.measurement.repeats) },
    { field: 'reveal', name: 'Revealed', value: spec.reveal },
    {
      field: 'seed',
      name: 'Seed',
      value: spec.seed.kind === 'random' ? 'random' : `insecure: ${spec.seed.value}`,
    },
  ];
}

/** Names that tell runs apart: the approximations, and what else differs among them. */
export function distinctNames(specs: readonly RunSpec[]): readonly string[] {
  const settings = specs.map(settingsOf);
  const ignored = new Set([
    'approximations.gelu',
    'approximations.softmax',
    'approximations.layers',
    'approximations.heads',
  ]);
  const varying = (settings[0] ?? [])
    .map((_, index) => index)
    .filter((index) => new Set(settings.map((list) => list[index]?.value)).size > 1)
    .filter((index) => !ignored.has(settings[0]?.[index]?.field ?? ''));
  const names = specs.map((spec, run) =>
    [
      approximationName(spec.approximations),
      ...varying.map((index) => {
        const setting = settings[run]?.[index];
        if (setting === undefined) return '';
        if (setting.field === 'network') return spec.network.name;
        if (setting.field === 'dataset.samples')
          return plural(spec.dataset.samples, sampleWord(spec));
        if (setting.field === 'protocol.ring.fractionBits') {
          return `${spec.protocol.ring.fractionBits} fraction bits`;
        }
        if (setting.field === 'protocol.variant') return spec.protocol.variant;
        if (setting.field === 'protocol.correlations') {
          const correlations = correlationsOfSpec(spec);
          return correlations === 'insecureFirstParty' ? 'insecure first party' : '';
        }
        return `${setting.name.toLowerCase()} ${setting.value}`;
      }),
    ]
      .filter((part) => part !== '')
      .join(', '),
  );
  return names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name)
      ? name
      : `${name} (${names.slice(0, index + 1).filter((other) => other === name).length})`,
  );
}

/** For a table's cell; the whole sentence is in the schemas. */
export const warningWords: Readonly<Record<RunWarning, string>> = {
  insecureFirstParty: 'insecure first party',
  insecureSeed: 'insecure seed',
  randomWeights: 'random weights',
  uniformWeights: 'uniform weights',
  publicLength: 'public lengths',
};

/** What tells runs apart best, first. */
const tellingFields: readonly string[] = [
  'protocol.variant',
  'model',
  'network',
  'dataset.samples',
  'sequenceLength',
  'measurement.batchSize',
  'protocol.correlations',
  'protocol.ring.fractionBits',
  'protocol.weights',
  'protocol.truncation',
  'protocol.comparison',
  'approximations.heads',
  'measurement.repeats',
  'seed',
];

function shortSetting(spec: RunSpec, field: string): string {
  const setting = settingsOf(spec).find((one) => one.field === field);
  if (setting === undefined) return '';
  if (field === 'network') return spec.network.name;
  if (field === 'dataset.samples') return plural(spec.dataset.samples, sampleWord(spec));
  if (field === 'protocol.variant' || field === 'model') return setting.value;
  return `${setting.name.toLowerCase()} ${setting.value}`;
}

/**
 * Names as short as they can be and still tell all runs apart: the approximations, then one setting
 * after the other while two runs are called the same; runs of one spec are numbered.
 */
export function comparedNames(specs: readonly RunSpec[]): readonly string[] {
  let names = specs.map(({ approximations }) => approximationName(approximations));
  const different = new Set(specs.map((spec) => JSON.stringify(settingsOf(spec)))).size;
  for (const field of tellingFields) {
    const now = new Set(names).size;
    if (now >= different) break;
    const longer = names.map((name, index) => {
      const spec = specs[index];
      const word = spec === undefined ? '' : shortSetting(spec, field);
      return word === '' ? name : `${name}, ${word}`;
    });
    if (new Set(longer).size > now) names = longer;
  }
  const seen = new Map<string, number>();
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  return names.map((name) => {
    if ((count.get(name) ?? 0) < 2) return name;
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return `${name} (${number})`;
  });
}
