import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Waiting } from '../_components/states.tsx';
import { ComparePage } from './compare-page.tsx';

export const metadata: Metadata = { title: 'Compare' };

export default function Page() {
  return (
    <Suspense fallback={<Waiting what="the comparison" height={640} />}>
      <ComparePage />
    </Suspense>
  );
}
