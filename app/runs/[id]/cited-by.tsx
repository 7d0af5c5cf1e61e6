'use client';
/** Notebooks that cite a run; nothing where there is none. */
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Panel } from '../../_components/panel.tsx';
import { Notice } from '../../_components/states.tsx';
import { useTRPC } from '../../_lib/trpc.ts';

export function CitedBy({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.runs.citedBy.queryOptions({ id: runId }));
  if (error !== null) {
    return <Notice tone="bad">Notebooks that cite it cannot be read: {error.message}</Notice>;
  }
  if (data === undefined || data.length === 0) return null;
  return (
    <Panel title="Related notebooks" note="They cite this run, or ask for the very same.">
      <ul>
        {data.map(({ id, title, shipped }) => (
          <li key={id}>
            <Link href={`/n/${id}`}>{title}</Link>
            {shipped && ', shipped'}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
