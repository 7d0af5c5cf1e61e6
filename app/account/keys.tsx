'use client';
/** Access keys for programs: make one, copy it this once, take it back. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  permissions,
  roleMay,
  type KeyRow,
  type Permission,
  type Role,
} from '../../server/api/schemas/accounts.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Panel } from '../_components/panel.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Failure, Notice, Waiting } from '../_components/states.tsx';
import { useCreateKey, useKeys, useRevokeKey } from '../_lib/api-accounts.ts';
import classes from '../login/login.module.css';
import tables from '../_run/run-view.module.css';

const day = (date: Date | null, without: string): string =>
  date === null ? without : date.toISOString().slice(0, 10);

export function Keys({ role }: { role: Role }) {
  const keys = useKeys(true);
  return (
    <Panel
      title="Access keys"
      note="For programs: Authorization: Bearer KEY on /api/v1. A key may do what both its scopes and your role allow."
    >
      <NewKey role={role} />
      {keys.data !== undefined ? (
        <KeyTable keys={keys.data} />
      ) : keys.error !== null ? (
        <Failure title="Keys cannot be read" reason={keys.error} retry={keys.retry} />
      ) : (
        <Waiting what="keys" />
      )}
    </Panel>
  );
}

function NewKey({ role }: { role: Role }) {
  const create = useCreateKey();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [scopes, setScopes] = useState<readonly Permission[]>(['read']);
  const daysNumber = days.trim() === '' ? null : Number(days);
  const wrongDays =
    daysNumber !== null && !(Number.isInteger(daysNumber) && daysNumber >= 1 && daysNumber <= 3650);
  return (
    <form
      aria-label="New access key"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({ name, scopes: [...scopes], days: daysNumber });
      }}
    >
      <div className={classes.line}>
        <TextInput
          label="Name"
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Days until it ends"
          description="empty: never"
          value={days}
          error={wrongDays ? 'A whole number from 1 to 3650' : null}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="Scopes"
          value={[...scopes]}
          onChange={(chosen) =>
            setScopes(permissions.filter((permission) => chosen.includes(permission)))
          }
        >
          <div className={classes.line}>
            {permissions
              .filter((permission) => roleMay(role, permission))
              .map((permission) => (
                <Checkbox key={permission} value={permission} label={permission} />
              ))}
          </div>
        </Checkbox.Group>
        <Button
          type="submit"
          loading={create.isPending}
          disabled={wrongDays || scopes.length === 0 || name.trim() === ''}
        >
          Make a key
        </Button>
      </div>
      {create.error !== null && <Notice tone="bad">{create.error.message}</Notice>}
      {create.data !== undefined && (
        <Notice tone="info">
          Keep it now: it is shown this once. <span className={classes.key}>{create.data.key}</span>{' '}
          <CopyButton value={create.data.key} label="Copy the key" />
        </Notice>
      )}
    </form>
  );
}

function KeyTable({ keys }: { keys: readonly KeyRow[] }) {
  const revoke = useRevokeKey();
  if (keys.length === 0) return <p>No keys yet.</p>;
  return (
    <Scroll label="Access keys">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Id</th>
            <th scope="col">Scopes</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends</th>
            <th scope="col">Take back</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ id, name, scopes, lastUsedAt, expiresAt, revokedAt }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{id}</td>
              <td>{scopes.join(', ')}</td>
              <td>{day(lastUsedAt, 'never')}</td>
              <td>{day(expiresAt, 'never')}</td>
              <td>
                {revokedAt === null ? (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Take back ${name}`}
                    onClick={() => revoke.mutate({ id })}
                  >
                    Take back
                  </Button>
                ) : (
                  `taken back ${day(revokedAt, '')}`
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
