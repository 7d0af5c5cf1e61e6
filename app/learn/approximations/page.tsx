import type { Metadata } from 'next';
import { LearnApproximations } from './learn-approximations.tsx';

export const metadata: Metadata = { title: 'Approximations' };

export default function ApproximationsPage() {
  return <LearnApproximations />;
}
