/** The one error class of accounts. It knows no HTTP; `server/api/errors.ts` maps kinds. */

/**
 * invalid: what was given makes no sense; notFound: no such user or key; conflict: the address is
 * taken, or nobody would be left to administer; stranger: nobody is logged in; forbidden: the role or
 * key does not allow it; quota: a limit is reached; tooMany: too many tries, wait.
 */
export type AccountsErrorKind =
  | 'invalid'
  | 'notFound'
  | 'conflict'
  | 'stranger'
  | 'forbidden'
  | 'quota'
  | 'tooMany';

export class AccountsError extends Error {
  readonly kind: AccountsErrorKind;

  constructor(kind: AccountsErrorKind, message: string) {
    super(message);
    this.name = 'AccountsError';
    this.kind = kind;
  }
}
