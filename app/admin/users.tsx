'use client';
/** People: make an account, give a role, let somebody in no longer. */
import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import {
  roleWords,
  roles,
  shortestPassword,
  type Role,
  type UserRow,
} from '../../server/api/schemas/accounts.ts';
import { Panel } from '../_components/panel.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Failure, Notice, Waiting } from '../_components/states.tsx';
import { useAddUser, useSetDisabled, useSetRole, useUsers } from '../_lib/api-accounts.ts';
import classes from '../login/login.module.css';
import tables from '../_run/run-view.module.css';

const roleIn = (word: string): Role => roles.find((role) => role === word) ?? 'viewer';

export function Users() {
  const users = useUsers();
  return (
    <Panel title="Accounts">
      {users.data !== undefined ? (
        <UserTable users={users.data} />
      ) : users.error !== null ? (
        <Failure title="Accounts cannot be read" reason={users.error} retry={users.retry} />
      ) : (
        <Waiting what="accounts" />
      )}
      <NewUser />
    </Panel>
  );
}

function UserTable({ users }: { users: readonly UserRow[] }) {
  const setRole = useSetRole();
  const setDisabled = useSetDisabled();
  const error = setRole.error ?? setDisabled.error;
  if (users.length === 0) return <p>Nobody yet.</p>;
  return (
    <>
      {error !== null && <Notice tone="bad">{error.message}</Notice>}
      <Scroll label="Accounts">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Login</th>
            </tr>
          </thead>
          <tbody>
            {users.map(({ id, email, name, role, disabledAt }) => (
              <tr key={id}>
                <th scope="row">{email}</th>
                <td>{name}</td>
                <td>
                  <NativeSelect
                    aria-label={`Role of ${email}`}
                    size="xs"
                    data={role === null ? ['', ...roles] : [...roles]}
                    value={role ?? ''}
                    onChange={(event) =>
                      setRole.mutate({ userId: id, role: roleIn(event.currentTarget.value) })
                    }
                  />
                </td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`${disabledAt === null ? 'Disable' : 'Enable'} ${email}`}
                    onClick={() =>
                      setDisabled.mutate({ userId: id, disabled: disabledAt === null })
                    }
                  >
                    {disabledAt === null ? 'Disable' : 'Enable'}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function NewUser() {
  const add = useAddUser();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('runner');
  const submit = (): void =>
    add.mutate(
      { email, name, password, role },
      {
        onSuccess: () => {
          setEmail('');
          setName('');
          setPassword('');
        },
      },
    );
  return (
    <form
      className={classes.form}
      aria-label="New account"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        label="Address"
        type="email"
        autoComplete="off"
        required
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label="First password"
        description={`At least ${shortestPassword} characters; they change it on /account`}
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <NativeSelect
        label="Role"
        description={roleWords[role]}
        data={[...roles]}
        value={role}
        onChange={(event) => setRole(roleIn(event.currentTarget.value))}
      />
      {add.error !== null && <Notice tone="bad">{add.error.message}</Notice>}
      <Button type="submit" loading={add.isPending} disabled={password.length < shortestPassword}>
        Make the account
      </Button>
    </form>
  );
}
