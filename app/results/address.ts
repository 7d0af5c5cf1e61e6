/**
 * The results' state in their address, short and readable: `/results?q=acc>0.9&diff=1`, or a saved
 * view and what differs from it: `/results?view=k3...&q=...`. Pure.
 */
import { quoted } from '../../server/api/schemas/results-tokens.ts';
import { columnById } from '../../server/api/schemas/results-columns.ts';
import type { ViewState } from '../../server/api/schemas/results-view.ts';

/** What somebody changed of a view. */
export type Edits = Partial<ViewState>;

export interface Address {
  readonly view: string | null;
  readonly edits: Edits;
}

/** More runs than this are selected on the page alone: an address has to stay short. */
export const mostInAddress = 40;

const list = (text: string | null): readonly string[] =>
  (text ?? '').split(',').filter((part) => part !== '');

export function readAddress(query: URLSearchParams): Address {
  const columns = list(query.get('cols')).filter((id) => columnById(id) !== undefined);
  // Addresses of an earlier version: filters of their own, and `compare` for the selection.
  const old = [
    ...(query.has('state') ? [`state:${quoted(query.get('state') ?? '')}`] : []),
    ...(query.has('approx') ? [`approx=${quoted(query.get('approx') ?? '')}`] : []),
  ].join(' ');
  const selected = list(query.get('select') ?? query.get('compare'));
  const q = query.get('q') ?? (old === '' ? null : old);
  const sort = query.get('sort');
  return {
    view: query.get('view'),
    edits: {
      ...(q === null && sort === null
        ? {}
        : { q: [q ?? '', sort === null ? '' : `sort:${sort}`].join(' ').trim() }),
      ...(columns.length === 0 ? {} : { columns: [...columns] }),
      ...(query.has('diff') ? { diffOnly: query.get('diff') === '1' } : {}),
      ...(query.has('units')
        ? { units: query.get('units') === 'binary' ? 'binary' : 'decimal' }
        : {}),
      // An old address with `compare` was that of a comparison.
      ...(query.has('charts') || query.has('compare')
        ? { charts: query.get('charts') === '' ? [] : ['comparison'] }
        : {}),
      ...(query.has('baseline') ? { baseline: query.get('baseline') || null } : {}),
      ...(selected.length === 0 ? {} : { selected: [...selected] }),
    },
  };
}

/** `base` is the view that the edits are of: what equals it is not written. */
export function writeAddress(view: string | null, state: ViewState, base: ViewState): string {
  const parts: string[] = [];
  // Encoded by hand: an address is read by people, and `:`, `,`, `/` and `>` need no escape there.
  const add = (key: string, value: string): void =>
    void parts.push(
      `${key}=${encodeURIComponent(value)
        .replaceAll(/%(3A|2C|2F|3E|3C|3D)/g, (code) => decodeURIComponent(code))
        .replaceAll('%20', '+')}`,
    );
  if (view !== null) add('view', view);
  if (state.q !== base.q) add('q', state.q);
  if (state.columns.join() !== base.columns.join()) add('cols', state.columns.join(','));
  if (state.diffOnly !== base.diffOnly) add('diff', state.diffOnly ? '1' : '0');
  if (state.units !== base.units) add('units', state.units);
  if (state.charts.join() !== base.charts.join()) add('charts', state.charts.join(','));
  if (state.baseline !== base.baseline) add('baseline', state.baseline ?? '');
  const { selected } = state;
  const same = selected.join() === base.selected.join();
  if (!same && selected.length <= mostInAddress) add('select', selected.join(','));
  return parts.length === 0 ? '/results' : `/results?${parts.join('&')}`;
}

/** Whether a view was changed since it was saved. */
export function differs(a: ViewState, b: ViewState): boolean {
  return (
    a.q !== b.q ||
    a.columns.join() !== b.columns.join() ||
    a.diffOnly !== b.diffOnly ||
    a.units !== b.units ||
    a.baseline !== b.baseline ||
    a.charts.join() !== b.charts.join() ||
    a.selected.join() !== b.selected.join() ||
    Object.keys({ ...a.widths, ...b.widths }).some((id) => a.widths[id] !== b.widths[id])
  );
}

/** The table that a state shows, as a file. */
export function fileAddress(
  format: 'csv' | 'json' | 'md' | 'tex',
  { q, columns, units, baseline }: Pick<ViewState, 'q' | 'columns' | 'units' | 'baseline'>,
  only: readonly string[] = [],
): string {
  const query = new URLSearchParams();
  if (only.length > 0) query.set('runs', only.join(','));
  else if (q !== '') query.set('q', q);
  query.set('cols', columns.join(','));
  if (units !== 'decimal') query.set('units', units);
  if (baseline !== null) query.set('baseline', baseline);
  return `/api/results.${format}?${query.toString()}`;
}

/** An address that names more runs is longer than servers take. */
export const mostNamed = 300;
