'use client';
/** What stands far down a page: fetched and drawn when somebody comes near it, its place kept until then. */
import { Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { Waiting } from './states.tsx';

/** Pixels below the window from which on it is wanted. */
const near = 300;

interface WhenSeenProps {
  readonly what: string;
  readonly height: number;
  readonly children: ReactNode;
}

export function WhenSeen({ what, height, children }: WhenSeenProps) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: `${near}px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} style={seen ? undefined : { minHeight: height }}>
      {seen && <Suspense fallback={<Waiting what={what} height={height} />}>{children}</Suspense>}
    </div>
  );
}
