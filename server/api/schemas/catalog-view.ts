/** What can be chosen for a run, as pages, CLI and REST list it. Browser-safe plain types. */
import type { NetworkMatrix } from './network-spec.ts';
import type { RunSpec } from './run-spec.ts';
import type { Correlations } from './run-view.ts';
import type { HeadKindId } from './spec-ids.ts';
import type { RunWarning } from './warnings.ts';

export interface CatalogEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Paper or page; null for our own. */
  readonly source: string | null;
}

export interface Catalog {
  readonly models: readonly (CatalogEntry & {
    readonly kind: 'text' | 'image';
    /** Only the shape is the published one: latency and cost, never an accuracy. */
    readonly randomWeights: boolean;
    /** Fewest and most tokens of a sample; the same for models of images. */
    readonly minLength: number;
    readonly maxLength: number;
    /** By logit; empty where weights are random. */
    readonly labels: readonly string[];
    readonly datasets: readonly string[];
    readonly reportedAccuracy: { readonly value: number; readonly n: number } | null;
    readonly layers: number;
    readonly heads: number;
    /** Whether it has LayerNorms, for which a spec may name another function. */
    readonly layerNorm?: boolean;
    /** Whether texts are padded, so that a spec may make their lengths public. */
    readonly padded?: boolean;
    /** The kind of every head, by layer, where heads can be of different kinds; else null. */
    readonly headKinds: readonly (readonly HeadKindId[])[] | null;
    /** Functions that its weights were made for, in place of the exact ones; absent: the exact ones. */
    readonly madeFor?: { readonly gelu?: string; readonly softmax?: string };
  })[];
  readonly datasets: readonly (CatalogEntry & {
    /** `any`: made to fit whatever the model reads. */
    readonly kind: 'text' | 'image' | 'any';
    readonly samples: number;
  })[];
  readonly gelu: readonly CatalogEntry[];
  readonly softmax: readonly CatalogEntry[];
  readonly layerNorm: readonly CatalogEntry[];
  readonly protocols: readonly (CatalogEntry & {
    readonly parties: number;
    /** Whether somebody has to deal correlated randomness: then a spec may name `correlations`. */
    readonly needsCorrelations: boolean;
    readonly trust: string;
    /** What the system that the variant follows uses. */
    readonly defaultFractionBits: number;
  })[];
  /** Who can deal, by the id that a spec writes; the first is the default. */
  readonly correlations: readonly (CatalogEntry & {
    readonly id: Correlations;
    readonly warning: RunWarning | null;
  })[];
  readonly networks: readonly (CatalogEntry & {
    readonly backend: 'inline' | 'kernel' | 'none';
    readonly bitsPerSecond: number;
    readonly rttMs: number;
    readonly topology: 'pair' | 'nic' | 'shared';
    readonly matrix?: NetworkMatrix;
    /** How sure we are that the source used it. */
    readonly basis: 'reported' | 'inferred' | 'ours' | 'saved';
    readonly tcp?: 'warm' | 'cubic' | 'real';
    readonly overhead?: number;
    /** What goes wrong easily with this setting; null where nothing is known. */
    readonly trap: string | null;
  })[];
  readonly presets: readonly (CatalogEntry & { readonly spec: RunSpec })[];
}
