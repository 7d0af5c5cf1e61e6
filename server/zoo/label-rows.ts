/** Which columns of a table are contents and classes, and its rows as labelled texts, pairs of texts or images. */
import { isFields, type Fields } from './config-reader.ts';
import { ZooError } from './errors.ts';
import type { Table, TableColumn } from './table-files.ts';

/** Columns; absent: the first that is there of the usual names. */
export interface ColumnChoice {
  readonly text?: string;
  /** Column of the second texts, where samples are pairs. */
  readonly pair?: string;
  /** Column of images, in place of texts. */
  readonly image?: string;
  readonly label?: string;
  /** Names of the classes, by number; absent: as the file or its rows have them. */
  readonly labels?: readonly string[];
}

export interface Labelled {
  /** Empty where the sample is an image. */
  readonly text: string;
  readonly second?: string;
  /** A PNG or JPEG file, as it is in the table. */
  readonly image?: Uint8Array;
  readonly label: number;
  /** For messages: file and row. */
  readonly where: string;
}

const textNames = ['text', 'sentence', 'review', 'content'];
const imageNames = ['image', 'img'];
const labelNames = ['label', 'labels', 'sentiment', 'class', 'fine_label'];
/** Of GLUE's tasks and their like. */
const pairNames = [
  ['sentence1', 'sentence2'],
  ['question', 'sentence'],
  ['question1', 'question2'],
  ['premise', 'hypothesis'],
] as const;
/** Characters: more than any tokenizer is given here. */
const longestText = 1_000_000;

type Role = 'text' | 'pair' | 'image' | 'label';

const holds: Readonly<Record<Role, string>> = {
  text: 'text',
  pair: 'text',
  image: 'images',
  label: 'classes',
};

function columnOf(
  { columns }: Table,
  given: string | undefined,
  usual: readonly string[],
  role: Role,
  file: string,
): string {
  const wanted = given === undefined ? usual : [given];
  const found = wanted.flatMap((name) => columns.find((column) => column.name === name) ?? [])[0];
  if (found !== undefined) return requireKind(found, role, file);
  const there = columns
    .map(({ name, type }) => (type === null ? name : `${name} (${type})`))
    .join(', ');
  throw new ZooError(
    'unsupported',
    `${file}: no column ${wanted.join(' or ')}; there are ${there}. Name the ${role}'s column with --${role} COLUMN.`,
  );
}

function requireKind({ name, type, kind }: TableColumn, role: Role, file: string): string {
  const asked = role === 'image' ? 'image' : 'text';
  // Files of lines hold no images.
  const fits = kind === null ? role !== 'image' : kind === asked;
  if (fits || (role === 'label' && kind === 'number')) return name;
  throw new ZooError(
    'unsupported',
    `${file}: column ${name} holds ${type ?? 'text'}, not ${holds[role]}. Name another with --${role} COLUMN.`,
  );
}

interface Chosen {
  /** Of images or of texts. */
  readonly content: string;
  readonly second: string | null;
  readonly label: string;
  readonly isImage: boolean;
}

/** The column of images, where one is named or nothing else is there; undefined: texts. */
function imageColumn(table: Table, choice: ColumnChoice, file: string): string | undefined {
  if (choice.image !== undefined) return columnOf(table, choice.image, [], 'image', file);
  if (choice.text !== undefined || choice.pair !== undefined) return undefined;
  const { columns } = table;
  const isText = ({ name, kind }: TableColumn) => kind !== 'image' && textNames.includes(name);
  if (columns.some(isText)) return undefined;
  return columns.find(({ name, kind }) => kind === 'image' && imageNames.includes(name))?.name;
}

function chooseColumns(table: Table, choice: ColumnChoice, file: string): Chosen {
  const label = columnOf(table, choice.label, labelNames, 'label', file);
  const image = imageColumn(table, choice, file);
  if (image !== undefined) return { content: image, second: null, label, isImage: true };
  const has = (name: string): boolean => table.columns.some((column) => column.name === name);
  const known = pairNames.find((names) => names.every(has));
  const isPair = choice.pair !== undefined || (choice.text === undefined && known !== undefined);
  const [first, second] = known ?? [];
  const texts = first === undefined ? textNames : [first, ...textNames];
  return {
    content: columnOf(table, choice.text, texts, 'text', file),
    second: isPair
      ? columnOf(table, choice.pair, second === undefined ? [] : [second], 'pair', file)
      : null,
    label,
    isImage: false,
  };
}

const wholeNumber = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
};

/** Classes as numbers; a set of words becomes its sorted list. */
function namesOf(
  values: readonly unknown[],
  given: readonly string[] | undefined,
  file: string,
): { names: readonly string[]; numberOf: (value: unknown) => number | null } {
  const isWord = (value: unknown): boolean =>
    typeof value === 'string' && wholeNumber(value) === null;
  if (!values.some(isWord)) {
    const highest = values.reduce<number>((most, v) => Math.max(most, wholeNumber(v) ?? 0), 0);
    if (given === undefined && highest > 999) {
      throw new ZooError(
        'range',
        `${file}: the largest label is ${highest}; up to 1,000 classes are read. Name the right column with --label COLUMN.`,
      );
    }
    const names = given ?? Array.from({ length: highest + 1 }, (_, index) => String(index));
    return { names, numberOf: wholeNumber };
  }
  const words = values.filter((value) => typeof value === 'string');
  const names = given ?? [...new Set(words)].sort();
  return {
    names,
    numberOf: (value) => {
      const at = typeof value === 'string' ? names.indexOf(value) : -1;
      return at < 0 ? null : at;
    },
  };
}

function textOf(row: Fields, column: string, where: string): string {
  const text = row[column];
  if (typeof text !== 'string' || text.trim() === '') {
    throw new ZooError('corrupt', `${where}: ${column} is ${JSON.stringify(text)}, not a text.`);
  }
  if (text.length > longestText) {
    throw new ZooError(
      'range',
      `${where}: ${column} has ${text.length} characters; up to ${longestText} are read. Leave the row out.`,
    );
  }
  return text;
}

/** The file inside of a cell, which Hugging Face's tables keep as a group of bytes and path. */
function imageOf(row: Fields, column: string, where: string): Uint8Array {
  const cell = row[column];
  const bytes = isFields(cell) ? cell['bytes'] : undefined;
  if (bytes instanceof Uint8Array && bytes.length > 0) return bytes;
  throw new ZooError('corrupt', `${where}: ${column} holds no image. Leave the row out.`);
}

/**
 * Every row with its class as a number.
 * @throws ZooError naming file, column or row, what is there and the fix
 */
export async function labelledRows(
  table: Table,
  file: string,
  choice: ColumnChoice,
): Promise<{ all: Labelled[]; names: readonly string[]; pairs: boolean; isImage: boolean }> {
  if (table.columns.length === 0) throw new ZooError('corrupt', `${file}: no rows.`);
  const columns = chooseColumns(table, choice, file);
  const { content, second, label: labelColumn, isImage } = columns;
  const rows = await table.rows([content, ...(second === null ? [] : [second]), labelColumn]);
  const { names, numberOf } = namesOf(
    rows.map((row) => row[labelColumn]),
    choice.labels ?? table.classNames(labelColumn),
    file,
  );
  if (names.length < 2) {
    throw new ZooError('unsupported', `${file}: one class only; there is nothing to tell apart.`);
  }
  const all = rows.map((row, at) => {
    const where = `${file}, row ${at + 1}`;
    const contents = isImage
      ? { text: '', image: imageOf(row, content, where) }
      : {
          text: textOf(row, content, where),
          ...(second === null ? {} : { second: textOf(row, second, where) }),
        };
    const label = numberOf(row[labelColumn]);
    if (label === null || label < 0 || label >= names.length) {
      const hint = label === -1 ? ' -1 marks a hidden answer: take the validation split.' : '';
      throw new ZooError(
        'range',
        `${where}: ${labelColumn} is ${JSON.stringify(row[labelColumn])}, the classes are 0 to ${names.length - 1} (${names.slice(0, 8).join(', ')}).${hint}`,
      );
    }
    return { ...contents, label, where };
  });
  return { all, names, pairs: second !== null, isImage };
}
