import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Waiting } from '../_components/states.tsx';
import { Results } from './results.tsx';

export const metadata: Metadata = { title: 'Results' };

export default function ResultsPage() {
  return (
    <Suspense fallback={<Waiting what="the results" height={600} />}>
      <Results />
    </Suspense>
  );
}
