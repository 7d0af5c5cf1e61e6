'use client';
/** What can be done with the runs that are selected; it stays in sight while one is. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { lazy, useMemo } from 'react';
import { formatCount, plural } from '../../server/api/schemas/format.ts';
import type { AnnotationChange } from '../../server/api/schemas/results-requests.ts';
import type { RunAnnotations } from '../../server/api/schemas/results-row.ts';
import type { ViewState } from '../../server/api/schemas/results-view.ts';
import { Icon } from '../_components/icon.tsx';
import { OnDemand } from '../_components/on-demand.tsx';
import { Notice } from '../_components/states.tsx';
import { useAnnotate } from '../_lib/api-results.ts';
import { ExportMenu } from './export-menu.tsx';
import classes from './results.module.css';

const NoteForm = lazy(() => import('./note-form.tsx'));
const SelectionMenu = lazy(() => import('./selection-menu.tsx'));
const TagForm = lazy(() => import('./tag-form.tsx'));

/** As many as an address can name. */
export const mostCompared = 1000;

interface SelectionBarProps {
  readonly state: ViewState;
  readonly columns: readonly string[];
  /** Runs of the list now: what is selected and not among them is not in sight. */
  readonly found: readonly string[];
  readonly onClear: () => void;
  /** Charts and numbers of these runs below the table. */
  readonly onShow: () => void;
  /** One run that the others are compared with in the table. */
  readonly onPin: (id: string) => void;
  readonly onChanged: (message: string, before: readonly RunAnnotations[]) => void;
}

/** What was done, in words. */
function wordsFor(change: AnnotationChange, n: number): string {
  const runs = plural(n, 'run');
  switch (change.kind) {
    case 'tag':
      return change.on ? `${runs} tagged ${change.tag}.` : `${change.tag} taken from ${runs}.`;
    case 'star':
      return change.on ? `${runs} starred.` : `Star taken from ${runs}.`;
    case 'archive':
      return change.on
        ? `${runs} archived; with:archived shows them.`
        : `${runs} brought back from the archive.`;
    case 'note':
      return `Note of ${runs} changed.`;
  }
}

export function SelectionBar(props: SelectionBarProps) {
  const { state, columns, found, onClear, onShow, onPin, onChanged } = props;
  const [only, ...others] = props.state.selected;
  const { selected } = state;
  const listed = useMemo(() => new Set(found), [found]);
  const unlisted = selected.filter((id) => !listed.has(id)).length;
  const annotate = useAnnotate();
  const change = (wanted: AnnotationChange): void =>
    annotate.mutate(
      { ids: selected, change: wanted },
      { onSuccess: (before) => onChanged(wordsFor(wanted, before.length), before) },
    );
  return (
    <section className={classes.bar} aria-label="Selected runs">
      <strong aria-live="polite">
        {plural(selected.length, 'run')} selected
        {unlisted > 0 && `, ${formatCount(unlisted)} not in this list`}
      </strong>
      {selected.length < 2 || selected.length > mostCompared ? (
        <Button
          size="xs"
          disabled
          title={
            selected.length < 2
              ? 'Select one more run'
              : `At most ${formatCount(mostCompared)} runs go into one comparison`
          }
        >
          Compare
        </Button>
      ) : (
        <Button component={Link} size="xs" href={`/compare?runs=${selected.join(',')}`}>
          Compare
        </Button>
      )}
      {!state.charts.includes('comparison') && selected.length >= 2 && (
        <Button size="xs" variant="default" onClick={onShow}>
          Show here
        </Button>
      )}
      {only !== undefined && others.length === 0 && only !== state.baseline && (
        <Button size="xs" variant="default" onClick={() => onPin(only)}>
          Pin as baseline
        </Button>
      )}
      <OnDemand size="xs" variant="default" opens="dialog" label="Tag">
        <TagForm onTag={(tag, on) => change({ kind: 'tag', tag, on })} />
      </OnDemand>
      <OnDemand
        size="xs"
        variant="default"
        opens="dialog"
        leftSection={<Icon name="book" size={14} />}
        label="Note"
      >
        <NoteForm onNote={(text) => change({ kind: 'note', text })} />
      </OnDemand>
      <Button size="xs" variant="default" onClick={() => change({ kind: 'star', on: true })}>
        Star
      </Button>
      <Button size="xs" variant="default" onClick={() => change({ kind: 'archive', on: true })}>
        Archive
      </Button>
      <ExportMenu state={state} columns={columns} only={selected} />
      <OnDemand
        size="xs"
        variant="default"
        opens="menu"
        name="More for the selected runs"
        label="…"
      >
        <SelectionMenu onChange={change} />
      </OnDemand>
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear selection
      </Button>
      {annotate.error !== null && <Notice tone="bad">{annotate.error.message}</Notice>}
    </section>
  );
}
