import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Waiting } from '../../_components/states.tsx';
import { LearnProtocols } from './learn-protocols.tsx';

export const metadata: Metadata = { title: 'Protocols' };

export default function ProtocolsPage() {
  return (
    <Suspense fallback={<Waiting what="the protocols" height={600} />}>
      <LearnProtocols />
    </Suspense>
  );
}
