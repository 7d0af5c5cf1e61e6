/** MPCFormer, PUMA and MPCViT on one model and network: what is asked and what is answered. Browser-safe. */
import type { ComparedRun } from './compare-run.ts';
import type { RunSpec } from './run-spec.ts';

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
