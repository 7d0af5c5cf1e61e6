/**
 * The one place where numbers become text, on pages and on the command line. Browser-safe. SI prefixes
 * are powers of 1000, IEC ones powers of 1024; a space stands between number and unit; three
 * significant digits unless the value is exact.
 */
import type { Median, Proportion } from './run-view.ts';

export type ByteFamily = 'decimal' | 'binary';

/** A number and its unit apart, so that a page can set them in different sizes. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const thinMinus = '\u2212';
const missing = '\u2013';
/** Keeps a number and its unit on one line. */
const space = '\u00a0';

/** Making a formatter costs a hundred times what using it does, and tables format by the thousand. */
const formatters = new Map<number, Intl.NumberFormat>();

function withPlaces(places: number): Intl.NumberFormat {
  const known = formatters.get(places);
  if (known !== undefined) return known;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const made = new Intl.NumberFormat('en-US', digits);
  formatters.set(places, made);
  return made;
}

/** Three significant digits (or `digits`), never in exponent form, grouped from 1,000 on. */
export function formatSignificant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return missing;
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.min(12, Math.max(0, digits - 1 - magnitude));
  // Rounding may carry into the next power of ten (9.996 -> 10.00): count the digits again.
  const rounded = Number(value.toFixed(decimals));
  const carried = Math.floor(Math.log10(Math.abs(rounded))) > magnitude;
  const places = Math.max(0, carried ? decimals - 1 : decimals);
  return withPlaces(places).format(value).replace('-', thinMinus);
}

export function formatCount(value: number): string {
  return Number.isFinite(value) ? grouped.format(value).replace('-', thinMinus) : missing;
}

const trimmed = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

const decimalUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function bytesQuantity(bytes: number, family: ByteFamily = 'decimal'): Quantity {
  const base = family === 'decimal' ? 1000 : 1024;
  const units = family === 'decimal' ? decimalUnits : binaryUnits;
  let scaled = bytes;
  let step = 0;
  // 999.6 kB would be printed as 1,000 kB: move on to the next unit a little earlier.
  while (Math.abs(scaled) >= base * 0.9995 && step < units.length - 1) {
    scaled /= base;
    step++;
  }
  return {
    value: step === 0 ? formatCount(scaled) : formatSignificant(scaled),
    unit: units[step] ?? 'B',
  };
}

export function formatBytes(bytes: number, family: ByteFamily = 'decimal'): string {
  return joined(bytesQuantity(bytes, family));
}

/** Exact bytes in both prefix families, for tooltips. */
export function exactBytes(bytes: number): string {
  return `${formatCount(bytes)} bytes = ${formatBytes(bytes)} = ${formatBytes(bytes, 'binary')}`;
}

/** ms under a second, s under a minute, then minutes and hours in whole steps. */
export function durationQuantity(ms: number): Quantity {
  if (!Number.isFinite(ms)) return { value: missing, unit: '' };
  if (Math.abs(ms) < 999.5) return { value: formatSignificant(ms), unit: 'ms' };
  if (Math.abs(ms) < 59_950) return { value: formatSignificant(ms / 1000), unit: 's' };
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600)
    return { value: `${Math.floor(seconds / 60)} min ${seconds % 60}`, unit: 's' };
  const minutes = Math.round(seconds / 60);
  return { value: `${Math.floor(minutes / 60)} h ${minutes % 60}`, unit: 'min' };
}

export function formatDuration(ms: number): string {
  return joined(durationQuantity(ms));
}

/** For a clock that ticks: whole seconds. */
export function formatRemaining(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Bandwidth, always spelled with "bit". */
export function formatBitRate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 0.9995e9) return `${formatTrimmed(bitsPerSecond / 1e9)}${space}Gbit/s`;
  if (bitsPerSecond >= 0.9995e6) return `${formatTrimmed(bitsPerSecond / 1e6)}${space}Mbit/s`;
  if (bitsPerSecond >= 0.9995e3) return `${formatTrimmed(bitsPerSecond / 1e3)}${space}kbit/s`;
  return `${formatTrimmed(bitsPerSecond)}${space}bit/s`;
}

export function formatRoundTrip(rttMs: number): string {
  return `${formatTrimmed(rttMs)}${space}ms RTT`;
}

/** A link in words. */
export function formatLink(link: {
  readonly backend: 'inline' | 'kernel' | 'none';
  readonly bitsPerSecond: number;
  readonly rttMs: number;
  readonly topology?: 'pair' | 'nic' | 'shared';
  readonly tcp?: 'warm' | 'cubic' | 'real';
  readonly matrix?: unknown;
}): string {
  if (link.backend === 'none') return 'raw loopback, nothing imposed';
  return [
    formatBitRate(link.bitsPerSecond),
    formatRoundTrip(link.rttMs),
    ...(link.topology === 'nic' ? ['one network card each'] : []),
    ...(link.topology === 'shared' ? ['one queue for all'] : []),
    ...(link.matrix === undefined ? [] : ['links differ']),
    ...(link.backend === 'kernel' ? ['real TCP'] : []),
    ...(link.backend === 'inline' && link.tcp === 'cubic' ? ['slow start modelled'] : []),
  ].join(', ');
}

/** 0.9375 -> "93.8 %". */
export function formatPercent(fraction: number, decimals = 1): string {
  if (!Number.isFinite(fraction)) return missing;
  return `${(fraction * 100).toFixed(decimals).replace('-', thinMinus)}${space}%`;
}

export function proportionValue(p: Proportion): number {
  return p.n === 0 ? Number.NaN : p.correct / p.n;
}

/** "93.8 % (15 of 16; 95 % interval 71.7 to 98.9 %)". */
export function formatProportion(p: Proportion): string {
  return `${formatPercent(proportionValue(p))} (${formatCount(p.correct)} of ${formatCount(p.n)}; ${formatInterval(p)})`;
}

export function formatInterval(p: Proportion): string {
  return `95${space}% interval ${(p.low * 100).toFixed(1)} to ${formatPercent(p.high)}`;
}

/** What stands under a median: its interval, or plainly the range when n is too small for one. */
export function formatSpread(median: Median, format: (value: number) => string): string {
  if (median.n <= 1) return `n = ${median.n}, no interval`;
  if (median.low !== null && median.high !== null) {
    return `n = ${formatCount(median.n)}, 95${space}% interval ${format(median.low)} to ${format(median.high)}`;
  }
  return `n = ${formatCount(median.n)}, range ${format(median.min)} to ${format(median.max)}`;
}

/** 1.63 -> "×1.63". */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? `\u00d7${formatSignificant(ratio)}` : missing;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "22 Nov 2026, 18:05 UTC": one clock for everybody who reads the same permalink. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return missing;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** "3 min ago". */
export function formatAgo(iso: string, now: number): string {
  const seconds = Math.round((now - new Date(iso).getTime()) / 1000);
  if (!Number.isFinite(seconds)) return missing;
  if (seconds < 45) return 'just now';
  if (seconds < 90 * 60) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}

/** A server's sentence as a page shows it: with a capital and a full stop. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** First characters of a hash: enough to tell two apart on a page. */
export function shortHash(hash: string): string {
  return hash.slice(0, 10);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

export function joined(quantity: Quantity): string {
  return quantity.unit === '' ? quantity.value : `${quantity.value}${space}${quantity.unit}`;
}

/** Three digits without trailing zeros: for numbers that somebody asked for, not measured. */
function formatTrimmed(value: number): string {
  return trimmed.format(value);
}
