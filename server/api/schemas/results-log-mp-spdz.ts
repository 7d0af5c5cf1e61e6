/**
 * What an MP-SPDZ party prints, as a table that can be imported. Browser-safe; one pass over the lines.
 *
 *   The following benchmarks are including preprocessing (offline phase).
 *   Time = 772.975 seconds
 *   Spent 14.9 seconds (293.6 MB, 11154 rounds) on the online phase and 105.5 seconds (...) on the
 *     preprocessing/offline phase.                              (one line, only with -v)
 *   Data sent = 8793.61 MB in ~3417130 rounds (party 0 only; ...)
 *   Global data sent = 26773.8 MB (all parties)
 *
 * A megabyte is 10^6 bytes there, printed with six digits: bytes are exact to that only. Times of a log
 * that includes the offline phase, or does not say, are of both phases; rounds and a party's bytes of
 * both phases together have no column here and stay in the note.
 */
import type { CsvTable } from './results-import.ts';

const number = String.raw`([0-9][0-9.e+-]*)`;
const phase = `${number} seconds(?: \\(${number} MB, ${number} rounds[^)]*\\))?`;
const spent = new RegExp(`^Spent ${phase} on the online phase and ${phase} on the preprocessing`);
const time = new RegExp(`^Time = ${number} seconds`);
const sent = new RegExp(`^Data sent = ${number} MB(?: in ~${number} rounds)?`);
const all = new RegExp(`^Global data sent = ${number} MB`);

const header = [
  'online_ms',
  'offline_ms',
  'total_ms',
  'online_sent_bytes_max',
  'total_sent_bytes',
  'rounds',
  'note',
] as const;
type Key = (typeof header)[number];

/** Seconds as milliseconds, megabytes as bytes; empty where the log has no number. */
function times(text: string | undefined, factor: number, whole: boolean): string {
  const value = Number(text) * factor;
  if (text === undefined || !Number.isFinite(value)) return '';
  return String(whole ? Math.round(value) : Number(value.toPrecision(12)));
}
const ms = (text: string | undefined): string => times(text, 1000, false);
const bytes = (text: string | undefined): string => times(text, 1e6, true);

export const isMpSpdz = (lines: readonly string[]): boolean =>
  lines.some((line) => sent.test(line)) && lines.some((line) => time.test(line));

/** One row for each program that the log has: it ends with what all parties sent. */
export function readMpSpdz(lines: readonly string[]): CsvTable {
  const rows: string[][] = [];
  let row: Partial<Record<Key, string>> = {};
  let said: string[] = [];
  /** Whether the numbers are of the online phase alone; null until the log says. */
  let onlineOnly: boolean | null = null;
  let party: readonly [string, string] | null = null;
  let elapsed: string | null = null;
  const end = (): void => {
    if (elapsed === null && party === null) return;
    if (elapsed !== null) row[onlineOnly === true ? 'online_ms' : 'total_ms'] ??= elapsed;
    if (party !== null && onlineOnly === true) {
      row.online_sent_bytes_max ??= party[0];
      row.rounds ??= party[1];
    } else if (party !== null) {
      said.push(
        `party 0 sent ${party[0]} bytes in ${party[1] === '' ? 'an unknown number of' : party[1]} rounds, both phases${onlineOnly === null ? ' if the offline phase was run' : ''}`,
      );
    }
    const note = ['MP-SPDZ log of one party', ...said].join('; ');
    rows.push(header.map((key) => (key === 'note' ? note : (row[key] ?? ''))));
    row = {};
    said = [];
    onlineOnly = null;
    party = null;
    elapsed = null;
  };
  for (const line of lines) {
    if (line.includes('benchmarks are including preprocessing')) onlineOnly = false;
    if (line.includes('benchmarks are excluding preprocessing')) onlineOnly = true;
    const both = spent.exec(line);
    if (both !== null) {
      const [, onlineS, onlineMb, onlineRounds, offlineS] = both;
      row.online_ms = ms(onlineS);
      row.offline_ms = ms(offlineS);
      if (onlineMb !== undefined) row.online_sent_bytes_max = bytes(onlineMb);
      if (onlineRounds !== undefined) row.rounds = times(onlineRounds, 1, true);
    }
    const took = time.exec(line);
    if (took !== null) elapsed = ms(took[1]);
    const own = sent.exec(line);
    if (own !== null) {
      party = [bytes(own[1]), times(own[2], 1, true)];
      if (line.includes('counted double')) said.push('rounds counted double by its threads');
    }
    const global = all.exec(line);
    if (global === null) continue;
    // What all parties sent is that of both phases only where both were run.
    if (onlineOnly === true) said.push(`all parties sent ${bytes(global[1])} bytes online`);
    else row.total_sent_bytes = bytes(global[1]);
    end();
  }
  end();
  return { header, rows };
}
