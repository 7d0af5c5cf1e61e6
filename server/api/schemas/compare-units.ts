/**
 * The one unit switch of comparisons: which bytes are counted, over what, in which phase, and with
 * which prefixes they are written. Tables, charts and exports take their numbers from here, so they
 * cannot differ. Values are bytes and ms whatever the prefix; the prefix changes text only. Browser-safe.
 */
import type { ByteFamily } from './format.ts';
import type { RunSpec } from './run-spec.ts';
import type { Headline, Median } from './run-view.ts';

export const directions = ['sent', 'both-ways', 'total'] as const;
export const families = ['decimal', 'binary'] as const;
export const amounts = ['batch', 'sample', 'token'] as const;
export const unitPhases = ['online', 'offline', 'both'] as const;

export interface CompareUnits {
  /** Sent by the busiest role; sent and received by the busiest role; sent by all roles. */
  readonly direction: (typeof directions)[number];
  readonly family: ByteFamily;
  readonly per: (typeof amounts)[number];
  readonly phase: (typeof unitPhases)[number];
}

export const defaultUnits: CompareUnits = {
  direction: 'sent',
  family: 'decimal',
  per: 'sample',
  phase: 'online',
};

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Tokens of a sample that costs are stated for: the spec's, or where lengths are public those of the middle. */
export const statedTokens = (spec: RunSpec, headline: Pick<Headline, 'lengths'> | null): number =>
  headline?.lengths?.stated ?? spec.sequenceLength;

/** How many of the amount one full batch holds. Tokens count padding, as the protocol does. */
export function amountsPerBatch(
  spec: RunSpec,
  per: CompareUnits['per'],
  headline: Pick<Headline, 'lengths'> | null,
): number {
  const samples = Math.min(spec.measurement.batchSize, spec.dataset.samples);
  return per === 'batch' ? 1 : per === 'sample' ? samples : samples * statedTokens(spec, headline);
}

/** Payload bytes of one full batch by role: parties in order, then the dealer. */
function sentByRole(headline: Headline, phase: CompareUnits['phase']): readonly number[] {
  const { onlineBytesSent, offlineBytesSent, dealerBytes } = headline;
  const parties = onlineBytesSent.map(
    (online, party) =>
      (phase === 'offline' ? 0 : online) +
      (phase === 'online' ? 0 : (offlineBytesSent[party] ?? 0)),
  );
  return [...parties, phase === 'online' ? 0 : dealerBytes];
}

/**
 * Sent and received by the busiest role. Null where the bytes by link are not recorded, or do not add
 * up to those by sender: a guess would be worse than a gap.
 */
function busiestBothWays(headline: Headline, phase: CompareUnits['phase']): number | null {
  const sent = sentByRole(headline, phase);
  const links = Object.entries(headline.links).flatMap(([link, bytes]) => {
    const [from = '', to = ''] = link.split('>');
    const isOffline = from === 'dealer';
    const counts = phase === 'both' || (phase === 'offline') === isOffline;
    return counts ? [{ to, bytes }] : [];
  });
  if (sum(links.map(({ bytes }) => bytes)) !== sum(sent)) return null;
  const received = (role: string): number =>
    sum(links.flatMap(({ to, bytes }) => (to === role ? [bytes] : [])));
  return Math.max(
    ...sent.map(
      (bytes, index) =>
        bytes + received(index === headline.onlineBytesSent.length ? 'dealer' : String(index)),
    ),
  );
}

/** Bytes in these units; null where they are not known. */
export function bytesIn(headline: Headline, spec: RunSpec, units: CompareUnits): number | null {
  const { direction, phase, per } = units;
  const batch =
    direction === 'both-ways'
      ? busiestBothWays(headline, phase)
      : direction === 'total'
        ? sum(sentByRole(headline, phase))
        : Math.max(...sentByRole(headline, phase), 0);
  return batch === null ? null : batch / amountsPerBatch(spec, per, headline);
}

function scaled(median: Median, factor: number): Median {
  const times = (value: number | null): number | null => (value === null ? null : value * factor);
  return {
    median: median.median * factor,
    n: median.n,
    low: times(median.low),
    high: times(median.high),
    min: median.min * factor,
    max: median.max * factor,
  };
}

/** Wall time in ms in these units. Online times per sample are medians of their own. */
export function timeIn(headline: Headline, spec: RunSpec, { per, phase }: CompareUnits): Median {
  if (phase === 'online') {
    if (per === 'batch') return headline.onlineMs;
    if (per === 'sample') return headline.onlineMsPerSample;
    return scaled(headline.onlineMsPerSample, 1 / statedTokens(spec, headline));
  }
  const whole = phase === 'offline' ? headline.offlineMs : headline.totalMs;
  return per === 'batch' ? whole : scaled(whole, 1 / amountsPerBatch(spec, per, headline));
}

const phaseKeys = { online: 'online', offline: 'offline', both: 'total' } as const;
const directionKeys = {
  sent: 'sent_bytes_max',
  'both-ways': 'sent_and_received_bytes_max',
  total: 'sent_bytes_sum',
} as const;

/** Column name of the bytes in a CSV. */
export const bytesKey = ({ direction, phase, per }: CompareUnits): string =>
  `${phaseKeys[phase]}_${directionKeys[direction]}_per_${per}`;

/** Column name of the time in a CSV. */
export const timeKey = ({ phase, per }: CompareUnits): string =>
  `${phaseKeys[phase]}_ms_per_${per}`;

export const phaseWords = {
  online: 'online',
  offline: 'offline',
  both: 'online + offline',
} as const;
export const directionWords = {
  sent: 'sent per party (max)',
  'both-ways': 'sent + received (max)',
  total: 'sent, all parties',
} as const;

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "Sent per party (max), online, per sample". The dealer counts as a party offline. */
export const bytesLabel = ({ direction, phase, per }: CompareUnits): string =>
  `${upper(directionWords[direction])}, ${phaseWords[phase]}, per ${per}`;

/** "Time online, per sample". */
export const timeLabel = ({ phase, per }: CompareUnits): string =>
  `Time ${phaseWords[phase]}, per ${per}`;

const familyWords = { decimal: 'GB', binary: 'GiB' } as const;

/** Units as an address writes them: `sent,GB,sample,online`. */
export const writeUnits = ({ direction, family, per, phase }: CompareUnits): string =>
  [direction, familyWords[family], per, phase].join(',');

/** Units of an address; words that are not understood leave the default. */
export function readUnits(text: string | null): CompareUnits {
  const words = (text ?? '').split(',');
  const pick = <T extends string>(all: readonly T[], otherwise: T): T =>
    all.find((value) => words.includes(value)) ?? otherwise;
  return {
    direction: pick(directions, defaultUnits.direction),
    family: words.includes('GiB') ? 'binary' : 'decimal',
    per: pick(amounts, defaultUnits.per),
    phase: pick(unitPhases, defaultUnits.phase),
  };
}
