/** Names and values in two columns. */
import { Fragment, type ReactNode } from 'react';
import classes from './key-values.module.css';

export function KeyValues({
  entries,
}: {
  entries: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <dl className={classes.list}>
      {entries.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
