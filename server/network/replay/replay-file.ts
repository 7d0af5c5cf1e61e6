/** What is kept of a run for its replay, one JSON file: the what-if needs nothing else. Browser-safe. */
import { linkChoiceOf } from '../link.ts';
import type { Link, LinkChoice, LinkMatrix } from '../link.ts';
import type { CompactRecording } from './codec.ts';
import type { Residual } from './residual.ts';

/** Artifact of the run: one inference, compact. */
export const replayArtifact = 'replay.json';
/** Artifact of the run: all timed inferences, packed with gzip. */
export const recordingsArtifact = 'recordings.json.gz';

export interface ReplayFile {
  readonly version: 1;
  /** The run's own network, as it was imposed. */
  readonly link: Link;
  readonly matrix: LinkMatrix | null;
  /** Samples of the inference that is kept: a full batch. */
  readonly samples: number;
  /** How long that inference took, from the first party's start to the last one's end. */
  readonly measuredMs: number;
  /** Cores of the machine that ran all roles. */
  readonly machineCores: number;
  readonly residual: Residual;
  readonly recording: CompactRecording;
  /** The offline phase; absent where no dealer took part, or it was dealt ahead of time. */
  readonly offline?: OfflineReplay;
}

/**
 * What came before an inference: the dealer makes and sends correlations, party 0 takes them. The setup
 * is not replayed: it is the owner's shares, and the owner's links are not emulated.
 */
export interface OfflineReplay {
  /** Median over the timed inferences, of which `recording` is the one. Milliseconds. */
  readonly measuredMs: number;
  readonly residual: Residual;
  readonly recording: CompactRecording;
}

/** All that was recorded; `ReplayFile` has one of them. */
export interface RecordingsFile {
  readonly version: 1;
  readonly link: Link;
  readonly matrix: LinkMatrix | null;
  readonly inferences: readonly {
    /** Position in the session, from 0. */
    readonly index: number;
    readonly measuredMs: number;
    readonly recording: CompactRecording;
    readonly offline?: { readonly measuredMs: number; readonly recording: CompactRecording };
  }[];
}

/** The links of the network on which the run was measured. */
export const ownLinkOf = ({ link, matrix }: Pick<ReplayFile, 'link' | 'matrix'>): LinkChoice =>
  linkChoiceOf(link, matrix ?? undefined);
