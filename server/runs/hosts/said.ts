/** Messages between the worker that leads a run and the host that runs one of its roles. */
import { z } from 'zod';
import type { Order, ReportOf } from '../messages.ts';
import type { RoleFailure } from '../role-process.ts';

/** How a role reaches a peer. */
export const routeSchema = z.discriminatedUnion('kind', [
  /** On another host, dialled directly. */
  z.strictObject({
    kind: z.literal('host'),
    host: z.string(),
    port: z.number().int().min(1).max(65535),
    pin: z.string(),
  }),
  /** At the worker: asked for over the control connection, and dialled from there. */
  z.strictObject({ kind: z.literal('worker') }),
]);
export type Route = z.infer<typeof routeSchema>;

/** Worker to host. The order is the worker's own, as a local role would get it by its pipe. */
export const toHostSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('order'),
    order: z.custom<Exclude<Order, { kind: 'connect' }>>(),
  }),
  /** What the clock there says; answered at once. */
  z.strictObject({ kind: z.literal('clock'), sentMs: z.number() }),
  /** Instead of `connect`: by role. */
  z.strictObject({ kind: z.literal('routes'), routes: z.record(z.string(), routeSchema) }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

/** Host to worker. A report is judged by `reportSchema` where it arrives. */
export const fromHostSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('report'), report: z.unknown() }),
  /** Monotonic clocks: ours when it was asked, and the one there. */
  z.strictObject({ kind: z.literal('clock'), sentMs: z.number(), atMs: z.number() }),
  z.strictObject({
    kind: z.literal('failure'),
    failure: z.object({
      cause: z.enum(['exit', 'report', 'protocol', 'timeout']),
      errorKind: z.string().max(100),
      message: z.string().max(2000),
    }),
  }),
  /** Somebody on that host wants to reach the worker's own role: dial back with this number. */
  z.strictObject({ kind: z.literal('way'), way: z.number().int(), to: z.literal('owner') }),
  z.strictObject({ kind: z.literal('gone'), log: z.string() }),
]);
export type FromHost = z.infer<typeof fromHostSchema>;

/** What a failed role reported last, for the partial record. */
export type LastFailure = ReportOf<'failed'>;
export type SaidFailure = Omit<RoleFailure, 'role'>;
