'use client';
/** What can be done with the runs that are selected; it stays in sight while one is. */
import { Button, Menu, Popover, Textarea, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useMemo, useState, type FormEvent } from 'react';
import { formatCount, plural } from '../../server/api/schemas/format.ts';
import {
  longestNote,
  tagSchema,
  type AnnotationChange,
} from '../../server/api/schemas/results-requests.ts';
import type { RunAnnotations } from '../../server/api/schemas/results-row.ts';
import type { ViewState } from '../../server/api/schemas/results-view.ts';
import { Icon } from '../_components/icon.tsx';
import { Notice } from '../_components/states.tsx';
import { useAnnotate } from '../_lib/api-results.ts';
import { ExportMenu } from './export-menu.tsx';
import classes from './results.module.css';

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
  const { state, columns, found, onClear, onShow, onChanged } = props;
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
      <TagForm onTag={(tag, on) => change({ kind: 'tag', tag, on })} />
      <NoteForm onNote={(text) => change({ kind: 'note', text })} />
      <Button size="xs" variant="default" onClick={() => change({ kind: 'star', on: true })}>
        Star
      </Button>
      <Button size="xs" variant="default" onClick={() => change({ kind: 'archive', on: true })}>
        Archive
      </Button>
      <ExportMenu state={state} columns={columns} only={selected} />
      <Menu position="top-end" withinPortal>
        <Menu.Target>
          <Button size="xs" variant="default" aria-label="More for the selected runs">
            …
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => change({ kind: 'star', on: false })}>Take the star</Menu.Item>
          <Menu.Item onClick={() => change({ kind: 'archive', on: false })}>
            Bring back from the archive
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear selection
      </Button>
      {annotate.error !== null && <Notice tone="bad">{annotate.error.message}</Notice>}
    </section>
  );
}

function TagForm({ onTag }: { onTag: (tag: string, on: boolean) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const tag = tagSchema.safeParse(text);
  const problem = text === '' || tag.success ? null : (tag.error.issues[0]?.message ?? null);
  const give = (on: boolean): void => {
    if (!tag.success) return;
    onTag(tag.data, on);
    setOpen(false);
    setText('');
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give(true);
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="top-start" withinPortal>
      <Popover.Target>
        <Button size="xs" variant="default" onClick={() => setOpen((now) => !now)}>
          Tag
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit} className={classes.form}>
          <TextInput
            size="xs"
            label="Tag"
            description="One word; tag:word finds it."
            value={text}
            error={problem}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
          <div className={classes.row}>
            <Button size="xs" type="submit" disabled={!tag.success}>
              Add
            </Button>
            <Button size="xs" variant="default" disabled={!tag.success} onClick={() => give(false)}>
              Take away
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function NoteForm({ onNote }: { onNote: (text: string) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onNote(text.trim());
    setOpen(false);
  };
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      trapFocus
      position="top-start"
      width={320}
      withinPortal
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="book" size={14} />}
          onClick={() => setOpen((now) => !now)}
        >
          Note
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit} className={classes.form}>
          <Textarea
            size="xs"
            rows={4}
            maxLength={longestNote}
            label="Note"
            description="Takes the place of the notes that these runs have; empty takes them away."
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
          <Button size="xs" type="submit">
            Write
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
