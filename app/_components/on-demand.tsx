'use client';
/**
 * A button whose menu, form or dialog is fetched when it is first wanted: until then only this button
 * stands there, and it looks like the one that takes its place.
 */
import { Button, type ButtonProps } from '@mantine/core';
import { Suspense, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react';

interface OnDemandProps extends ButtonProps {
  readonly label: ReactNode;
  /** For a button without words. */
  readonly name?: string;
  readonly opens: 'menu' | 'dialog';
  /** The fetched part, which begins with a button of its own that opens it. */
  readonly children: ReactNode;
}

export function OnDemand({ label, name, opens, children, ...look }: OnDemandProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [wanted, setWanted] = useState(false);
  const button = (
    <Button
      {...look}
      aria-haspopup={opens}
      {...(name === undefined ? {} : { 'aria-label': name })}
      onClick={() => setWanted(true)}
    >
      {label}
    </Button>
  );
  return (
    <span ref={place} style={{ display: 'contents' }}>
      {wanted ? (
        <Suspense fallback={button}>
          {children}
          <PressFirst place={place} />
        </Suspense>
      ) : (
        button
      )}
    </span>
  );
}

/** Hands focus and the click over to the button that has taken the place. */
function PressFirst({ place }: { readonly place: RefObject<HTMLElement | null> }) {
  useLayoutEffect(() => {
    const button = place.current?.querySelector('button');
    button?.focus();
    button?.click();
  }, [place]);
  return null;
}
