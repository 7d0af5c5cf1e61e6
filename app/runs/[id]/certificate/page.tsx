import type { Metadata } from 'next';
import { CertificatePage } from './certificate-page.tsx';

interface Parameters {
  readonly params: Promise<{ readonly id: string }>;
}

export async function generateMetadata({ params }: Parameters): Promise<Metadata> {
  return { title: `Link certificate of run ${(await params).id}` };
}

export default async function Page({ params }: Parameters) {
  return <CertificatePage id={(await params).id} />;
}
