/**
 * The one table from the errors of the features and the engine to tRPC's codes. Whatever is not in it
 * is a defect of ours: the browser gets a number to look for in the log, never the text.
 */
import { randomUUID } from 'node:crypto';
import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import { AccountsError, type AccountsErrorKind } from '../accounts/errors.ts';
import { DatabaseError, type DatabaseErrorKind } from '../db/errors.ts';
import { EngineError, type EngineErrorKind } from '../engine/errors.ts';
import { RunError, type RunErrorKind, type SpecIssue } from '../runs/errors.ts';
import { ZooError, type ZooErrorKind } from '../zoo/errors.ts';

const runCodes: Readonly<Record<RunErrorKind, TRPC_ERROR_CODE_KEY>> = {
  invalid: 'BAD_REQUEST',
  notFound: 'NOT_FOUND',
  conflict: 'CONFLICT',
  lostClaim: 'CONFLICT',
  tooLarge: 'PAYLOAD_TOO_LARGE',
  revealed: 'INTERNAL_SERVER_ERROR',
  noRoom: 'CONFLICT',
};

const engineCodes: Readonly<Record<EngineErrorKind, TRPC_ERROR_CODE_KEY>> = {
  shape: 'BAD_REQUEST',
  range: 'BAD_REQUEST',
  plan: 'BAD_REQUEST',
  channel: 'INTERNAL_SERVER_ERROR',
  protocol: 'INTERNAL_SERVER_ERROR',
  backend: 'INTERNAL_SERVER_ERROR',
  aborted: 'CLIENT_CLOSED_REQUEST',
};

const zooCodes: Readonly<Record<ZooErrorKind, TRPC_ERROR_CODE_KEY>> = {
  missing: 'PRECONDITION_FAILED',
  corrupt: 'PRECONDITION_FAILED',
  unsupported: 'BAD_REQUEST',
  range: 'BAD_REQUEST',
};

const databaseCodes: Readonly<Record<DatabaseErrorKind, TRPC_ERROR_CODE_KEY>> = {
  missing: 'PRECONDITION_FAILED',
  start: 'SERVICE_UNAVAILABLE',
  schema: 'PRECONDITION_FAILED',
};

const accountsCodes: Readonly<Record<AccountsErrorKind, TRPC_ERROR_CODE_KEY>> = {
  invalid: 'BAD_REQUEST',
  notFound: 'NOT_FOUND',
  conflict: 'CONFLICT',
  stranger: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  quota: 'TOO_MANY_REQUESTS',
  tooMany: 'TOO_MANY_REQUESTS',
};

function codeOf(error: unknown): TRPC_ERROR_CODE_KEY | undefined {
  if (error instanceof RunError) return runCodes[error.kind];
  if (error instanceof AccountsError) return accountsCodes[error.kind];
  if (error instanceof EngineError) return engineCodes[error.kind];
  if (error instanceof ZooError) return zooCodes[error.kind];
  if (error instanceof DatabaseError) return databaseCodes[error.kind];
  return undefined;
}

/** Whether the database was out of reach, by the codes of Node's sockets and of Prisma. */
function isUnreachable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return ['ECONNREFUSED', 'ECONNRESET', 'P1001', 'P1017', '57P01', '57P03'].includes(
    String(error.code),
  );
}

/** What a procedure throws instead of `error`. */
export function toApiError(error: unknown): TRPCError {
  if (error instanceof TRPCError && !(error.code === 'INTERNAL_SERVER_ERROR' && error.cause)) {
    return error;
  }
  const cause = error instanceof TRPCError ? error.cause : error;
  const code = codeOf(cause);
  if (code !== undefined && cause instanceof Error) {
    return new TRPCError({ code, message: cause.message, cause });
  }
  if (isUnreachable(cause)) {
    const message = 'The database does not answer. It may be starting; try again in a moment.';
    return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message, cause });
  }
  const number = randomUUID().slice(0, 8);
  console.error(`error ${number}:`, cause);
  const message = `Something went wrong here (error ${number}; the log has the details).`;
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message });
}

/** The refusals of a spec, for forms that mark their fields. */
export const issuesOf = (error: TRPCError): readonly SpecIssue[] =>
  error.cause instanceof RunError ? error.cause.issues : [];
