'use client';
/** Asks for the name of a view. */
import { Button, Popover, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import classes from './results.module.css';

interface NameFormProps {
  readonly label: string;
  readonly word: string;
  readonly initial: string;
  readonly onName: (name: string, done: () => void) => void;
}

export default function NameForm({ label, word, initial, onName }: NameFormProps) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(initial);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    onName(name.trim(), () => {
      setOpen(false);
      setName('');
    });
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-end" withinPortal>
      <Popover.Target>
        <Button size="xs" variant="default" onClick={() => setOpen((now) => !now)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit} className={classes.row}>
          <TextInput
            size="xs"
            label="Name of the view"
            maxLength={60}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Button size="xs" type="submit" mt={20}>
            {word}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
