'use client';
/** Writes a note to the selected runs. */
import { Button, Popover, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { longestNote } from '../../server/api/schemas/results-limits.ts';
import { Icon } from '../_components/icon.tsx';
import classes from './results.module.css';

export default function NoteForm({ onNote }: { onNote: (text: string) => void }) {
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
