/** Why a backup or its restoring did not work, in words for whoever asked for it. */
export class KeepError extends Error {
  override readonly name = 'KeepError';
}
