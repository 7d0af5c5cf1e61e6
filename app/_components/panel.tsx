/** A titled part of a page. */
import { clsx } from 'clsx';
import { useId, type ReactNode } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  readonly title: ReactNode;
  /** One quiet sentence under the title. */
  readonly note?: ReactNode;
  /** Small things at the title's right. */
  readonly aside?: ReactNode;
  /** Without frame and ground, for a part that carries its own. */
  readonly plain?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, note, aside, plain = false, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx(classes.panel, plain && classes.plain)}>
      <header className={classes.header}>
        <div>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <p className={classes.note}>{note}</p>}
        </div>
        {aside !== undefined && <div className={classes.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** Panels under one another with even gaps. */
export function Stack({ children, gap = 24 }: { children: ReactNode; gap?: number }) {
  return (
    <div className={classes.stack} style={{ gap }}>
      {children}
    </div>
  );
}
