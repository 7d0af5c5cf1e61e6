import type { Metadata } from 'next';
import { LearnNetworks } from './learn-networks.tsx';

export const metadata: Metadata = { title: 'Networks' };

export default function NetworksPage() {
  return <LearnNetworks />;
}
