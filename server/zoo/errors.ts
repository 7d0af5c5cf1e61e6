/**
 * The one error class of the zoo.
 *
 * Files come from the disk, from npm or from a stranger's upload, so every loader refuses what it
 * does not understand, and says in one line which file, which tensor or field, which value, and what
 * to do about it.
 */

/** What was wrong; `server/api` maps each kind to a status of its own. */
export type ZooErrorKind = 'missing' | 'corrupt' | 'unsupported' | 'range';

export class ZooError extends Error {
  override readonly name = 'ZooError';
  readonly kind: ZooErrorKind;

  /**
   * @param kind    'missing': a file or package is not there; 'corrupt': it is not what its format or
   *                checksum says; 'unsupported': well formed, but Parley cannot use it; 'range': the
   *                caller asked for something that does not exist
   * @param message names file, field or tensor, offending value, and the fix
   */
  constructor(kind: ZooErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
