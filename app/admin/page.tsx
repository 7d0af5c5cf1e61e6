import type { Metadata } from 'next';
import { Admin } from './admin.tsx';

export const metadata: Metadata = { title: 'People' };

export default function AdminPage() {
  return <Admin />;
}
