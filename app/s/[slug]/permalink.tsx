'use client';
/** A run as it was when somebody froze it. Nothing on this page changes anything. */
import { CopyButton } from '../../_components/copy-button.tsx';
import { Icon } from '../../_components/icon.tsx';
import { Stack } from '../../_components/panel.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { usePermalink } from '../../_lib/api.ts';
import { formatDate, shortHash } from '../../../server/api/schemas/format.ts';
import { RunView } from '../../_run/run-view.tsx';
import classes from './permalink.module.css';

export function Permalink({ slug }: { slug: string }) {
  const permalink = usePermalink(slug);
  if (permalink.data === undefined) {
    return permalink.error === null ? (
      <Waiting what="the frozen run" height={640} />
    ) : (
      <Failure title="There is nothing here" reason={permalink.error} retry={permalink.retry} />
    );
  }
  const { run, createdAt, contentHash } = permalink.data;
  return (
    <Stack>
      <section className={classes.banner} aria-label="Frozen copy">
        <Icon name="lock" />
        <p>
          Frozen on <time dateTime={createdAt}>{formatDate(createdAt)}</time>, read-only. Content
          hash <code title={contentHash}>{shortHash(contentHash)}</code>.
        </p>
        <CopyButton value={contentHash} label="Copy hash" variant="subtle" />
      </section>
      <RunView run={run} />
    </Stack>
  );
}
