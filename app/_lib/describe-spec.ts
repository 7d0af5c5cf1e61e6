/** A spec in words: its short name, and every setting by name for tables and diffs. */
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { formatLink, plural } from './format.ts';

const pairNames: Readonly<Record<string, string>> = {
  'puma/puma': 'PUMA',
  'quad/2quad': 'Quad + 2Quad',
  'tanh-series/series': 'Exact (series)',
};

const geluNames: Readonly<Record<string, string>> = {
  puma: 'PUMA',
  quad: 'Quad',
  'tanh-series': 'tanh by series',
};

const softmaxNames: Readonly<Record<string, string>> = {
  puma: 'PUMA',
  '2quad': '2Quad',
  series: 'exp by series',
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

/** "16 reviews of imdb, 3 parties (replicated/aby3), LAN 5 Gbit/s, 1 ms RTT". */
export function specSentence(spec: RunSpec): string {
  return `${plural(spec.dataset.samples, 'review')} of ${spec.dataset.id}, up to ${spec.sequenceLength} wordpieces each, by ${spec.protocol.variant} over ${spec.network.name} (${formatLink(spec.network)})`;
}

export interface Setting {
  readonly field: string;
  readonly name: string;
  readonly value: string;
}

export function settingsOf(spec: RunSpec): readonly Setting[] {
  return [
    { field: 'model', name: 'Model', value: spec.model },
    { field: 'dataset.id', name: 'Data set', value: spec.dataset.id },
    { field: 'dataset.samples', name: 'Reviews', value: String(spec.dataset.samples) },
    { field: 'sequenceLength', name: 'Wordpieces', value: String(spec.sequenceLength) },
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
      name: 'Reviews per batch',
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
        if (setting.field === 'dataset.samples') return plural(spec.dataset.samples, 'review');
        return `${setting.name.toLowerCase()} ${setting.value}`;
      }),
    ].join(', '),
  );
  return names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name)
      ? name
      : `${name} (${names.slice(0, index + 1).filter((other) => other === name).length})`,
  );
}
