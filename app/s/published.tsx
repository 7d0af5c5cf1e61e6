'use client';
/** Everything that can be read from outside now, to copy or to take back. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { formatDate, plural, shortHash } from '../../server/api/schemas/format.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Stack } from '../_components/panel.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Empty, Failure, Notice, Waiting } from '../_components/states.tsx';
import { useLinkBase, usePublished, useTakeBack } from '../_lib/api-compare.ts';
import { isLoopback, loopbackNote } from '../_lib/loopback.ts';
import classes from './published.module.css';

export function Published() {
  const links = usePublished();
  const origin = useLinkBase();
  const takeBack = useTakeBack();
  if (links.error !== null) {
    return <Failure title="The links cannot be read" reason={links.error} retry={links.retry} />;
  }
  if (links.data === undefined) return <Waiting what="the published links" height={420} />;
  return (
    <Stack>
      <div>
        <h1>Published links</h1>
        {links.data.length > 0 && (
          <p className={classes.lead}>
            {plural(links.data.length, 'frozen copy', 'frozen copies')} that can be read now by
            everybody who has the link. What is taken back does not come back.
          </p>
        )}
      </div>
      {isLoopback(origin) && links.data.length > 0 && <Notice>{loopbackNote}</Notice>}
      {takeBack.error !== null && <Notice tone="bad">{takeBack.error.message}</Notice>}
      {links.data.length === 0 ? (
        <Empty
          title="Nothing is published"
          action={{ href: '/results', word: 'Go to the results' }}
        >
          A run, a comparison and a view of the results have a button Share; what they freeze is
          listed here.
        </Empty>
      ) : (
        <Scroll label="Published links, table">
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Frozen</th>
                <th scope="col">Ends</th>
                <th scope="col">Content hash</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {links.data.map(({ slug, path, kind, title, createdAt, expiresAt, contentHash }) => (
                <tr key={slug}>
                  <th scope="row">
                    <Link href={path}>{title}</Link>
                    <small>{kind}</small>
                  </th>
                  <td>{formatDate(createdAt)}</td>
                  <td>{expiresAt === null ? 'never' : formatDate(expiresAt)}</td>
                  <td>
                    <code title={contentHash}>{shortHash(contentHash)}</code>
                  </td>
                  <td>
                    <CopyButton value={`${origin}${path}`} label="Copy link" />{' '}
                    <Button
                      size="xs"
                      variant="subtle"
                      color="red"
                      aria-label={`Take back ${title}`}
                      loading={takeBack.isPending && takeBack.variables === slug}
                      onClick={() => takeBack.mutate(slug)}
                    >
                      Take back
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Stack>
  );
}
