'use client';
/** One's own account: role, quota, access keys, password. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { roleWords } from '../../server/api/schemas/accounts.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { Empty, Failure, Waiting } from '../_components/states.tsx';
import { useLogOut, useMe } from '../_lib/api-accounts.ts';
import { Keys } from './keys.tsx';
import { PasswordForm } from './password-form.tsx';
import { QuotaTable } from './quota-table.tsx';

export function Account() {
  const me = useMe();
  const logOut = useLogOut();
  if (me.data === undefined) {
    return (
      <Stack>
        <h1>Account</h1>
        {me.error === null ? (
          <Waiting what="the account" />
        ) : (
          <Failure title="The account cannot be read" reason={me.error} retry={me.retry} />
        )}
      </Stack>
    );
  }
  const { accounts, user, quota } = me.data;
  if (!accounts || user === null) {
    return (
      <Stack>
        <h1>Account</h1>
        {accounts ? (
          <Empty title="Nobody is logged in" action={{ href: '/login', word: 'Log in' }}>
            Keys and quotas belong to somebody.
          </Empty>
        ) : (
          <p>
            Parley runs for one person here: no login, no limits. Accounts are switched on with
            PARLEY_ACCOUNTS=on; see <code>parley users add</code>.
          </p>
        )}
      </Stack>
    );
  }
  const leave = (): void =>
    logOut.mutate(undefined, { onSuccess: () => window.location.assign('/login') });
  return (
    <Stack gap={28}>
      <header>
        <h1>Account</h1>
        <p>
          {user.name}, {user.role}: {roleWords[user.role]}.{' '}
          {user.role === 'admin' && <Link href="/admin">People and audit log</Link>}
        </p>
        <Button variant="default" mt={12} onClick={leave} loading={logOut.isPending}>
          Log out
        </Button>
      </header>
      {quota !== null && (
        <Panel title="Quota" note="CPU and bytes are those of runs begun in the last 30 days.">
          <QuotaTable quota={quota} />
        </Panel>
      )}
      <Keys role={user.role} />
      <PasswordForm />
    </Stack>
  );
}
