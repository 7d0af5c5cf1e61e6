/** Words and addresses that the papers' pages share. Numbers are formatted by format.ts. */
import { formatCount, formatRatio, formatSignificant } from '../../server/api/schemas/format.ts';
import type {
  CellIncludes,
  CellUnit,
  PaperCell,
  PaperSlug,
} from '../../server/api/schemas/papers.ts';

export const paperNames: Readonly<Record<PaperSlug, string>> = {
  mpcformer: 'MPCFormer',
  puma: 'PUMA',
  mpcvit: 'MPCViT',
};

/** Plain numbers where there is no unit to write. */
const unitText: Readonly<Record<CellUnit, string>> = {
  s: 's',
  GB: 'GB',
  MB: 'MB',
  rounds: 'rounds',
  '%': '%',
  MCC: 'MCC',
  x: '',
  perplexity: '',
  index: '',
};

export const withUnit = (text: string, unit: CellUnit): string =>
  unit === 'x' ? `×${text}` : unitText[unit] === '' ? text : `${text}\u00a0${unitText[unit]}`;

/** A value of ours in the unit of the cell. */
export function cellValue(value: number, unit: CellUnit): string {
  if (unit === 'x') return formatRatio(value);
  return withUnit(unit === 'rounds' ? formatCount(value) : formatSignificant(value, 4), unit);
}

/** A difference to the printed value: signed, and of shares in points. */
export function cellDifference(value: number, unit: CellUnit): string {
  const text = `${value > 0 ? '+' : ''}${formatSignificant(value, 3)}`;
  return unit === '%' ? `${text}\u00a0points` : unit === 'x' ? text : withUnit(text, unit);
}

/** As printed in the paper, with its unit. */
export const reportedText = ({ printed, reported, unit }: PaperCell): string =>
  reported === null ? 'not printed' : withUnit(printed, unit);

const scopeWords = { perParty: 'one party', total: 'all parties', unknown: 'whose: not said' };
const directionWords = {
  sent: 'sent',
  sentAndReceived: 'sent and received',
  unknown: 'direction not said',
};
const phaseWords = { online: 'online', all: 'all phases', unknown: 'phase not said' };
const dealerWords = {
  included: 'dealer counted',
  excluded: 'dealer not counted',
  none: 'no dealer',
  unknown: 'dealer not said',
};
const prefixWords = {
  decimal: 'powers of 1000',
  binary: 'powers of 1024',
  unknown: 'prefix not said',
};

/** What a printed amount of bytes counts; empty for what is no bytes. */
export function includesText(includes: CellIncludes): string {
  const { scope, direction, phase, dealer, prefix } = includes;
  return [
    scope === null ? null : scopeWords[scope],
    direction === null ? null : directionWords[direction],
    phase === null ? null : phaseWords[phase],
    dealer === null ? null : dealerWords[dealer],
    prefix === null ? null : prefixWords[prefix],
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** Address of one cell, with its panel open. Null for an id that is none. */
export function cellAddress(id: string): string | null {
  const [slug, table, ...rest] = id.split('.');
  if (slug === undefined || table === undefined || rest.length < 2) return null;
  return `/papers/${slug}?table=${table}&cell=${id}`;
}
