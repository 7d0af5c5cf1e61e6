/** The one error class of the database layer; `server/api` maps its kinds to answers. */

/** missing: a program or folder is not there; start: PostgreSQL did not come up; schema: migrations disagree. */
export type DatabaseErrorKind = 'missing' | 'start' | 'schema';

export class DatabaseError extends Error {
  readonly kind: DatabaseErrorKind;

  constructor(kind: DatabaseErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseError';
    this.kind = kind;
  }
}
