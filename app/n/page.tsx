import type { Metadata } from 'next';
import { Notebooks } from './notebooks.tsx';

export const metadata: Metadata = { title: 'Notebooks' };

export default function Page() {
  return <Notebooks />;
}
