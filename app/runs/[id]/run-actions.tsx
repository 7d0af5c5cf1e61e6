'use client';
/** What can be done with a run that has ended. */
import { Button, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { lazy } from 'react';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Icon } from '../../_components/icon.tsx';
import { OnDemand } from '../../_components/on-demand.tsx';
import { useCreateRun, usePermalinksOf, usePublish, useRevoke } from '../../_lib/api.ts';
import { useLinkBase } from '../../_lib/api-compare.ts';
import { isLoopback, loopbackNote } from '../../_lib/loopback.ts';
import { formatDate } from '../../../server/api/schemas/format.ts';
import classes from './run-actions.module.css';

const CiteRun = lazy(() => import('./cite-run.tsx'));
const ExportRun = lazy(() => import('./export-run.tsx'));

/** For a link that is given to a reviewer, say. */
const daysOfShortLink = 30;

export function RunActions({ run }: { run: RunDetail }) {
  const router = useRouter();
  const create = useCreateRun();
  const publish = usePublish(run.id);
  const revoke = useRevoke(run.id);
  const permalinks = usePermalinksOf(run.id);
  const clipboard = useClipboard({ timeout: 2500 });
  const links = permalinks.data ?? [];
  const origin = useLinkBase();

  // What an imported run ran is not known in full: it cannot be run again.
  const imported = run.provenance === 'imported';
  const again = (): void =>
    create.mutate(run.spec, { onSuccess: ({ id }) => router.push(`/runs/${id}`) });
  const copyPermalink = (expiresInDays: number | null): void => {
    publish.mutate(
      { runId: run.id, expiresInDays },
      { onSuccess: ({ path }) => clipboard.copy(`${origin}${path}`) },
    );
  };
  const error = create.error ?? publish.error ?? revoke.error;
  // Without the list nobody could take a copy back: that has to be said.
  const failure = error?.message ?? permalinks.error;

  return (
    <div className={classes.actions}>
      <div className={classes.buttons}>
        {!imported && (
          <>
            <Button
              onClick={again}
              loading={create.isPending || create.isSuccess}
              leftSection={<Icon name="again" size={15} />}
            >
              {run.state === 'done' ? 'Repeat' : 'Retry'}
            </Button>
            <Button
              component={Link}
              href={`/new?fork=${encodeURIComponent(run.id)}`}
              variant="default"
              leftSection={<Icon name="fork" size={15} />}
            >
              Fork
            </Button>
          </>
        )}
        {run.state === 'done' && (
          <Button
            component={Link}
            href={`/compare?runs=${encodeURIComponent(run.id)}`}
            variant="default"
            leftSection={<Icon name="list" size={15} />}
          >
            Compare
          </Button>
        )}
        <Button
          variant="default"
          onClick={() => copyPermalink(null)}
          loading={publish.isPending}
          leftSection={<Icon name={clipboard.copied ? 'check' : 'link'} size={15} />}
          title="Publishes a frozen copy and copies its address"
        >
          Share
        </Button>
        <OnDemand
          variant="default"
          opens="dialog"
          leftSection={<Icon name="book" size={15} />}
          label="Cite"
        >
          <CiteRun id={run.id} />
        </OnDemand>
        <OnDemand
          variant="default"
          opens="menu"
          leftSection={<Icon name="download" size={15} />}
          label="Export"
        >
          <ExportRun run={run} />
        </OnDemand>
      </div>
      {isLoopback(origin) && <p className={classes.note}>{loopbackNote}</p>}
      {links.map(({ slug, path, createdAt, expiresAt }) => {
        const address = `${origin}${path}`;
        return (
          <section key={slug} className={classes.link} aria-label="Published copy">
            <TextInput
              aria-label="Permalink"
              value={address}
              readOnly
              size="xs"
              className={classes.url}
              onFocus={(event) => event.currentTarget.select()}
            />
            <CopyButton value={address} label="Copy" />
            <Button
              variant="subtle"
              size="xs"
              color="red"
              loading={revoke.isPending && revoke.variables.slug === slug}
              onClick={() => revoke.mutate({ slug })}
            >
              Take back
            </Button>
            <p>
              Frozen {formatDate(createdAt)}
              {expiresAt == null ? '' : `, ends ${formatDate(expiresAt)}`}.{' '}
              {!isLoopback(origin) &&
                'Everybody who can reach this machine and has the link can read this copy. '}
              <a href={`${path}.html`}>One HTML file</a>, <a href={`${path}.bib`}>BibTeX</a>,{' '}
              <Link href="/s">all published links</Link>.
            </p>
          </section>
        );
      })}
      {links.length > 0 && (
        <div>
          <Button
            variant="subtle"
            size="xs"
            loading={publish.isPending}
            onClick={() => copyPermalink(daysOfShortLink)}
          >
            Copy another link, which ends after {daysOfShortLink} days
          </Button>
        </div>
      )}
      <output>
        {clipboard.copied && 'The permalink is copied.'}
        {revoke.isSuccess && !clipboard.copied && 'The permalink was taken back.'}
      </output>
      {failure !== null && (
        <p role="alert" className={classes.error}>
          {failure}
        </p>
      )}
    </div>
  );
}
