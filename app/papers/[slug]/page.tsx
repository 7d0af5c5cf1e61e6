import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { paperSlugSchema } from '../../../server/api/schemas/papers-requests.ts';
import { Waiting } from '../../_components/states.tsx';
import { paperNames } from '../words.ts';
import { PaperPage } from './paper-page.tsx';

interface Parameters {
  readonly params: Promise<{ readonly slug: string }>;
}

export async function generateMetadata({ params }: Parameters): Promise<Metadata> {
  const slug = paperSlugSchema.safeParse((await params).slug).data;
  return { title: slug === undefined ? 'Papers' : paperNames[slug] };
}

export default async function Page({ params }: Parameters) {
  const slug = paperSlugSchema.safeParse((await params).slug).data;
  if (slug === undefined) notFound();
  return (
    <Suspense fallback={<Waiting what="the paper" height={720} />}>
      <PaperPage slug={slug} />
    </Suspense>
  );
}
