/** A part that may be wider or longer than its room: it scrolls, also with the keyboard, and has a name. */
import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import classes from './scroll.module.css';

interface ScrollProps {
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Scroll({ label, className, children }: ScrollProps) {
  return (
    // Without a place in the tab order nobody could scroll it with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={clsx(classes.scroll, className)} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
