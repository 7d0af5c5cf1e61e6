/** One numbered part of the Run form. */
import { useId, type ReactNode } from 'react';
import classes from './new-run.module.css';

/** What a field means stands under it, where it does not push its input down. */
export const inputOrder: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

export function Block({
  number,
  title,
  children,
}: {
  number: number;
  title: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={classes.block} aria-labelledby={id}>
      <h2 id={id}>
        <span className={classes.number} aria-hidden="true">
          {number}
        </span>
        {title}
      </h2>
      <div className={classes.blockBody}>{children}</div>
    </section>
  );
}
