/** MPCFormer, PUMA and MPCViT on one model and network: what is asked and what is answered. Browser-safe. */
import type { ComparedRun } from './compare-run.ts';
import type { RunSpec } from './run-spec.ts';
import type { Median, Provenance } from './run-view.ts';

/** A trained text model with labels, and the image model that takes all three methods. */
export const sideSubjects = ['minilm-2l-imdb', 'vit_7_4_32'] as const;
export type SideSubject = (typeof sideSubjects)[number];

export const sideMethods = ['mpcformer', 'puma', 'mpcvit'] as const;
export type SideMethod = (typeof sideMethods)[number];
export const sideMethodNames: Readonly<Record<SideMethod, string>> = {
  mpcformer: 'MPCFormer',
  puma: 'PUMA',
  mpcvit: 'MPCViT',
};

/** Each method on the protocol of its paper, or all of them on one. */
export const sideSets = ['own', 'same'] as const;
export type SideSet = (typeof sideSets)[number];

export interface SideEntry {
  readonly method: SideMethod;
  readonly set: SideSet;
  /** Null where the method cannot be had on this model; `obstacle` says why. */
  readonly spec: RunSpec | null;
  readonly obstacle: string | null;
  /** In own words: what of the method is run. */
  readonly words: string;
  /** Newest finished run of this installation. */
  readonly own: ComparedRun | null;
  /** Newest that came with Parley; never in one statistic with `own`. */
  readonly shipped: ComparedRun | null;
  /** Waits or runs now. */
  readonly underway: string | null;
  /** The newest attempt, if it failed after the newest finished run. It fills nothing. */
  readonly failed: { readonly runId: string; readonly reason: string | null } | null;
  /** Of the whole run, ms; null where it cannot be run here. */
  readonly wallMs: number | null;
}

export interface SideBySide {
  readonly subject: SideSubject;
  readonly title: string;
  readonly network: RunSpec['network'];
  /** Samples behind an accuracy; null where weights are random. */
  readonly samples: number | null;
  readonly entries: readonly SideEntry[];
}

export interface TimedRun {
  readonly run: ComparedRun;
  /** What its time is: measured on a link as asked for, or replayed on it; null: it has none. */
  readonly time: Provenance | null;
}

const single = (value: number, n: number): Median => ({
  median: value,
  n,
  low: null,
  high: null,
  min: value,
  max: value,
});

/** The run with the time that may be shown, by the rule of the papers' cells: see `cell-values.ts`. */
export function timedRun(run: ComparedRun): TimedRun {
  const { headline, linkVerdict, spec } = run;
  if (headline === null || linkVerdict === 'met') return { run, time: run.provenance };
  const replayed = headline.replayed ?? null;
  if (replayed === null) return { run, time: null };
  const { onlineMs, n } = replayed;
  const batch = Math.min(spec.measurement.batchSize, spec.dataset.samples);
  return {
    run: {
      ...run,
      headline: {
        ...headline,
        onlineMs: single(onlineMs, n),
        onlineMsPerSample: single(onlineMs / batch, n),
      },
    },
    time: 'replayed',
  };
}
