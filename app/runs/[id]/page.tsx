import type { Metadata } from 'next';
import { RunPage } from './run-page.tsx';

interface Parameters {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata({ params }: Parameters): Promise<Metadata> {
  return { title: `Run ${(await params).id}` };
}

export default async function Page({ params }: Parameters) {
  return <RunPage id={(await params).id} />;
}
