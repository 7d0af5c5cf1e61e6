/** Runs that were asked for exactly this: open one, or measure once more. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { plural, shortHash } from '../../server/api/schemas/format.ts';
import classes from './preview-panel.module.css';

interface IdenticalProps {
  /** Newest first; perhaps not all. */
  readonly ids: readonly string[];
  readonly count: number;
}

export function Identical({ ids, count }: IdenticalProps) {
  const [newest, ...others] = ids;
  if (newest === undefined) return null;
  return (
    <div className={classes.identical}>
      <p>
        {plural(count, 'finished run')} with exactly this spec:{' '}
        <Link href={`/runs/${newest}`}>
          {count === 1 ? `open ${shortHash(newest)}` : `open the newest, ${shortHash(newest)}`}
        </Link>
        {others.slice(0, 2).map((id) => (
          <span key={id}>
            , <Link href={`/runs/${id}`}>{shortHash(id)}</Link>
          </span>
        ))}
        , or add repeats: the same once more, to be compared with them.
      </p>
      {count > 1 && (
        <Button
          component={Link}
          href={`/compare?runs=${ids.slice(0, 20).join(',')}`}
          variant="default"
          size="xs"
        >
          Compare them
        </Button>
      )}
    </div>
  );
}
