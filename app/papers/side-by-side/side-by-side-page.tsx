'use client';
/** MPCFormer, PUMA and MPCViT on one model and data, one machine, one network. */
import { SegmentedControl } from '@mantine/core';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { NamedRun } from '../../../server/api/schemas/compare-run.ts';
import { formatLink } from '../../../server/api/schemas/format.ts';
import {
  sideMethodNames,
  sideSubjects,
  timedRun,
  type SideBySide,
  type SideEntry,
  type SideSet,
  type SideSubject,
} from '../../../server/api/schemas/papers-side-by-side.ts';
import { ChartFrame } from '../../_charts/chart-frame.tsx';
import { lightTheme } from '../../_charts/chart.ts';
import { papersSideBySide } from '../../_charts/papers-side-by-side.ts';
import { useChartTheme } from '../../_charts/use-chart-theme.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { usePapers, useSideBySide } from '../../_lib/api-papers.ts';
import { ClaimList } from '../claim-list.tsx';
import classes from '../papers.module.css';
import { SideTable } from './side-table.tsx';

const subjectWords: Readonly<Record<SideSubject, string>> = {
  'minilm-2l-imdb': 'Text, with accuracy',
  vit_7_4_32: 'Image shape, all three',
};

const sets: readonly { readonly set: SideSet; readonly title: string; readonly note: string }[] = [
  {
    set: 'own',
    title: 'Each on the protocol of its paper',
    note: 'CrypTen for MPCFormer, ABY3 for PUMA, SEMI2K for MPCViT: what a reader of the three papers would run.',
  },
  {
    set: 'same',
    title: 'All on one protocol',
    note: 'SEMI2K, two parties and a dealer, for all three: what is left of a difference is the approximation.',
  },
];

export function SideBySidePage() {
  const asked = useSearchParams().get('model');
  const [subject, setSubject] = useState<SideSubject>(
    sideSubjects.find((known) => known === asked) ?? sideSubjects[0],
  );
  const answer = useSideBySide(subject);
  const choose = (value: string): void => {
    const next = sideSubjects.find((known) => known === value) ?? sideSubjects[0];
    setSubject(next);
    window.history.replaceState(null, '', `/papers/side-by-side?model=${next}`);
  };
  return (
    <Stack gap={24}>
      <p className={classes.crumb}>
        <Link href="/papers">Papers</Link>
      </p>
      <header className={classes.head}>
        <div>
          <h1>Side by side</h1>
          <p>
            The three papers never measured on the same model, machine and network. Here their
            methods do, re-run in Parley’s engine. Runs of this installation and shipped ones are
            marked and stand in rows of their own.
          </p>
        </div>
        <SegmentedControl
          aria-label="Model"
          value={subject}
          onChange={choose}
          data={sideSubjects.map((value) => ({ value, label: subjectWords[value] }))}
        />
      </header>
      {answer.data !== undefined ? (
        <Loaded view={answer.data} />
      ) : answer.error !== null ? (
        <Failure title="The runs cannot be read" reason={answer.error} retry={answer.retry} />
      ) : (
        <Waiting what="the runs" height={800} />
      )}
      <Claims />
    </Stack>
  );
}

function Loaded({ view }: { readonly view: SideBySide }) {
  const { title, network, entries } = view;
  return (
    <>
      <p className={classes.soft}>
        {title}. {network.name}: {formatLink(network)}, imposed and certified in every run. One
        inference a sample, n as given.
      </p>
      {sets.map(({ set, title: heading, note }) => (
        <Panel key={set} title={heading} note={note}>
          <div className={classes.sides}>
            <SideTable
              subject={view.subject}
              title={heading}
              entries={entries.filter((entry) => entry.set === set)}
            />
          </div>
        </Panel>
      ))}
      <Picture entries={entries} />
    </>
  );
}

/** Each run once, though it may stand in both tables. */
function namedRuns(entries: readonly SideEntry[]): NamedRun[] {
  const named = new Map<string, NamedRun>();
  for (const { method, set, own, shipped } of entries) {
    for (const stored of [own, shipped]) {
      if (stored === null || named.has(stored.id)) continue;
      const { run, time } = timedRun(stored);
      // Without a time it has no place in the picture.
      if (time === null) continue;
      const protocol = set === 'own' ? run.spec.protocol.variant : 'all on SEMI2K';
      const marks = `${time === 'replayed' ? ', replayed' : ''}${run.shipped ? ', shipped' : ''}`;
      const name = `${sideMethodNames[method]}, ${protocol}${marks}`;
      named.set(run.id, { name, run });
    }
  }
  return [...named.values()];
}

function Picture({ entries }: { readonly entries: readonly SideEntry[] }) {
  const theme = useChartTheme();
  const runs = namedRuns(entries);
  // Entries are new after every poll; the picture shows these runs.
  const key = runs.map(({ run }) => run.id).join(' ');
  const charts = useMemo(
    () =>
      runs.length === 0
        ? null
        : { model: papersSideBySide(runs, theme), light: papersSideBySide(runs, lightTheme) },
    // oxlint-disable-next-line react/exhaustive-deps
    [key, theme],
  );
  const judged = runs.some(({ run }) => run.headline?.accuracy != null);
  const title = judged ? 'Accuracy against latency' : 'Bytes against latency';
  return (
    <Panel title={charts === null ? 'Accuracy against latency' : title}>
      {charts === null ? (
        <p className={classes.soft}>
          Nothing has run yet. Queue a run above; its point will stand here.
        </p>
      ) : (
        <ChartFrame title={title} model={charts.model} forExport={charts.light} />
      )}
    </Panel>
  );
}

/** The claims of all three, with their verdicts. */
function Claims() {
  const papers = usePapers();
  if (papers.data === undefined) return null;
  return (
    <Panel
      title="What the papers claim"
      note="Verdicts follow from the cells of the papers’ tables."
    >
      <div className={classes.pair}>
        {papers.data.map(({ slug, title, claims }) => (
          <div key={slug}>
            <h3>
              <Link href={`/papers/${slug}`}>{title}</Link>
            </h3>
            <ClaimList claims={claims} />
          </div>
        ))}
      </div>
    </Panel>
  );
}
