/** The lines of a run's log, wherever they come from, as one list to search. Pure. */
import type { LiveRun } from '../_lib/live-run.ts';
import { placeName } from '../_charts/places.ts';

export interface LogLine {
  readonly key: string;
  /** ISO 8601; null for what a process printed without a time. */
  readonly at: string | null;
  /** Who said it: `Run`, `Party 0`, `Dealer`. */
  readonly from: string;
  readonly text: string;
}

/** What the worker said and how the roles went through the model, oldest first. */
export function linesOf({ log, moves }: Pick<LiveRun, 'log' | 'moves'>): readonly LogLine[] {
  const said = log.map(({ seq, at, message }) => ({
    seq,
    line: { key: `run ${seq}`, at, from: 'Run', text: message },
  }));
  const moved = moves.map(({ seq, at, party, message }) => ({
    seq,
    line: {
      key: `party ${party} ${seq}`,
      at,
      from: `Party ${party}`,
      text: `at ${placeName(message)}`,
    },
  }));
  return [...said, ...moved].sort((a, b) => a.seq - b.seq).map(({ line }) => line);
}

// Colours and cursor moves of a terminal.
// oxlint-disable-next-line no-control-regex
const ansi = /\u001B\[[0-9;?]*[A-Za-z]/g;

/** The name of the role that left a log file: `party-1.log`. */
export function roleOfFile(name: string): string {
  const word = name.replace(/\.log$/, '').replace('-', ' ');
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What a process printed, line by line. */
export function linesOfFile(name: string, content: string): readonly LogLine[] {
  const from = roleOfFile(name);
  return content
    .replaceAll(ansi, '')
    .split('\n')
    .map((text, index) => ({ key: `${name} ${index}`, at: null, from, text }))
    .filter(({ text }) => text.trim() !== '');
}

const bad = /\b(error|failed|fault|exception|refused|signal|SIG[A-Z]+|fell silent)\b|Error:/i;

export const soundsBad = ({ text }: LogLine): boolean => bad.test(text);

/** The last line that tells of a fault, with what was printed right after it. */
export function lastError(lines: readonly LogLine[]): string | null {
  const at = lines.findLastIndex(soundsBad);
  const found = lines[at];
  if (found === undefined) return null;
  // A stack trace: lines of the same role that are indented.
  const rest = lines.slice(at + 1);
  const end = rest.findIndex(({ from, text }) => from !== found.from || !/^\s/.test(text));
  const trace = end === -1 ? rest : rest.slice(0, end);
  return [found, ...trace].map(asText).join('\n');
}

export const asText = ({ at, from, text }: LogLine): string =>
  `${at === null ? '' : `${at} `}[${from}] ${text}`;

export function findLines(
  lines: readonly LogLine[],
  words: string,
  from: string | null,
): readonly LogLine[] {
  const wanted = words.trim().toLowerCase();
  return lines.filter(
    (line) =>
      (from === null || line.from === from) &&
      (wanted === '' || line.text.toLowerCase().includes(wanted)),
  );
}
