'use client';
/** A ribbon over a frozen copy: the same was measured again since. The copy stays as it is. */
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { formatDate, plural } from '../../../server/api/schemas/format.ts';
import { Notice } from '../../_components/states.tsx';
import { useTRPC } from '../../_lib/trpc.ts';

/** More ids make no address. */
const mostCompared = 40;

export function Newer({ slug }: { slug: string }) {
  const trpc = useTRPC();
  // Where it cannot be known, nothing is said: the copy is whole without it.
  const { data } = useQuery(trpc.permalinks.newer.queryOptions({ slug }, { retry: false }));
  const [first, ...others] = data?.newest ?? [];
  if (data === undefined || first === undefined) return null;
  const href =
    others.length === 0
      ? `/runs/${first.id}`
      : `/compare?runs=${[first, ...others]
          .slice(0, mostCompared)
          .map(({ id }) => id)
          .join(',')}`;
  return (
    <Notice>
      Newer data exists: {plural(data.runs, 'run')} of the same{' '}
      {others.length === 0 ? 'spec' : 'specs'} ended since, the last {formatDate(first.finishedAt)}.{' '}
      <Link href={href}>
        {others.length === 0
          ? 'Open it'
          : `Compare the newest of each${others.length + 1 > mostCompared ? `, the first ${mostCompared}` : ''}`}
      </Link>
    </Notice>
  );
}
