'use client';
/** What we found of a paper: sentences, each with the cells and runs it stands on. */
import Link from 'next/link';
import type { Finding, PaperFindings, PaperSlug } from '../../../../server/api/schemas/papers.ts';
import { Panel, Stack } from '../../../_components/panel.tsx';
import { Empty, Failure, Waiting } from '../../../_components/states.tsx';
import { useFindings } from '../../../_lib/api-papers.ts';
import { Evidence } from '../../claim-list.tsx';
import classes from '../../papers.module.css';
import { paperNames } from '../../words.ts';

const parts: readonly { readonly kind: Finding['kind']; readonly title: string }[] = [
  { kind: 'claim', title: 'Do the claims hold' },
  { kind: 'bytes', title: 'What the numbers count' },
  { kind: 'difference', title: 'What differs, and why' },
  { kind: 'gap', title: 'What could not be tested' },
];

export function FindingsPage({ slug }: { readonly slug: PaperSlug }) {
  const found = useFindings(slug);
  const name = paperNames[slug];
  return (
    <Stack gap={24}>
      <p className={classes.crumb}>
        <Link href="/papers">Papers</Link> / <Link href={`/papers/${slug}`}>{name}</Link>
      </p>
      <header className={classes.head}>
        <div>
          <h1>What we found: {name}</h1>
          <p>
            Re-run in Parley’s engine. Every sentence links to the cells and runs it stands on, and
            changes with them.
          </p>
        </div>
      </header>
      {found.data !== undefined ? (
        <Sentences of={found.data} />
      ) : found.error !== null ? (
        <Failure title="The findings cannot be read" reason={found.error} retry={found.retry} />
      ) : (
        <Waiting what="the findings" height={600} />
      )}
    </Stack>
  );
}

function Sentences({ of: { slug, findings } }: { readonly of: PaperFindings }) {
  if (findings.length === 0) {
    return (
      <Empty
        title="Nothing found yet"
        action={{ href: `/papers/${slug}`, word: 'Open the tables' }}
      >
        Run some cells: what they say about the paper will stand here.
      </Empty>
    );
  }
  return parts.map(({ kind, title }) => {
    const own = findings.filter((finding) => finding.kind === kind);
    return (
      own.length > 0 && (
        <Panel key={kind} title={title}>
          <ul className={classes.findings}>
            {own.map(({ words, cells, runIds }) => (
              <li key={words}>
                <p>{words}</p>
                <Evidence cells={cells} runIds={runIds} />
              </li>
            ))}
          </ul>
        </Panel>
      )
    );
  });
}
