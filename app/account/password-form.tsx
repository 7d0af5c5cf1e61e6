'use client';
/** A new password of one's own; other sessions end. */
import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { shortestPassword } from '../../server/api/schemas/accounts.ts';
import { Panel } from '../_components/panel.tsx';
import { Notice } from '../_components/states.tsx';
import { useChangePassword } from '../_lib/api-accounts.ts';
import classes from '../login/login.module.css';

export function PasswordForm() {
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const short = next !== '' && next.length < shortestPassword;
  const submit = (): void =>
    change.mutate(
      { current, next },
      {
        onSuccess: () => {
          setCurrent('');
          setNext('');
        },
      },
    );
  return (
    <Panel title="Password" note="Wherever else you are logged in, you are then logged out.">
      <form
        className={classes.form}
        aria-label="Change the password"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          required
          value={next}
          error={short ? `At least ${shortestPassword} characters` : null}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {change.error !== null && <Notice tone="bad">{change.error.message}</Notice>}
        {change.isSuccess && <Notice tone="info">The password is changed.</Notice>}
        <Button type="submit" disabled={short || next === ''} loading={change.isPending}>
          Change the password
        </Button>
      </form>
    </Panel>
  );
}
