'use client';
/** Papers: the three whose tables are living pages here. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { formatAgo, plural } from '../../server/api/schemas/format.ts';
import type { PaperSummary } from '../../server/api/schemas/papers.ts';
import { Stack } from '../_components/panel.tsx';
import { Failure, Waiting } from '../_components/states.tsx';
import { usePapers } from '../_lib/api-papers.ts';
import { useNow } from '../_lib/use-now.ts';
import { ClaimList } from './claim-list.tsx';
import { CoverageBar, VerdictCounts } from './coverage-bar.tsx';
import classes from './papers.module.css';

export function PapersPage() {
  const papers = usePapers();
  return (
    <Stack gap={28}>
      <header className={classes.head}>
        <div>
          <h1>Papers</h1>
          <p>
            Every table of three papers, cell by cell, beside what Parley’s engine gives for it:
            measured in a run, or predicted from shapes. The protocols are written anew here, so a
            number that fits was re-run in Parley’s engine, not with the authors’ programs.
          </p>
        </div>
        <Button component={Link} href="/papers/side-by-side" variant="default">
          The three side by side
        </Button>
      </header>
      {papers.data !== undefined ? (
        papers.data.map((paper) => <PaperCard key={paper.slug} paper={paper} />)
      ) : papers.error !== null ? (
        <Failure title="The papers cannot be read" reason={papers.error} retry={papers.retry} />
      ) : (
        <Waiting what="the papers" height={900} />
      )}
    </Stack>
  );
}

function PaperCard({ paper }: { readonly paper: PaperSummary }) {
  const { slug, title, authors, venue, arxiv, about, parties, tables, coverage, claims } = paper;
  const now = useNow(60_000);
  return (
    <section className={classes.card} aria-labelledby={`paper-${slug}`}>
      <header>
        <h2 id={`paper-${slug}`}>
          <Link href={`/papers/${slug}`}>{title}</Link>
        </h2>
        <p className={classes.soft}>
          {authors}, {venue}, <a href={`https://arxiv.org/abs/${arxiv}`}>arXiv {arxiv}</a>;{' '}
          {plural(parties, 'party', 'parties')}
          {paper.lastRunAt !== null && `; newest run ${formatAgo(paper.lastRunAt, now)}`}
        </p>
      </header>
      <p className={classes.about}>{about}</p>
      <div className={classes.columns}>
        <div className={classes.side}>
          <CoverageBar of={coverage} />
          <VerdictCounts of={coverage} />
          <nav aria-label={`Tables of ${title}`} className={classes.tables}>
            {tables.map((table) => (
              <Link key={table.id} href={`/papers/${slug}?table=${table.id}`}>
                {table.title}
              </Link>
            ))}
            <Link href={`/papers/${slug}/findings`}>What we found</Link>
          </nav>
        </div>
        <div>
          <h3>Headline claims</h3>
          <ClaimList claims={claims} />
        </div>
      </div>
    </section>
  );
}
