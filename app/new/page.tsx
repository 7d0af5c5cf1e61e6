import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Waiting } from '../_components/states.tsx';
import { NewRun } from './new-run.tsx';

export const metadata: Metadata = { title: 'Run' };

export default function NewRunPage() {
  return (
    <Suspense fallback={<Waiting what="the form" height={600} />}>
      <NewRun />
    </Suspense>
  );
}
