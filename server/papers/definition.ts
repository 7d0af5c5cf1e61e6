/** A paper's tables as they are written down here: what is printed, and how each cell is made. */
import type {
  CellIncludes,
  CellUnit,
  Confidence,
  MetricClass,
  MissingPart,
  PaperAssumptions,
  PaperHeading,
  PaperSlug,
  ReasonId,
} from '../api/schemas/papers.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Plan } from '../engine/plan.ts';

/** What is read off a run. */
export type Reading =
  | { readonly kind: 'onlineSeconds' }
  | { readonly kind: 'secureAccuracy' }
  /** Seconds of every place whose path holds the words: all of it, or the waiting alone. */
  | { readonly kind: 'placeSeconds'; readonly place: string; readonly part: 'all' | 'wait' };

/** How predicted bytes become the printed number. */
export interface Counting {
  readonly what: 'bytes' | 'rounds';
  /** `all`: sum over parties; `party`: their mean; `dealer` adds what the dealer sends. */
  readonly of: 'all' | 'party' | 'allAndDealer';
  /** Bytes of one printed unit. */
  readonly unitBytes: number;
  /** Only operations at places that hold these words. */
  readonly place?: string;
}

export type RecipeDefinition =
  | { readonly kind: 'run'; readonly spec: RunSpec; readonly reading: Reading }
  | {
      readonly kind: 'prediction';
      /** One for each pass. */
      readonly plans: readonly Plan[];
      readonly counting: Counting;
      /** Whose run shows that predictions of this family are exact. */
      readonly familySpec: RunSpec | null;
    }
  /** The one's value over the other's: of two cells, or of two runs' online seconds. */
  | {
      readonly kind: 'ratio';
      readonly over: string | RunSpec;
      readonly under: string | RunSpec;
    }
  | {
      readonly kind: 'missing';
      readonly missing: readonly MissingPart[];
      /** Runs as soon as model and data of these ids are in the zoo. */
      readonly spec: RunSpec | null;
      /** Presets whose runs stand at Parley's own scale for it. */
      readonly ownScale: readonly { readonly words: string; readonly preset: string }[];
    };

export interface CellDefinition {
  readonly row: string;
  readonly column: string;
  readonly printed: string;
  readonly reported: number | null;
  readonly unit: CellUnit;
  readonly metric: MetricClass;
  readonly includes: CellIncludes;
  readonly source: string;
  readonly confidence: Confidence;
  readonly notes: readonly string[];
  readonly recipe: RecipeDefinition;
  /** Seconds are compared as ratio to this cell of the table; null where there is none. */
  readonly reference: string | null;
  /** What is known beforehand of a difference. */
  readonly difference: { readonly reason: ReasonId; readonly words: string } | null;
}

export interface TableDefinition {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly rows: readonly PaperHeading[];
  readonly columns: readonly PaperHeading[];
  readonly cells: readonly CellDefinition[];
}

export interface PaperDefinition {
  readonly slug: PaperSlug;
  readonly title: string;
  readonly authors: string;
  readonly venue: string;
  readonly arxiv: string;
  readonly about: string;
  readonly parties: number;
  readonly assumptions: PaperAssumptions;
  readonly tables: readonly TableDefinition[];
}

/** Whether a recipe says how its cell is made, or what is missing for it. */
export function isRecipe(recipe: RecipeDefinition): boolean {
  if (recipe.kind === 'prediction') return recipe.plans.length > 0;
  return recipe.kind !== 'missing' || recipe.missing.length > 0;
}

/** For numbers that are no bytes. */
export const noBytes: CellIncludes = {
  scope: null,
  direction: null,
  phase: null,
  dealer: null,
  prefix: null,
};

const classOf = (unit: CellUnit): MetricClass => {
  if (unit === 'GB' || unit === 'MB' || unit === 'rounds') return 'exact';
  return unit === 's' || unit === 'x' ? 'machine' : 'statistical';
};

type CellParts = Pick<CellDefinition, 'row' | 'column' | 'unit' | 'source' | 'recipe'> & {
  readonly printed: string;
} & Partial<CellDefinition>;

/** A cell with what is usual left out: verified, no notes, no bytes, its class by its unit. */
export const cell = (parts: CellParts): CellDefinition => ({
  reported: Number(parts.printed.replace('<', '').replace('>', '')),
  metric: classOf(parts.unit),
  includes: noBytes,
  confidence: 'verified',
  notes: [],
  reference: null,
  difference: null,
  ...parts,
});

/** A heading out of group and title. */
export const heading = (id: string, title: string, group: string | null = null): PaperHeading => ({
  id,
  title,
  group,
});

/** Id of a cell over all papers. */
export const cellIdOf = (
  paper: PaperSlug,
  table: string,
  { row, column }: Pick<CellDefinition, 'row' | 'column'>,
): string => `${paper}.${table}.${row}.${column}`;

export const weights = (hubId: string | null, words: string): MissingPart => ({
  kind: 'weights',
  hubId,
  words,
});
export const data = (hubId: string | null, words: string): MissingPart => ({
  kind: 'data',
  hubId,
  words,
});
export const lacking = (kind: 'function' | 'setting', words: string): MissingPart => ({
  kind,
  hubId: null,
  words,
});
