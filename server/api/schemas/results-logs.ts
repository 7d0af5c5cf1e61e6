/**
 * Logs of CrypTen, SPU and MP-SPDZ as tables that can be imported: what a log says becomes a column, what it
 * does not say is for the person to add. Browser-safe; one pass over the lines.
 *
 * CrypTen (`print_communication_stats`, one party): "====Communication Stats====", then "Rounds: n",
 * "Bytes: n" and "Communication time: s". A party's bytes are what it sends and what it receives, so of
 * two parties that do the same they are what both send together.
 *
 * SPU (`enable_pphlo_profile`, one party): "SPU execution <name> completed, ... total time <s>s" and
 * "Link details: total send bytes n, ...". Its actions are no rounds, and are left out.
 *
 * MP-SPDZ (what party 0 prints, `-v` for the phases apart) is in results-log-mp-spdz.ts.
 */
import { readCsv, type CsvTable } from './results-import.ts';
import { isMpSpdz, readMpSpdz } from './results-log-mp-spdz.ts';

/** The number that stands behind a word in a line; null where none does. */
function numberAfter(line: string, word: string): string | null {
  const at = line.indexOf(word);
  if (at < 0) return null;
  const start = at + word.length;
  let end = start;
  while (end < line.length && '0123456789.e+-'.includes(line[end] ?? '')) end += 1;
  const text = line.slice(start, end);
  return text !== '' && Number.isFinite(Number(text)) ? text : null;
}

const seconds = (text: string | null): string =>
  text === null ? '' : String(Number((Number(text) * 1000).toPrecision(12)));

function readCrypten(lines: readonly string[]): CsvTable {
  const rows: string[][] = [];
  for (const line of lines) {
    const last = rows.at(-1);
    if (line.includes('====Communication Stats====')) {
      rows.push(['additive/crypten', '', '', 'CrypTen log of one party']);
    } else if (last !== undefined) {
      last[1] = numberAfter(line, 'Rounds: ') ?? last[1] ?? '';
      last[2] = numberAfter(line, 'Bytes: ') ?? numberAfter(line, 'Bytes : ') ?? last[2] ?? '';
      const time = numberAfter(line, 'Communication time: ') ?? numberAfter(line, 'Comm time: ');
      if (time !== null) last[3] = `CrypTen log of one party; communication took ${time} s`;
    }
  }
  return { header: ['protocol', 'rounds', 'total_sent_bytes', 'note'], rows };
}

function readSpu(lines: readonly string[]): CsvTable {
  const rows: string[][] = [];
  let name = '';
  let time = '';
  for (const line of lines) {
    const started = line.indexOf('SPU execution ');
    if (started >= 0) {
      name = line.slice(started + 'SPU execution '.length).split(' ')[0] ?? '';
      time = seconds(numberAfter(line, 'total time '));
    }
    const sent = numberAfter(line, 'Link details: total send bytes ');
    if (sent !== null) {
      rows.push([time, sent, `SPU log of one party${name === '' ? '' : `, ${name}`}`]);
      name = '';
      time = '';
    }
  }
  return { header: ['online_ms', 'online_sent_bytes_max', 'note'], rows };
}

/** A log of CrypTen, SPU or MP-SPDZ, or else a CSV. */
export function readTable(file: string): CsvTable {
  const lines = file.split('\n').map((line) => line.trimEnd());
  if (file.includes('====Communication Stats====')) return readCrypten(lines);
  if (file.includes('Link details: total send bytes ')) return readSpu(lines);
  if (isMpSpdz(lines)) return readMpSpdz(lines);
  return readCsv(file);
}
