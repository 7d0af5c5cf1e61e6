import type { Metadata } from 'next';
import { Permalink } from './permalink.tsx';

export const metadata: Metadata = {
  title: 'Frozen copy',
  robots: { index: false, follow: false },
};

export default async function Page({ params }: { params: Promise<{ readonly slug: string }> }) {
  return <Permalink slug={(await params).slug} />;
}
