/**
 * Papers as pages, router, command line and exports see them: the printed tables, and beside every cell
 * what this engine gives for it. Browser-safe; built by `server/papers`, at the time of asking.
 */
import type { RunSpec } from './run-spec.ts';
import type { Provenance } from './run-view.ts';

export const paperSlugs = ['mpcformer', 'puma', 'mpcvit'] as const;
export type PaperSlug = (typeof paperSlugs)[number];

export const cellUnits = [
  's',
  'GB',
  'MB',
  'rounds',
  '%',
  'MCC',
  'x',
  'perplexity',
  'index',
] as const;
export type CellUnit = (typeof cellUnits)[number];

/**
 * How a printed number can be compared. `exact`: bytes and rounds, which follow from the protocol.
 * `statistical`: accuracy. `machine`: seconds, of which only the order of methods and the ratios travel
 * from one machine to another.
 */
export const metricClasses = ['exact', 'statistical', 'machine'] as const;
export type MetricClass = (typeof metricClasses)[number];

/** What the printed number includes; `null` where the question makes no sense, 'unknown' where it does. */
export interface CellIncludes {
  readonly scope: 'perParty' | 'total' | 'unknown' | null;
  readonly direction: 'sent' | 'sentAndReceived' | 'unknown' | null;
  readonly phase: 'online' | 'all' | 'unknown' | null;
  readonly dealer: 'included' | 'excluded' | 'none' | 'unknown' | null;
  /** Size of the printed GB or MB. `binary` is 2^30 or 2^20 bytes. */
  readonly prefix: 'decimal' | 'binary' | 'unknown' | null;
}

export const confidences = ['verified', 'derived', 'unverified'] as const;
export type Confidence = (typeof confidences)[number];

export const verdictIds = [
  'reproduced',
  'withinTolerance',
  'differs',
  'predictedOnly',
  'notTestable',
  'notRun',
] as const;
export type VerdictId = (typeof verdictIds)[number];

/** Words of the verdicts, for every page and export. "Re-run in Parley's engine", never more. */
export const verdictWords: Readonly<Record<VerdictId, string>> = {
  reproduced: 'reproduced',
  withinTolerance: 'within tolerance',
  differs: 'differs',
  predictedOnly: 'predicted only',
  notTestable: 'not testable here',
  notRun: 'not run yet',
};

/** Why a number differs: a fixed list, so that reasons can be counted. */
export const reasonIds = [
  'hardware',
  'unitDefinition',
  'dealerExcluded',
  'differentRing',
  'datasetSubset',
  'differentFunction',
  'unknown',
] as const;
export type ReasonId = (typeof reasonIds)[number];
export const reasonWords: Readonly<Record<ReasonId, string>> = {
  hardware: 'other hardware',
  unitDefinition: 'another definition of the unit',
  dealerExcluded: 'the dealer is counted differently',
  differentRing: 'another ring or number of fraction bits',
  datasetSubset: 'another part of the data set',
  differentFunction: 'another function or algorithm at this place',
  unknown: 'unknown',
};

/** Set per metric class before any run; see `server/papers/tolerance.ts`. */
export interface Tolerance {
  readonly class: MetricClass;
  /** Largest |ratio - 1| that is `reproduced`, then `withinTolerance`. */
  readonly reproduced: number;
  readonly within: number;
  /** One sentence for people. */
  readonly words: string;
}

export const recipeKinds = ['run', 'prediction', 'ratio', 'missing'] as const;
export type RecipeKind = (typeof recipeKinds)[number];

/** What is absent, and where it would come from. */
export interface MissingPart {
  readonly kind: 'weights' | 'data' | 'function' | 'setting';
  /** Id on the Hugging Face Hub where there is one. */
  readonly hubId: string | null;
  readonly words: string;
}

/** How the cell is made here. `spec` is what the launcher takes; null where no run stands for it. */
export interface CellRecipe {
  readonly kind: RecipeKind;
  readonly spec: RunSpec | null;
  readonly specHash: string | null;
  /** Pretty JSON of spec or plan, for the side panel. */
  readonly json: string;
  /** What is read off the run or the prediction, in words. */
  readonly reads: string;
  /** `missing`: all that has to be added. Else empty. */
  readonly missing: readonly MissingPart[];
  /** `ratio`: the two cells it divides. Else empty. */
  readonly of: readonly string[];
}

/** Attempts that stand behind a cell and do not fill it. */
export interface CellAttempts {
  readonly queued: number;
  readonly running: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Done, by another engine commit. They fill no cell of now. */
  readonly otherEngine: number;
}

export interface CellValue {
  readonly value: number;
  /** `measured`, `replayed` or `predicted`; never one made of two. */
  readonly provenance: Provenance;
  /** Inferences or samples behind it; null for a prediction. */
  readonly n: number | null;
  /** Range over repeats where there is one. */
  readonly low: number | null;
  readonly high: number | null;
  readonly commit: string | null;
  /** ISO date of the run; null for a prediction, which is made now. */
  readonly at: string | null;
  readonly runId: string | null;
  /** Came with Parley and was measured elsewhere. */
  readonly shipped: boolean;
  /** Verdict of the run's link certificate, `met` or `not met`; null without one. */
  readonly link: string | null;
}

export interface PaperCell {
  /** `paper.table.row.column`, for addresses. */
  readonly id: string;
  readonly row: string;
  readonly column: string;
  /** Null where the paper's table has no number at this place that could be read. */
  readonly reported: number | null;
  /** As printed, trailing zeros included. */
  readonly printed: string;
  readonly unit: CellUnit;
  readonly metric: MetricClass;
  readonly includes: CellIncludes;
  readonly source: string;
  readonly confidence: Confidence;
  readonly notes: readonly string[];
  readonly tolerance: Tolerance;
  readonly recipeKind: RecipeKind;
  readonly result: CellValue | null;
  /** The same run's replayed time beside the measured one; null where there is none. */
  readonly second: CellValue | null;
  /** `exact` cells: a run of the same family whose bytes and rounds were as predicted; its id. */
  readonly verifiedBy: string | null;
  readonly attempts: CellAttempts;
  /** Result over reported, both in the cell's unit. */
  readonly ratio: number | null;
  readonly verdict: VerdictId;
  /** `differs`: why, and in words. */
  readonly reason: ReasonId | null;
  readonly explanation: string;
}

export interface PaperHeading {
  readonly id: string;
  readonly title: string;
  /** Rows or columns that stand together. */
  readonly group: string | null;
}

export interface PaperTable {
  readonly id: string;
  readonly title: string;
  /** One or two sentences on what it is and what its numbers count. */
  readonly note: string;
  readonly rows: readonly PaperHeading[];
  readonly columns: readonly PaperHeading[];
  readonly cells: readonly PaperCell[];
}

export const claimVerdicts = [
  'holds',
  'holdsInPart',
  'doesNotHold',
  'notTestable',
  'notRun',
] as const;
export type ClaimVerdict = (typeof claimVerdicts)[number];
export const claimWords: Readonly<Record<ClaimVerdict, string>> = {
  holds: 'holds here',
  holdsInPart: 'holds in part',
  doesNotHold: 'does not hold here',
  notTestable: 'not testable here',
  notRun: 'not run yet',
};

export interface PaperClaim {
  readonly id: string;
  /** In own words. */
  readonly words: string;
  readonly source: string;
  readonly confidence: Confidence;
  readonly reported: number | null;
  readonly unit: CellUnit;
  readonly found: number | null;
  readonly provenance: Provenance | null;
  readonly verdict: ClaimVerdict;
  readonly explanation: string;
  readonly cells: readonly string[];
  readonly runIds: readonly string[];
}

export interface Coverage {
  readonly cells: number;
  readonly withRecipe: number;
  /** Cells with a value of now. */
  readonly filled: number;
  readonly exactCells: number;
  /** Bytes and rounds that are measured, or predicted and verified by a run of the same family. */
  readonly exactVerified: number;
  readonly verdicts: Readonly<Record<VerdictId, number>>;
}

export interface PaperAssumptions {
  readonly threatModel: string;
  readonly dealer: string;
  readonly bytes: string;
  readonly networkPrinted: string;
  readonly networkHere: string;
}

export interface PaperSummary {
  readonly slug: PaperSlug;
  readonly title: string;
  readonly authors: string;
  readonly venue: string;
  readonly arxiv: string;
  readonly about: string;
  readonly parties: number;
  readonly tables: readonly {
    readonly id: string;
    readonly title: string;
    readonly cells: number;
  }[];
  readonly coverage: Coverage;
  readonly claims: readonly PaperClaim[];
  /** Newest run behind a cell. */
  readonly lastRunAt: string | null;
}

export interface PaperDetail extends Omit<PaperSummary, 'tables'> {
  readonly assumptions: PaperAssumptions;
  readonly tables: readonly PaperTable[];
}

export interface CellHistoryEntry {
  readonly runId: string;
  readonly commit: string;
  readonly at: string;
  readonly value: number;
  readonly provenance: Provenance;
  readonly n: number;
  readonly shipped: boolean;
  /** Of the engine that runs now. */
  readonly current: boolean;
}

export interface CellPrice {
  /** Of the whole run, everything around it included; null where it cannot be run here. */
  readonly wallMs: number | null;
  readonly memoryBytes: number | null;
  /** Why it does not fit, else null. */
  readonly obstacle: string | null;
}

export interface PaperCellDetail {
  readonly paper: PaperSlug;
  readonly table: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly cell: PaperCell;
  readonly recipe: CellRecipe;
  readonly history: readonly CellHistoryEntry[];
  /** Newest attempts of any end, with the sentence of those that failed. */
  readonly runs: readonly {
    readonly runId: string;
    readonly state: string;
    readonly at: string;
    readonly reason: string | null;
  }[];
  /** A verified prediction: what the run differs in. Null without such a run. */
  readonly family: string | null;
  readonly price: CellPrice;
  /** What was measured at Parley's own scale in place of an untestable number. */
  readonly ownScale: readonly {
    readonly words: string;
    readonly specHash: string;
    readonly runId: string | null;
  }[];
}

export interface Finding {
  readonly words: string;
  readonly kind: 'claim' | 'bytes' | 'difference' | 'gap';
  readonly cells: readonly string[];
  readonly runIds: readonly string[];
}

export interface PaperFindings {
  readonly slug: PaperSlug;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** What queueing costs, said before anything is queued. */
export interface CellsPrice {
  /** Cells that have a run of their own; others are predicted, or miss something. */
  readonly runs: number;
  /** Specs that are done already with this engine, or wait. */
  readonly there: number;
  readonly wallMs: number;
  readonly obstacles: readonly { readonly cellId: string; readonly words: string }[];
}

export interface QueuedCells extends CellsPrice {
  readonly runIds: readonly string[];
}

/** Which runs confirm a prediction: `server/papers/family.ts` holds to it. */
export const familyWords =
  'A predicted number counts as verified if a run of the same family sent the bytes and took the rounds that its own schedule foretold, to the byte. Same family: the same protocol, ring, source of correlations and kind of model, the same functions in place of GeLU, SiLU and softmax, and layers of the same width, heads and feed-forward size. The number of layers, the length, the vocabulary, the network, what is revealed and the way of dividing by a sum may differ; the cell says which of them do.';

/** Longer than this asks before it queues. */
export const askAboveMs = 600_000;

export const exportFormats = ['csv', 'latex', 'markdown'] as const;
export type ExportFormat = (typeof exportFormats)[number];
