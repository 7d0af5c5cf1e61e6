import type { Metadata } from 'next';
import { previewImage } from '../../_lib/preview-image.ts';
import { previewOf } from '../../_notebook/preview.ts';
import { Permalink } from './permalink.tsx';

interface PageProps {
  readonly params: Promise<{ readonly slug: string }>;
}

/** What a chat shows of the link: the chart, drawn from the frozen numbers. Never in a search. */
export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { slug } = await params;
  const robots = { index: false, follow: false };
  const title = 'Frozen copy';
  if (!/^[a-z2-7]{32}$/.test(slug)) return { title, robots };
  const preview = await previewOf(`/s/${slug}.json`);
  const image = await previewImage(`/s/${slug}`);
  // A notebook says its own words, and its picture has its numbers.
  if (preview !== null) {
    return {
      title: preview.title,
      description: preview.description,
      robots,
      openGraph: { type: 'article', ...preview, images: [image] },
      twitter: { card: 'summary_large_image', ...preview, images: [image.url] },
    };
  }
  return {
    title,
    robots,
    openGraph: {
      type: 'article',
      title: 'Parley: a frozen copy of results',
      description: 'Private Transformer inference, run for real: numbers as they were when frozen.',
      images: [image],
    },
    twitter: { card: 'summary_large_image', images: [image.url] },
  };
}

export default async function Page({ params }: PageProps) {
  return <Permalink slug={(await params).slug} />;
}
