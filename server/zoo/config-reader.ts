/** Typed fields of a JSON object that came from elsewhere; every refusal names file, field and value. */
import { ZooError } from './errors.ts';

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads typed fields of one object; every refusal names the file and the field's full path. */
export function reader(fields: Fields, source: string, prefix = '') {
  const refuse = (field: string, wanted: string): never => {
    throw new ZooError(
      'unsupported',
      `${source}: ${prefix}${field} is ${JSON.stringify(fields[field])}, Parley needs ${wanted}.`,
    );
  };
  return {
    refuse,
    /** The field must have one of these values; absent means the first of them where allowed. */
    oneOf<T extends string | number | boolean>(
      field: string,
      values: readonly [T, ...T[]],
      optional = false,
    ): T {
      if (optional && fields[field] === undefined) return values[0];
      const found = values.find((value) => value === fields[field]);
      return found ?? refuse(field, values.map((value) => JSON.stringify(value)).join(' or '));
    },
    count(field: string, lowest: number, highest: number): number {
      const value = fields[field];
      if (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= lowest &&
        value <= highest
      ) {
        return value;
      }
      return refuse(field, `a whole number from ${lowest} to ${highest}`);
    },
    /** A number between two others, both left out. */
    between(field: string, above: number, below: number, absent?: number): number {
      const value = fields[field] ?? absent;
      if (typeof value === 'number' && value > above && value < below) return value;
      return refuse(field, `a number between ${above} and ${below}`);
    },
    fraction(field: string): number {
      const value = fields[field];
      if (typeof value === 'number' && value >= 0 && value <= 1) return value;
      return refuse(field, 'a number from 0 to 1');
    },
    object(field: string): Fields {
      const value = fields[field];
      return isFields(value) ? value : refuse(field, 'an object');
    },
  };
}
