import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Waiting } from '../../_components/states.tsx';
import { SideBySidePage } from './side-by-side-page.tsx';

export const metadata: Metadata = { title: 'Papers side by side' };

export default function Page() {
  return (
    <Suspense fallback={<Waiting what="the methods" height={720} />}>
      <SideBySidePage />
    </Suspense>
  );
}
