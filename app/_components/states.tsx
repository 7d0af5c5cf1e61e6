'use client';
/**
 * What a page shows when it has nothing, nothing yet, or an error. Each offers one way on. Of plain
 * elements: the error page, which every page loads beside its own, is made of them.
 */
import Link from 'next/link';
import { useEffect, useState, type ReactNode } from 'react';
import { asSentence } from '../../server/api/schemas/format.ts';
import { Icon } from './icon.tsx';
import classes from './states.module.css';

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: { readonly href: string; readonly word: string };
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className={classes.empty}>
      <h2>{title}</h2>
      <p>{children}</p>
      {action !== undefined && (
        <Link href={action.href} className={classes.way}>
          {action.word}
        </Link>
      )}
    </div>
  );
}

interface FailureProps {
  readonly title: string;
  readonly reason: string;
  readonly retry?: (() => void) | undefined;
}

export function Failure({ title, reason, retry }: FailureProps) {
  return (
    <div className={classes.failure} role="alert">
      <span className={classes.failureIcon}>
        <Icon name="warning" />
      </span>
      <div>
        <h2>{title}</h2>
        <p>{asSentence(reason)}</p>
        {retry !== undefined && (
          <button type="button" className={classes.again} onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

/** Holds the place of what is coming; after three seconds it says that it is slow. */
export function Waiting({ what, height = 220 }: { what: string; height?: number }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 3000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <output className={classes.waiting} style={{ minHeight: height }}>
      <div className={classes.skeleton} style={{ height: height - 30 }} />
      <p className={slow ? undefined : 'visually-hidden'}>
        {slow ? `Still reading ${what}. The server is slow to answer.` : `Reading ${what}`}
      </p>
    </output>
  );
}

/** One quiet line with an icon inside a page, for what must not be overlooked. */
export function Notice({
  tone = 'warn',
  children,
}: {
  tone?: 'warn' | 'bad' | 'info';
  children: ReactNode;
}) {
  return (
    <div className={classes.notice} data-tone={tone}>
      <Icon name={tone === 'info' ? 'info' : 'warning'} size={16} />
      <div>{children}</div>
    </div>
  );
}
