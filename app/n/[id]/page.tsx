import type { Metadata } from 'next';
import { previewImage } from '../../_lib/preview-image.ts';
import { previewOf } from '../../_notebook/preview.ts';
import { NotebookPage } from './notebook-page.tsx';

interface PageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** Whoever edits needs no preview, and a preview asks for every result. */
export async function generateMetadata({ params, searchParams }: PageProps): Promise<Metadata> {
  const [{ id }, query] = await Promise.all([params, searchParams]);
  const preview = 'reader' in query ? await previewOf(`/n/${encodeURIComponent(id)}.json`) : null;
  if (preview === null) return { title: 'Notebook' };
  const { title, description } = preview;
  const image = await previewImage(`/n/${encodeURIComponent(id)}`);
  return {
    title,
    description,
    openGraph: { type: 'article', title, description, images: [image] },
    twitter: { card: 'summary_large_image', title, description, images: [image.url] },
  };
}

export default async function Page({ params, searchParams }: PageProps) {
  const [{ id }, query] = await Promise.all([params, searchParams]);
  const isReader = 'reader' in query;
  return (
    <>
      {isReader && (
        <noscript>
          <p>
            <a href={`/n/${encodeURIComponent(id)}.html`}>This notebook without scripts</a>
          </p>
        </noscript>
      )}
      <NotebookPage key={id} id={id} isReader={isReader} />
    </>
  );
}
