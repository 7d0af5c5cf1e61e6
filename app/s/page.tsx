import type { Metadata } from 'next';
import { Published } from './published.tsx';

export const metadata: Metadata = {
  title: 'Published links',
  robots: { index: false, follow: false },
};

export default function Page() {
  return <Published />;
}
