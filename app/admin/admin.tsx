'use client';
/** People and what was done: for administrators. */
import { Stack } from '../_components/panel.tsx';
import { Notice } from '../_components/states.tsx';
import { useMe } from '../_lib/api-accounts.ts';
import { AuditPanel } from './audit-panel.tsx';
import { Users } from './users.tsx';

export function Admin() {
  const { data: me } = useMe();
  return (
    <Stack gap={28}>
      <header>
        <h1>People</h1>
        <p>Who may use this installation, with which role, and what they did.</p>
      </header>
      {me?.accounts === false && (
        <Notice tone="info">
          Parley runs for one person here and asks nobody for a login. Make an administrator below,
          then start it with PARLEY_ACCOUNTS=on.
        </Notice>
      )}
      <Users />
      <AuditPanel />
    </Stack>
  );
}
