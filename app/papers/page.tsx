import type { Metadata } from 'next';
import { PapersPage } from './papers-page.tsx';

export const metadata: Metadata = { title: 'Papers' };

export default function Page() {
  return <PapersPage />;
}
