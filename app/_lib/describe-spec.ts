/** A spec in words: its short name, and every setting by name for tables and diffs. */
import {
  correlationsOfSpec,
  hasRandomWeights,
  type geluIds,
  type RunSpec,
  type softmaxIds,
} from '../../server/api/schemas/run-spec.ts';
import type { RunWarning } from '../../server/api/schemas/warnings.ts';
import { formatLink, plural } from '../../server/api/schemas/format.ts';

type GeluId = (typeof geluIds)[number];
type SoftmaxId = (typeof softmaxIds)[number];

const pairNames: Readonly<Record<string, string>> = {
  'puma/puma': 'PUMA',
  'quad/2quad': 'Quad + 2Quad',
  'tanh-series/series': 'Exact (series)',
};

/** Every id has its short name here: one that lacks it does not compile. */
const geluNames: Readonly<Record<GeluId, string>> = {
  puma: 'PUMA',
  quad: 'Quad',
  'tanh-series': 'tanh by series',
  'quad-shipped': 'Quad as timed',
  'crypten-tanh': 'CrypTen tanh',
  'crypten-erf': 'CrypTen erf, as shipped',
  'crypten-erf-corrected': 'CrypTen erf, corrected',
  'crypten-hardtanh': 'CrypTen Hardtanh',
  'spu-erf': 'SPU erf',
};

const softmaxNames: Readonly<Record<SoftmaxId, string>> = {
  puma: 'PUMA',
  '2quad': '2Quad',
  '2relu': '2ReLU',
  series: 'exp by series',
  crypten: 'CrypTen, as shipped',
  'crypten-no-argmax': 'CrypTen without argmax',
  'crypten-corrected': 'CrypTen, corrected',
  '2quad-shipped': '2Quad as timed',
  '2quad-corrected': '2Quad on CrypTen, corrected',
  '2relu-shipped': '2ReLU as timed',
  '2relu-corrected': '2ReLU on CrypTen, corrected',
  spu: 'SPU',
};

export function approximationName({ gelu, softmax }: RunSpec['approximations']): string {
  return (
    pairNames[`${gelu}/${softmax}`] ??
    `${geluNames[gelu] ?? gelu} GELU + ${softmaxNames[softmax] ?? softmax} softmax`
  );
}

/** "PUMA on minilm-2l-imdb". */
export function runName(spec: RunSpec): string {
  return `${approximationName(spec.approximations)} on ${spec.model}`;
}

const dealtBy = {
  dealer: 'with a dealer',
  insecureFirstParty: 'with an insecure first party',
} as const;

/** What one sample is called: a review, or for random weights an input. */
export const sampleWord = (spec: RunSpec): 'review' | 'input' =>
  hasRandomWeights(spec) ? 'input' : 'review';

/** "16 reviews of imdb, up to 64 wordpieces each, by additive/crypten with a dealer over lan (...)". */
export function specSentence(spec: RunSpec): string {
  const correlations = correlationsOfSpec(spec);
  const dealing = correlations === null ? '' : ` ${dealtBy[correlations]}`;
  const samples = hasRandomWeights(spec)
    ? `${plural(spec.dataset.samples, 'random input')} of ${spec.sequenceLength} tokens each`
    : `${plural(spec.dataset.samples, 'review')} of ${spec.dataset.id}, up to ${spec.sequenceLength} wordpieces each`;
  return `${samples}, by ${spec.protocol.variant}${dealing} over ${spec.network.name} (${formatLink(spec.network)})`;
}

/** For a table's cell; the whole sentence is in the schemas. */
export const warningWords: Readonly<Record<RunWarning, string>> = {
  insecureFirstParty: 'insecure first party',
  insecureSeed: 'insecure seed',
  randomWeights: 'random weights',
};

const correlationsNames = {
  dealer: 'Dealer, a process of its own',
  insecureFirstParty: 'Party 0 itself, insecure',
} as const;

function correlationsName(spec: RunSpec): string {
  const correlations = correlationsOfSpec(spec);
  return correlations === null ? 'none needed' : correlationsNames[correlations];
}

export interface Setting {
  readonly field: string;
  readonly name: string;
  readonly value: string;
}

export function settingsOf(spec: RunSpec): readonly Setting[] {
  const random = hasRandomWeights(spec);
  const samples = random ? 'Inputs' : 'Reviews';
  return [
    { field: 'model', name: 'Model', value: spec.model },
    { field: 'dataset.id', name: 'Data set', value: spec.dataset.id },
    { field: 'dataset.samples', name: samples, value: String(spec.dataset.samples) },
    {
      field: 'sequenceLength',
      name: random ? 'Tokens' : 'Wordpieces',
      value: String(spec.sequenceLength),
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
    { field: 'protocol.variant', name: 'Protocol', value: spec.protocol.variant },
    {
      field: 'protocol.correlations',
      name: 'Correlations',
      value: correlationsName(spec),
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

const fieldNames: Readonly<Record<string, string>> = {
  'protocol.correlations': 'Correlations',
  'protocol.ring.fractionBits': 'Fraction bits',
  'network.bitsPerSecond': 'Rate',
  'network.rttMs': 'RTT',
  'network.name': 'Network name',
  'seed.value': 'Seed',
  'dataset.samples': 'Reviews',
  'dataset.id': 'Data set',
  sequenceLength: 'Wordpieces per review',
  'measurement.batchSize': 'Reviews per batch',
  'measurement.repeats': 'Repeats',
  'approximations.gelu': 'GELU',
  'approximations.softmax': 'Softmax',
  'approximations.silu': 'SiLU',
  'protocol.variant': 'Protocol',
  model: 'Model',
};

/** What the form calls a field of the spec. */
export function fieldName(field: string): string {
  return fieldNames[field] ?? field;
}

/** Names that tell runs apart: the approximations, and what else differs among them. */
export function distinctNames(specs: readonly RunSpec[]): readonly string[] {
  const settings = specs.map(settingsOf);
  const ignored = new Set(['approximations.gelu', 'approximations.softmax']);
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
