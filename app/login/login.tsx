'use client';
/** Logging in, where an installation has accounts. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState } from 'react';
import { Stack } from '../_components/panel.tsx';
import { Notice } from '../_components/states.tsx';
import { useLogIn, useMe } from '../_lib/api-accounts.ts';
import { ownPlace } from '../_lib/to-login.ts';
import classes from './login.module.css';

export function Login({ next }: { next: string | null }) {
  const me = useMe();
  const logIn = useLogIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = (): void => {
    // The whole page anew: nothing of a stranger's answers stays.
    const onSuccess = () => window.location.assign(ownPlace(next));
    logIn.mutate({ email, password }, { onSuccess });
  };
  return (
    <Stack>
      <h1>Log in</h1>
      {me.data?.accounts === false ? (
        <p>
          Parley runs for one person here, so there is no login. <Link href="/">Go on</Link>. To let
          others in, see <code>parley users add</code> and <code>npm start -- --host</code>.
        </p>
      ) : (
        <form
          className={classes.form}
          aria-label="Log in"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <TextInput
            label="Address"
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {logIn.error !== null && <Notice tone="bad">{logIn.error.message}</Notice>}
          <Button type="submit" loading={logIn.isPending}>
            Log in
          </Button>
          <p className={classes.quiet}>
            Accounts are made by an administrator, who also sets a forgotten password anew.
          </p>
        </form>
      )}
    </Stack>
  );
}
