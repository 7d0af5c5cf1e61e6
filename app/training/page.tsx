import type { Metadata } from 'next';
import { Trainings } from './trainings.tsx';

export const metadata: Metadata = { title: 'Training' };

export default function TrainingPage() {
  return <Trainings />;
}
