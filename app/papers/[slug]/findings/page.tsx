import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { paperSlugSchema } from '../../../../server/api/schemas/papers-requests.ts';
import { paperNames } from '../../words.ts';
import { FindingsPage } from './findings-page.tsx';

interface Parameters {
  readonly params: Promise<{ readonly slug: string }>;
}

export async function generateMetadata({ params }: Parameters): Promise<Metadata> {
  const slug = paperSlugSchema.safeParse((await params).slug).data;
  return { title: slug === undefined ? 'Papers' : `${paperNames[slug]}: what we found` };
}

export default async function Page({ params }: Parameters) {
  const slug = paperSlugSchema.safeParse((await params).slug).data;
  if (slug === undefined) notFound();
  return <FindingsPage slug={slug} />;
}
