/** Numbers with units as people type them: `40ms`, `200MB`, `1.5GiB`, `100Mbit/s`, `90%`. Browser-safe, linear. */
import type { Dimension } from './results-fields.ts';

/** Factors to what is stored: ms, bytes, bit/s, fraction of 1. */
const units: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  time: {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1e3,
    min: 60e3,
    h: 3600e3,
    d: 86_400e3,
    w: 7 * 86_400e3,
  },
  bytes: {
    B: 1,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12,
    KiB: 2 ** 10,
    MiB: 2 ** 20,
    GiB: 2 ** 30,
    TiB: 2 ** 40,
  },
  rate: {
    'bit/s': 1,
    'kbit/s': 1e3,
    'Mbit/s': 1e6,
    'Gbit/s': 1e9,
    bps: 1,
    kbps: 1e3,
    Mbps: 1e6,
    Gbps: 1e9,
  },
  fraction: { '': 1, '%': 0.01 },
  count: { '': 1 },
  value: { '': 1 },
};

/** Written `Mb`, a bit is as likely meant as a byte. */
const ambiguous: readonly string[] = ['b', 'Kb', 'kb', 'Mb', 'Gb', 'Tb', 'mb', 'gb', 'tb'];

const unitOfNaked: Partial<Record<Dimension, string>> = { time: 'ms', bytes: 'MB', rate: 'Mbit/s' };

export type Parsed =
  | { readonly ok: true; readonly value: number }
  /** `fix` is a text that would be understood. */
  | { readonly ok: false; readonly message: string; readonly fix: string | null };

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** How many characters from the start make a decimal number; 0 where none does. */
function numberLength(text: string): number {
  let at = text[0] === '-' || text[0] === '+' ? 1 : 0;
  const start = at;
  let digits = 0;
  let dots = 0;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) digits += 1;
    else if (code === 46 && dots === 0 && text.charCodeAt(at + 1) !== 46) dots += 1;
    else break;
  }
  if (digits === 0) return 0;
  // An exponent, where digits follow: the e of "1e6", not the one of "1e".
  if (at > start && (text[at] === 'e' || text[at] === 'E')) {
    let end = at + 1;
    if (text[end] === '-' || text[end] === '+') end += 1;
    const first = end;
    while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
    if (end > first) at = end;
  }
  return at;
}

/** The unit as it is written in the table, the case ignored where only one is meant. */
function findUnit(dimension: Dimension, written: string): string | undefined {
  const known = Object.keys(units[dimension]);
  if (known.includes(written)) return written;
  if (dimension === 'bytes' && ambiguous.includes(written)) return undefined;
  return known.find((unit) => unit.toLowerCase() === written.toLowerCase());
}

/** A number of this dimension in its stored unit. */
export function parseQuantity(text: string, dimension: Dimension): Parsed {
  const length = numberLength(text);
  if (length === 0) {
    const example = { time: '40ms', bytes: '200MB', rate: '100Mbit/s', fraction: '0.9' };
    const like = dimension === 'count' || dimension === 'value' ? '16' : example[dimension];
    return {
      ok: false,
      message: `"${text}" is not a number; write for example ${like}`,
      fix: null,
    };
  }
  const digits = text.slice(0, length);
  const written = text.slice(length);
  const value = Number(digits);
  const naked = unitOfNaked[dimension];
  if (written === '' && naked !== undefined && value !== 0) {
    const fix = `${digits}${naked}`;
    return { ok: false, message: `${digits} needs a unit; write for example ${fix}`, fix };
  }
  if (written === '' && value === 0) return { ok: true, value };
  const unit = findUnit(dimension, written);
  if (unit === undefined) return unknownUnit(dimension, digits, written);
  const scaled = value * (units[dimension][unit] ?? 1);
  if (dimension === 'fraction' && scaled > 1) {
    const fix = unit === '' ? `${digits}%` : null;
    return {
      ok: false,
      message: `${text} is more than 1; a share goes from 0 to 1, or from 0% to 100%`,
      fix: value <= 100 ? fix : null,
    };
  }
  return { ok: true, value: scaled };
}

function unknownUnit(dimension: Dimension, digits: string, written: string): Parsed {
  if (dimension === 'bytes' && ambiguous.includes(written)) {
    const fix = `${digits}${written.length === 1 ? '' : written.charAt(0).toUpperCase().replace('K', 'k')}B`;
    return {
      ok: false,
      message: `"${written}" may mean bits or bytes; bytes are written with a capital B`,
      fix,
    };
  }
  const known = Object.keys(units[dimension]).filter((unit) => unit !== '' && unit !== 'µs');
  const message =
    known.length === 0
      ? `"${digits}${written}" has a unit where none belongs; leave out "${written}"`
      : `there is no unit "${written}" here; use ${known.join(', ')}`;
  const naked = unitOfNaked[dimension];
  return { ok: false, message, fix: naked === undefined ? digits : `${digits}${naked}` };
}
