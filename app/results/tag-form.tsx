'use client';
/** Gives a tag to the selected runs, or takes it away. */
import { Button, Popover, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { tagSchema } from '../../server/api/schemas/results-requests.ts';
import classes from './results.module.css';

export default function TagForm({ onTag }: { onTag: (tag: string, on: boolean) => void }) {
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
