import type { Metadata } from 'next';
import { NewTraining } from './new-training.tsx';

export const metadata: Metadata = { title: 'New training' };

export default function NewTrainingPage() {
  return <NewTraining />;
}
