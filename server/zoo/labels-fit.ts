/** Whether a model's classes are those of a data set: equally many, and in the same order where they have the same names. */

const plain = (name: string): string => name.trim().toLowerCase();

/** Names that tell nothing apart from their number: what tools write where nobody named the classes. */
const isNumbered = (name: string, index: number): boolean =>
  [String(index), `label_${index}`].includes(plain(name));

/**
 * Null where they fit; else why not. Two lists with the same names in another order would be scored against
 * each other's classes.
 */
export function labelsMisfit(model: readonly string[], data: readonly string[]): string | null {
  if (model.length !== data.length) {
    return `the model tells ${model.length} classes apart, the data set has ${data.length}`;
  }
  if (model.every(isNumbered) || data.every(isNumbered)) return null;
  const other = data.map(plain);
  const moved = model.findIndex((name, index) => {
    const at = other.indexOf(plain(name));
    return at >= 0 && at !== index;
  });
  if (moved < 0) return null;
  const name = model[moved] ?? '';
  return `class ${moved} of the model is "${name}", which is class ${other.indexOf(plain(name))} of the data set`;
}
