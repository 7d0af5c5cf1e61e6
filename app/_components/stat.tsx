/** One headline number: what it is, the value with its unit, and how sure it is. */
import type { ReactNode } from 'react';
import type { Quantity } from '../../server/api/schemas/format.ts';
import classes from './stat.module.css';

interface StatProps {
  readonly label: string;
  readonly quantity: Quantity;
  /** n and interval, or what makes the number exact. */
  readonly note?: ReactNode;
  /** The full value, shown on hover. */
  readonly exact?: string;
}

export function Stat({ label, quantity, note, exact }: StatProps) {
  return (
    <div className={classes.stat}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value} title={exact}>
        {quantity.value}
        {quantity.unit !== '' && <span className={classes.unit}> {quantity.unit}</span>}
      </dd>
      {note !== undefined && <dd className={classes.note}>{note}</dd>}
    </div>
  );
}

/** Stats side by side, divided by hairlines. */
export function StatRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <dl className={classes.row} aria-label={label}>
      {children}
    </dl>
  );
}
