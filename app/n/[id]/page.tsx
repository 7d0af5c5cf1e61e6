import type { Metadata } from 'next';
import { NotebookPage } from './notebook-page.tsx';

export const metadata: Metadata = { title: 'Notebook' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <NotebookPage key={id} id={id} />;
}
