/**
 * What stands in the way of comparing runs: each mismatch as one sentence, and which claims it rules
 * out. A verdict never goes past them. Browser-safe.
 */
import { hasNumbers, type NamedRun } from './compare-run.ts';
import { formatDuration } from './format.ts';
import { settingsOf, warningWords } from './spec-settings.ts';
import { changedSettings, mixtureNote, variantName } from './spec-steps.ts';
import {
  privacyWarnings,
  randomWeightsNote,
  uniformWeightsNote,
  warningsOf,
  weightsNote,
} from './warnings.ts';

export type MismatchKind =
  | 'machine'
  | 'origin'
  | 'commit'
  | 'work'
  | 'samples'
  | 'batch'
  | 'imported'
  | 'network'
  | 'link'
  | 'mixed'
  | 'custom'
  | 'privacy'
  | 'random'
  | 'single';

export interface Mismatch {
  readonly kind: MismatchKind;
  readonly text: string;
  readonly tone: 'warn' | 'bad';
}

/** Mismatches under which no latency is called better than another. */
export const spoilsTime: readonly MismatchKind[] = [
  'machine',
  'origin',
  'imported',
  'work',
  'batch',
  'network',
  'link',
  'single',
];
/** Mismatches under which accuracies, or bytes and rounds, are of different tasks. */
export const spoilsAccuracy: readonly MismatchKind[] = ['imported', 'work', 'samples'];
export const spoilsBytes: readonly MismatchKind[] = ['imported', 'work'];

const and = (words: readonly string[]): string => {
  const shown = words.length > 4 ? [...words.slice(0, 3), `${words.length - 3} more`] : words;
  return shown.length < 2
    ? (shown[0] ?? '')
    : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
};

/** Settings that make another task of a run, by their field in the spec. */
const workFields: readonly string[] = [
  'model',
  'dataset.id',
  'sequenceLength',
  'measurement.batchSize',
];

const unknown = 'a machine that it does not name';

/** What another task, other samples or another network rules out. */
const consequences = {
  work: 'their costs per batch and accuracies',
  samples: 'their accuracies',
  network: 'their latencies',
} as const;

/** Every mismatch among these runs, the gravest first. */
export function mismatchesOf(runs: readonly NamedRun[]): readonly Mismatch[] {
  const found: Mismatch[] = [];
  const add = (kind: MismatchKind, text: string, tone: Mismatch['tone'] = 'warn'): void =>
    void found.push({ kind, text, tone });
  const named = (test: (run: NamedRun) => boolean): string =>
    and(runs.filter(test).map(({ name }) => name));
  const values = (of: (run: NamedRun) => string): readonly string[] => [...new Set(runs.map(of))];
  const several = runs.length > 1;

  const open = ({ run: { spec } }: NamedRun) => privacyWarnings(warningsOf(spec));
  if (runs.some((run) => open(run).length > 0)) {
    const words = and([...new Set(runs.flatMap(open))].map((warning) => warningWords[warning]));
    add(
      'privacy',
      `${named((run) => open(run).length > 0)} gave up privacy (${words}): its costs are no costs of a private run.`,
      'bad',
    );
  }
  if (several) {
    const differing = settingNames(runs);
    // A run of fewer samples than its batch size has a smaller batch.
    const batches = values(({ run: { spec } }) =>
      String(Math.min(spec.measurement.batchSize, spec.dataset.samples)),
    );
    const work = workFields.flatMap((field) => differing.get(field) ?? []);
    const others = [
      ...work,
      ...['dataset.samples', 'network'].flatMap((f) => differing.get(f) ?? []),
    ];
    if (others.length > 0) {
      const kind =
        work.length > 0 ? 'work' : differing.has('dataset.samples') ? 'samples' : 'network';
      add(
        kind,
        `These runs also differ in ${and(others.map((name) => name.toLowerCase()))}: ${consequences[kind]} do not compare one to one.${kind === 'samples' && batches.length === 1 ? ' Times and bytes per sample do.' : ''}`,
      );
      if (kind !== 'samples' && differing.has('dataset.samples')) {
        add('samples', 'Accuracies are over other samples, so they are not paired.');
      }
      if (kind !== 'network' && differing.has('network')) {
        add('network', 'Latencies are those of different networks.');
      }
    }
    if (batches.length > 1 && !differing.has('measurement.batchSize')) {
      add(
        'batch',
        `Too few samples to fill a batch: batches hold ${and(batches)}, and a larger one shares its round trips among more samples.`,
      );
    }
    const machines = values(({ run }) => run.machine ?? unknown);
    if (machines.length > 1) {
      add(
        'machine',
        `Measured on different machines (${and(machines)}): no latency here is called better than another.`,
      );
    } else if (machines[0] === unknown) {
      add(
        'machine',
        'The runs do not say which machine they were measured on: no latency here is called better than another.',
      );
    }
    if (values(({ run }) => `${run.provenance} ${run.shipped}`).length > 1) {
      const classes = values(({ run }) =>
        run.shipped ? `${run.provenance}, shipped` : `${run.provenance} here`,
      );
      add(
        'origin',
        `The numbers are of different classes (${and(classes)}); they stand side by side and are never averaged.`,
      );
    }
    const commits = values(({ run }) => run.commit ?? 'not recorded');
    if (commits.length > 1) {
      add(
        'commit',
        `Measured with different engine commits (${and(commits)}): the engine may have changed as well.`,
      );
    }
    const functions =
      differing.has('approximations.gelu') || differing.has('approximations.softmax');
    if (differing.has('protocol.variant') && functions) {
      add(
        'mixed',
        'Protocol and functions differ at once: a difference in cost is that of both together. To compare protocols, hold GELU and softmax fixed.',
      );
    }
  }
  const unmet = ({ run }: NamedRun): boolean => run.linkVerdict === 'not met';
  if (runs.some(unmet)) {
    add(
      'link',
      `Link not met in ${named(unmet)}: the emulated network was not what was asked for, so these latencies are not those of that network.`,
    );
  }
  const imported = ({ run }: NamedRun): boolean => run.headline === null && hasNumbers(run);
  if (runs.some(imported)) {
    add(
      'imported',
      `${named(imported)}: numbers are those of an imported file, as it gives them. Nothing of them was counted or repeated here, so no order is claimed.`,
    );
  }
  const custom = ({ run }: NamedRun): boolean => changedSettings(run.spec.protocol).length > 0;
  if (runs.some(custom)) {
    const names = [
      ...new Set(runs.filter(custom).map(({ run }) => variantName(run.spec.protocol))),
    ];
    add('custom', `Custom variant in ${named(custom)}: ${and(names)}. ${mixtureNote}`);
  }
  for (const note of [randomWeightsNote, uniformWeightsNote]) {
    const marked = ({ run }: NamedRun): boolean => weightsNote(run.spec) === note;
    if (runs.some(marked)) add('random', `${named(marked)}: ${note}.`);
  }
  const single = ({ run }: NamedRun): boolean => run.headline?.onlineMs.n === 1;
  if (runs.some(single)) {
    const once = runs
      .filter(single)
      .map(({ run }) => formatDuration(run.headline?.onlineMs.median ?? 0));
    add(
      'single',
      `Timed once (n = 1), without interval: ${named(single)} (${and(once)} per batch).`,
    );
  }
  return found;
}

/** Fields of settings that differ, with the name of each. */
function settingNames(runs: readonly NamedRun[]): ReadonlyMap<string, string> {
  const lists = runs.map(({ run }) => settingsOf(run.spec));
  return new Map(
    (lists[0] ?? []).flatMap(({ field, name }, index) =>
      new Set(lists.map((list) => list[index]?.value)).size > 1 ? [[field, name] as const] : [],
    ),
  );
}
