/**
 * What the worker and the processes of one run say to each other over their IPC pipes, and what each
 * process is told. A task holds only what its role may know: parties and dealer get the public plan
 * and where their peers listen, never weights, inputs or another role's randomness.
 */
import { z } from 'zod';
import type { LinkCounters, PartyId } from '../engine/channel.ts';
import type { PlaceError } from '../engine/execute.ts';
import type { Plan } from '../engine/plan.ts';
import type { PartyTrace } from '../engine/trace.ts';
import type { Link, LinkMatrix } from '../network/link.ts';
import type { ProbeReport } from '../network/probe-network.ts';
import type { Attendance } from './roles.ts';

/** What every role of one session needs in order to join its channel. */
export interface SessionTask {
  /** 8 random bytes; frames of another session are refused. */
  readonly sessionId: Uint8Array;
  /** 32 random bytes that only the roles of this run know: keeps other local processes out. */
  readonly authKey: Uint8Array;
  readonly link: Link;
  /** What single links are asked for instead. */
  readonly matrix?: LinkMatrix;
  /** Who imposes the link: the channels of the roles themselves (absent), or the kernel below them. */
  readonly imposedBy?: 'kernel';
  /** Whether every role is on a host of its own (hosts/): no loopback is shared. */
  readonly apart?: boolean;
  /** Where each role listens; absent = everybody on loopback. */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly plan: Plan;
  /** Absent = `all`. */
  readonly attendance?: Attendance;
  /** Of every inference, repeats included. */
  readonly batchSizes: readonly number[];
  /** Of every inference, repeats included, where the spec makes lengths public; absent = the plan's. */
  readonly lengths?: readonly number[];
  /** Null = seeds from the operating system; else repeatable and not private. */
  readonly insecureSeed: string | null;
}

export interface PartyTask extends SessionTask {
  readonly role: 'party';
  readonly party: PartyId;
}

/** Nothing but the session's public part. */
export interface DealerTask extends SessionTask {
  readonly role: 'dealer';
}

export interface OwnerTask extends SessionTask {
  readonly role: 'owner';
  readonly model: string;
  readonly dataset: { readonly id: string; readonly samples: number };
  readonly batchSize: number;
  readonly repeats: number;
  readonly dataFolder: string;
}

export type RoleTask = PartyTask | DealerTask | OwnerTask;

export type Ports = Readonly<Record<string, number>>;

/** Worker to role. */
export type Order =
  | { readonly kind: 'task'; readonly task: RoleTask }
  | { readonly kind: 'connect'; readonly ports: Ports }
  | { readonly kind: 'probe' }
  | { readonly kind: 'go' }
  | { readonly kind: 'score' }
  | { readonly kind: 'cancel' };

export interface OwnedSample {
  readonly id: string;
  readonly excerpt: string;
  readonly label: number;
  readonly plaintextLogits: readonly number[];
  /** Absent where weights are random. */
  readonly approximatedLogits?: readonly number[];
  readonly clearLogits: readonly number[];
}

const count = z.number().int().min(0);
const probeReport = z.custom<ProbeReport>((value) => typeof value === 'object' && value !== null);

/** Role to worker. A process that says anything else is broken, and so is its run. */
export const reportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening'), port: z.number().int().min(1).max(65535) }),
  z.object({
    kind: z.literal('connected'),
    kernels: z.object({ backend: z.string(), instructionSet: z.string() }),
    labels: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('measured'), probe: probeReport }),
  z.object({
    kind: z.literal('progress'),
    inference: z.number().int(),
    path: z.string(),
    /** Payload bytes to everybody but the owner since the run's start. */
    bytesSent: count,
    rounds: count,
    rssBytes: count,
  }),
  z.object({ kind: z.literal('scoring'), done: count, of: count }),
  /**
   * A trace, as soon as it is closed: of the setup, then of each inference in order. A role that
   * fails sends the one that was cut short, then `failed`.
   */
  z.object({ kind: z.literal('trace'), trace: z.custom<PartyTrace>() }),
  z.object({
    kind: z.literal('finished'),
    counters: z.array(z.custom<LinkCounters>()),
    /** The links after the run; absent where they could no longer be measured. */
    probe: probeReport.optional(),
  }),
  z.object({
    kind: z.literal('revealed'),
    /** [batch * labels] of every inference, in order. */
    logits: z.array(z.array(z.number())),
    setupBytes: count,
  }),
  z.object({
    kind: z.literal('scored'),
    samples: z.array(z.custom<OwnedSample>()),
    placeErrors: z.array(z.custom<PlaceError>()).optional(),
  }),
  z.object({
    kind: z.literal('failed'),
    errorKind: z.string(),
    message: z.string(),
    counters: z.array(z.custom<LinkCounters>()),
  }),
]);

export type Report = z.infer<typeof reportSchema>;
export type ReportOf<K extends Report['kind']> = Extract<Report, { kind: K }>;
export type Progress = ReportOf<'progress'>;
