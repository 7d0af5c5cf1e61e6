/** What the columns of a parquet file are, by its footer alone. */
import { parquetSchema, type FileMetaData, type SchemaTree } from 'hyparquet';
import { isFields } from '../config-reader.ts';
import { ZooError } from '../errors.ts';

/** `image`: a group with the bytes of a file, as Hugging Face's data sets keep them. */
export type ColumnKind = 'text' | 'number' | 'image' | 'other';

export interface ParquetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** In words, for refusals. */
  readonly type: string;
}

const numbers: readonly (string | undefined)[] = ['INT32', 'INT64', 'BOOLEAN', 'FLOAT', 'DOUBLE'];

function columnOf({ element, children }: SchemaTree): ParquetColumn {
  const { name, type, converted_type: converted, logical_type: logical } = element;
  if (element.repetition_type === 'REPEATED') return { name, kind: 'other', type: 'a list' };
  if (children.length > 0) {
    const bytes = children.find((child) => child.element.name === 'bytes')?.element;
    const isImage = bytes?.type === 'BYTE_ARRAY' && bytes.repetition_type !== 'REPEATED';
    if (isImage) return { name, kind: 'image', type: 'the bytes of a file' };
    const names = children.map((child) => child.element.name).join(', ');
    return { name, kind: 'other', type: `a group of ${names}` };
  }
  const words = converted === 'UTF8' || logical?.type === 'STRING' || converted === 'ENUM';
  if (type === 'BYTE_ARRAY' && words) return { name, kind: 'text', type: 'text' };
  const plain = converted === undefined || converted.includes('INT_');
  const isNumber = plain && (logical === undefined || logical.type === 'INTEGER');
  if (numbers.includes(type) && isNumber) return { name, kind: 'number', type: type ?? '' };
  return { name, kind: 'other', type: converted ?? logical?.type ?? type ?? 'no type' };
}

export const columnsOf = (metadata: FileMetaData): ParquetColumn[] =>
  parquetSchema(metadata).children.map(columnOf);

/** Names of the classes that Hugging Face's writer left in the footer; undefined where it did not. */
export function classNamesOf(metadata: FileMetaData, column: string): string[] | undefined {
  const { value } = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface') ?? {};
  if (value === undefined) return undefined;
  let found: unknown;
  try {
    found = JSON.parse(value);
  } catch (cause) {
    throw new ZooError('corrupt', `the footer's entry "huggingface" is not JSON.`, { cause });
  }
  for (const key of ['info', 'features', column]) found = isFields(found) ? found[key] : undefined;
  const names = isFields(found) ? found['names'] : undefined;
  const known = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  return Array.isArray(names) && known.length === names.length && known.length > 1
    ? known
    : undefined;
}
