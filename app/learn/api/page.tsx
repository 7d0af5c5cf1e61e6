import type { Metadata } from 'next';
import { LearnApi } from './learn-api.tsx';

export const metadata: Metadata = { title: 'REST interface' };

export default function ApiPage() {
  return <LearnApi />;
}
