/** The one error class of the engine: a kind that callers can switch on, and a message for people. */

export type EngineErrorKind =
  | 'shape'
  | 'range'
  | 'plan'
  | 'channel'
  | 'protocol'
  | 'backend'
  | 'aborted';

/** Knows no HTTP and no database; `server/api` turns kinds into API errors in one table. */
export class EngineError extends Error {
  readonly kind: EngineErrorKind;

  constructor(kind: EngineErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.kind = kind;
  }
}
