import type { Metadata } from 'next';
import { TrainingView } from './training-view.tsx';

export const metadata: Metadata = { title: 'Training' };

export default async function TrainingRunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <TrainingView id={id} />;
}
