/** What a launch is given, what it gives back, and how it fails. */
import type { LinkCounters, PartyId } from '../engine/channel.ts';
import type { PlaceError } from '../engine/execute.ts';
import type { PartyTrace } from '../engine/trace.ts';
import type { LinkCertificate } from '../network/certificate.ts';
import type { OwnedSample, OwnerTask, Progress, SessionTask } from './messages.ts';
import type { ClaimedStock } from './dealt-stock.ts';
import type { RunHosts } from './hosts/run-hosts.ts';
import type { RoleFailure } from './role-process.ts';
import type { MeasuredRole } from './roles.ts';

export interface LaunchLimits {
  /** From the start of the processes until all are connected. */
  readonly startMs: number;
  readonly probeMs: number;
  /** Longest time without a word from anybody while running or scoring. */
  readonly silenceMs: number;
  /** Between the order to stop and the kill. */
  readonly graceMs: number;
}

export interface LaunchOptions extends TeamOptions {
  readonly owner: Pick<OwnerTask, 'model' | 'dataset' | 'batchSize' | 'repeats' | 'dataFolder'>;
}

/** Of any session, with or without an owner. */
export interface TeamOptions {
  readonly session: Omit<SessionTask, 'sessionId' | 'authKey'>;
  /** Private folder of the run: the processes' logs, and a folder for each process. */
  readonly folder: string;
  /** What was dealt ahead of time and claimed for this run, with `attendance` `dealt`. */
  readonly dealt?: ClaimedStock;
  /** Hosts of all computing roles; absent where they run here. */
  readonly hosts?: RunHosts;
  /** Aborts when the run is to stop; the processes are gone within a second. */
  readonly signal: AbortSignal;
  /** Called at each stage, and waited for; the link check's result comes with `running`. */
  readonly onStage: (stage: Stage) => Promise<void>;
  readonly onProgress?: (role: MeasuredRole, progress: Progress) => void;
  readonly onScoring?: (done: number, of: number) => void;
  readonly limits?: Partial<LaunchLimits>;
  /** Tests put broken roles here. */
  readonly entries?: {
    readonly party?: string;
    readonly dealer?: string;
    readonly owner?: string;
  };
}

export type Stage =
  | { readonly name: 'linkCheck' }
  | { readonly name: 'running'; readonly certificate: LinkCertificate }
  | { readonly name: 'scoring' };

/** What a party or the dealer leaves. */
export interface RoleResult {
  readonly role: MeasuredRole;
  /** Of the setup, then of each inference. */
  readonly traces: readonly PartyTrace[];
  readonly counters: readonly LinkCounters[];
}

export interface PartyResult extends RoleResult {
  readonly role: PartyId;
}

/** What dealing ahead of time leaves, beside the files of the parties. */
export interface OfflineResult {
  readonly dealer: RoleResult;
  readonly certificate: LinkCertificate;
}

/** The links before and after a run. */
export interface RunCertificate {
  readonly before: LinkCertificate;
  /** Null where somebody could no longer measure. */
  readonly after: LinkCertificate | null;
}

export interface LaunchResult {
  readonly certificate: RunCertificate;
  /** By number. */
  readonly parties: readonly PartyResult[];
  /** Null without a dealer. */
  readonly dealer: RoleResult | null;
  readonly logits: readonly (readonly number[])[];
  readonly setupBytes: number;
  readonly samples: readonly OwnedSample[];
  /** Of the clear twin; empty where weights are random. */
  readonly placeErrors?: readonly PlaceError[];
  readonly labels: readonly string[];
  readonly kernels: { readonly backend: string; readonly instructionSet: string };
}

/** What a party or the dealer had reported when a run stopped that did not finish. */
export interface PartialRoleResult extends RoleResult {
  /** The last trace is that of an inference (or of the setup) that was cut short in this role. */
  readonly lastCutShort: boolean;
}

/** What is left of a run that did not finish. */
export interface PartialResult {
  readonly failures: readonly RoleFailure[];
  readonly progress: Readonly<Record<string, Progress>>;
  readonly counters: Readonly<Record<string, readonly LinkCounters[]>>;
  /** Whoever closed at least one trace. */
  readonly roles: readonly PartialRoleResult[];
}

/** The run could not be finished; the message is a sentence for people. */
export class LaunchError extends Error {
  readonly partial: PartialResult;
  /** Whether it was stopped from outside. */
  readonly stopped: boolean;

  constructor(message: string, stopped: boolean, partial: PartialResult) {
    super(message);
    this.name = 'LaunchError';
    this.stopped = stopped;
    this.partial = partial;
  }
}

export const defaultLimits: LaunchLimits = {
  startMs: 90_000,
  probeMs: 180_000,
  silenceMs: 300_000,
  graceMs: 250,
};
