'use client';
/** A number that knows what is behind it: its class as a mark, its runs one click away. */
import Link from 'next/link';
import { plural, shortHash } from '../../server/api/schemas/format.ts';
import { classWords } from '../../server/api/schemas/notebook-evaluate-expression.ts';
import {
  formatPlain,
  type RowClass,
  type Scalar,
} from '../../server/api/schemas/notebook-table.ts';
import { provenanceWords, ProvenanceMark } from '../_components/provenance.tsx';
import classes from './notebook.module.css';

/** Runs that an address can name. */
const mostLinked = 50;

/** Where the runs behind something can be looked at; null without any. */
export function runsHref(runs: readonly string[]): string | null {
  const [only, ...others] = runs;
  if (only === undefined) return null;
  return others.length === 0
    ? `/runs/${only}`
    : `/compare?runs=${runs.slice(0, mostLinked).join(',')}`;
}

const runsText = (runs: readonly string[]): string =>
  runs.length === 0
    ? 'no run'
    : runs.length <= 3
      ? `run ${runs.map((id) => shortHash(id)).join(', ')}`
      : plural(runs.length, 'run');

/** "measured; run abc, def" */
export const behindText = ({ classes: of, runs }: Pick<Scalar, 'classes' | 'runs'>): string =>
  `${classWords(of)}; ${runsText(runs)} behind it`;

export function Value({ scalar }: { readonly scalar: Scalar }) {
  const text = formatPlain(scalar.value, scalar.format);
  const shown = text === '' ? '–' : text;
  const title = behindText(scalar);
  const href = runsHref(scalar.runs);
  const [first] = scalar.classes;
  const data = { 'data-class': scalar.classes.length > 1 ? 'several' : (first ?? 'computed') };
  return href === null ? (
    <span className={classes.value} title={title} {...data}>
      {shown}
    </span>
  ) : (
    <Link href={href} className={classes.value} title={title} {...data}>
      {shown}
    </Link>
  );
}

/** A row's class in the house's visual language; what the notebook itself computed has its word alone. */
export function ClassMark({ of }: { readonly of: RowClass }) {
  if (of === 'computed') return <span title="computed by a cell of this notebook">computed</span>;
  if (of === 'measured, shipped') {
    return (
      <span className={classes.shipped} title="measured elsewhere, came with Parley">
        <ProvenanceMark of="measured" /> shipped
      </span>
    );
  }
  return of in provenanceWords ? <ProvenanceMark of={of} /> : <span>{of}</span>;
}
