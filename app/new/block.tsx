/** One numbered part of the Run form; on a phone its line says what is chosen, and opens it. */
import { useId, type ReactNode } from 'react';
import { Icon } from '../_components/icon.tsx';
import classes from './new-run.module.css';

/** What a field means stands under it, where it does not push its input down. */
export const inputOrder: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

export interface BlockFold {
  readonly open: boolean;
  /** One line: what is chosen. */
  readonly summary: string;
  /** Something in it has to be settled. */
  readonly faulty: boolean;
  readonly toggle: () => void;
}

interface BlockProps {
  readonly number: number;
  readonly title: string;
  /** Null: always open. */
  readonly fold: BlockFold | null;
  readonly children: ReactNode;
}

export function Block({ number, title, fold, children }: BlockProps) {
  const id = useId();
  const heading = (
    <>
      <span className={classes.number} aria-hidden="true">
        {number}
      </span>
      {title}
    </>
  );
  return (
    <section className={classes.block} aria-labelledby={id}>
      {fold === null ? (
        <h2 id={id}>{heading}</h2>
      ) : (
        <h2 id={id} className={classes.foldHeading}>
          <button
            type="button"
            className={classes.fold}
            aria-expanded={fold.open}
            aria-controls={`${id}-body`}
            onClick={fold.toggle}
          >
            <span className={classes.foldTitle}>{heading}</span>
            <span className={classes.summary} data-faulty={fold.faulty || undefined}>
              {fold.faulty && 'To settle: '}
              {fold.summary}
            </span>
            <span className={classes.chevron} aria-hidden="true" data-open={fold.open || undefined}>
              <Icon name="play" size={14} />
            </span>
          </button>
        </h2>
      )}
      {/* Hidden, not gone: what is typed in it stays, and its faults can be led to. */}
      <div id={`${id}-body`} className={classes.blockBody} hidden={fold?.open === false}>
        {children}
      </div>
    </section>
  );
}
