'use client';
/** Questions about who one is, people, keys and the audit log, one hook each. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AuditRow, KeyRow, Me, UserRow } from '../../server/api/schemas/accounts.ts';
import { answer, type Answer } from './api.ts';
import { useTRPC } from './trpc.ts';

export function useMe(): Answer<Me> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.accounts.me.queryOptions(undefined, { retry: false })));
}

/** Asked only where there are accounts. */
export function useKeys(enabled: boolean): Answer<readonly KeyRow[]> {
  const trpc = useTRPC();
  return answer(useQuery({ ...trpc.accounts.keys.queryOptions(), enabled }));
}

export function useCreateKey() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.accounts.createKey.mutationOptions({
      onSuccess: () => client.invalidateQueries(trpc.accounts.keys.queryFilter()),
    }),
  );
}

export function useRevokeKey() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.accounts.revokeKey.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.accounts.keys.queryFilter()),
    }),
  );
}

export function useUsers(): Answer<readonly UserRow[]> {
  const trpc = useTRPC();
  return answer(useQuery(trpc.accounts.users.queryOptions()));
}

export function useAddUser() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.accounts.addUser.mutationOptions({
      onSuccess: () => client.invalidateQueries(trpc.accounts.users.queryFilter()),
    }),
  );
}

export function useSetRole() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.accounts.setRole.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.accounts.users.queryFilter()),
    }),
  );
}

export function useSetDisabled() {
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation(
    trpc.accounts.setDisabled.mutationOptions({
      onSettled: () => client.invalidateQueries(trpc.accounts.users.queryFilter()),
    }),
  );
}

/** The newest entries. */
export function useAudit(): Answer<readonly AuditRow[]> {
  const trpc = useTRPC();
  const { data, error, isPending, refetch } = useQuery(
    trpc.accounts.audit.queryOptions({ limit: 50 }),
  );
  return answer<readonly AuditRow[]>({ data: data?.rows, error, isPending, refetch });
}

/** What sets or ends a cookie. @throws Error with the server's sentence */
async function post(step: 'login' | 'logout' | 'password', body: unknown): Promise<void> {
  const response = await fetch(`/api/auth/${step}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const said: unknown = await response.json().catch(() => null);
  const isMessage = typeof said === 'object' && said !== null && 'message' in said;
  throw new Error(isMessage ? String(said.message) : `The server answered ${response.status}.`);
}

export function useLogIn() {
  return useMutation({
    mutationFn: (given: { readonly email: string; readonly password: string }) =>
      post('login', given),
  });
}

export function useLogOut() {
  return useMutation({ mutationFn: () => post('logout', {}) });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (given: { readonly current: string; readonly next: string }) =>
      post('password', given),
  });
}
