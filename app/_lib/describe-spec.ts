/** A spec in words: its short name, and every setting by name for tables and diffs. */
import { correlationsOfSpec, hasRandomWeights } from '../../server/api/schemas/spec-ids.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { approximationName } from '../../server/api/schemas/spec-names.ts';
import { formatLink, plural } from '../../server/api/schemas/format.ts';
import { changedSettings } from '../../server/api/schemas/spec-steps.ts';

import { sampleWord } from '../../server/api/schemas/spec-settings.ts';

export {
  distinctNames,
  sampleWord,
  samplesTitle,
  settingsOf,
  warningWords,
} from '../../server/api/schemas/spec-settings.ts';
export { approximationName };

/** "PUMA on minilm-2l-imdb". */
export function runName(spec: RunSpec): string {
  return `${approximationName(spec.approximations)} on ${spec.model}`;
}

const dealtBy = {
  dealer: 'with a dealer',
  insecureFirstParty: 'with an insecure first party',
} as const;

/** "16 reviews of imdb, up to 64 wordpieces each, by additive/crypten with a dealer over lan (...)". */
export function specSentence(spec: RunSpec): string {
  const correlations = correlationsOfSpec(spec);
  const dealing = correlations === null ? '' : ` ${dealtBy[correlations]}`;
  const samples = hasRandomWeights(spec)
    ? `${plural(spec.dataset.samples, 'random input')} of ${spec.sequenceLength} tokens each`
    : `${plural(spec.dataset.samples, sampleWord(spec))} of ${spec.dataset.id}, up to ${spec.sequenceLength} ${sampleWord(spec) === 'review' ? 'wordpieces' : 'tokens'} each${spec.length === 'public' ? ', their number public' : ''}`;
  const changed = changedSettings(spec.protocol);
  const protocol =
    changed.length === 0
      ? spec.protocol.variant
      : `a custom variant, ${spec.protocol.variant} with ${changed.join(', ')}`;
  return `${samples}, by ${protocol}${dealing} over ${spec.network.name} (${formatLink(spec.network)})`;
}

const fieldNames: Readonly<Record<string, string>> = {
  'protocol.correlations': 'Correlations',
  'protocol.ring.fractionBits': 'Fraction bits',
  'protocol.truncation': 'Truncation',
  'protocol.comparison': 'Comparison circuit',
  'protocol.weights': 'Weights',
  'approximations.layers': 'Layers',
  'approximations.heads': 'Heads',
  sweep: 'Sweep',
  'network.bitsPerSecond': 'Rate',
  'network.rttMs': 'RTT',
  'network.name': 'Network name',
  'network.backend': 'Network backend',
  'network.topology': 'Topology',
  'network.tcp': 'TCP mode',
  'network.overhead': 'Header overhead',
  'network.matrix': 'Matrix of links',
  'seed.value': 'Seed',
  'dataset.samples': 'Reviews',
  'dataset.id': 'Data set',
  sequenceLength: 'Wordpieces per review',
  length: 'Length',
  'measurement.batchSize': 'Reviews per batch',
  'measurement.repeats': 'Repeats',
  'approximations.gelu': 'GELU',
  'approximations.softmax': 'Softmax',
  'approximations.silu': 'SiLU',
  'approximations.layerNorm': 'LayerNorm',
  'protocol.variant': 'Protocol',
  model: 'Model',
};

/** What the form calls a field of the spec. */
export function fieldName(field: string): string {
  return fieldNames[field] ?? field;
}
