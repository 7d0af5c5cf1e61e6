'use client';
import { Failure } from './_components/states.tsx';

/** A defect of a page: the rest of Parley goes on. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return <Failure title="This page broke" reason={error.message} retry={reset} />;
}
