import type { Metadata } from 'next';
import { LearnModels } from './learn-models.tsx';

export const metadata: Metadata = { title: 'Models' };

export default function ModelsPage() {
  return <LearnModels />;
}
