/** Pages of accounts: login, one's own account with its keys, people; and the quota before a run. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { quotaLine } from '../../app/account/quota-table.tsx';
import { Account } from '../../app/account/account.tsx';
import { Admin } from '../../app/admin/admin.tsx';
import { Login } from '../../app/login/login.tsx';
import { loginPath, ownPlace } from '../../app/_lib/to-login.ts';
import type { KeyRow, Me, UserRow } from '../../server/api/schemas/accounts.ts';
import { renderApp } from './render.tsx';

const quota = {
  limits: { cpuSeconds: 3600, sentBytes: null, concurrentRuns: 4, storedBytes: null },
  used: { cpuSeconds: 60, sentBytes: 5e6, concurrentRuns: 1, storedBytes: 0 },
};
const runner: Me = { accounts: true, user: { id: 'u1', name: 'Ada', role: 'runner' }, quota };
const nobody: Me = { accounts: true, user: null, quota: null };
const key: KeyRow = {
  id: 'abcdefghjk',
  name: 'laptop',
  scopes: ['read', 'run'],
  createdAt: new Date('2026-01-01T00:00:00Z'),
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
};
const ada: UserRow = {
  id: 'u1',
  name: 'Ada',
  email: 'ada@example.org',
  role: 'runner',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  disabledAt: null,
};

afterEach(() => vi.unstubAllGlobals());

describe('where to go after a login', () => {
  it.each(['/results?q=a', '/', '/runs/abc#x'])('%s is ours', (place) => {
    expect(ownPlace(place)).toBe(place);
    expect(loginPath(place)).toBe(`/login?next=${encodeURIComponent(place)}`);
  });
  it.each([null, '', '//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:1'])(
    '%s becomes home',
    (place) => expect(ownPlace(place)).toBe('/'),
  );
});

describe('/login', () => {
  it('says that there is no login where Parley runs for one person', async () => {
    renderApp(<Login next={null} />);
    expect(await screen.findByText(/runs for one person here/)).toBeVisible();
    expect(screen.queryByLabelText('Address')).toBeNull();
  });

  it('shows the server’s sentence and keeps what was typed', async () => {
    const asked = vi.fn<() => Promise<Response>>(async () =>
      Response.json({ message: 'It is wrong.' }, { status: 401 }),
    );
    vi.stubGlobal('fetch', asked);
    renderApp(<Login next="/results" />, { 'accounts.me': () => nobody });
    await userEvent.type(await screen.findByLabelText(/Address/), 'ada@example.org');
    await userEvent.type(screen.getByLabelText(/Password/), 'correct horse');
    await userEvent.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByText('It is wrong.')).toBeVisible();
    expect(screen.getByLabelText(/Address/)).toHaveValue('ada@example.org');
    expect(asked).toHaveBeenCalledWith(
      '/api/auth/login',
      expect.objectContaining({ method: 'POST' }),
    );
  });
});

describe('/account', () => {
  it('shows role, quota and keys, and a new key once', async () => {
    const whole = `parley_abcdefghjk_${'x'.repeat(43)}`;
    const { asked } = renderApp(<Account />, {
      'accounts.me': () => runner,
      'accounts.keys': () => [key],
      'accounts.createKey': () => ({ ...key, key: whole }),
    });
    expect(await screen.findByText(/Ada, runner/)).toBeVisible();
    const limits = screen.getByRole('region', { name: 'Quota' });
    expect(within(limits).getByText('Runs and trainings queued or under way')).toBeVisible();
    expect(await screen.findByText('abcdefghjk')).toBeVisible();
    // A runner has no permission to edit, so there is no such scope to give.
    expect(screen.queryByLabelText('edit')).toBeNull();
    await userEvent.type(screen.getByLabelText(/Name/), 'cluster');
    await userEvent.click(screen.getByLabelText('run'));
    await userEvent.click(screen.getByRole('button', { name: 'Make a key' }));
    expect(await screen.findByText(whole)).toBeVisible();
    const created = asked.find(({ path }) => path === 'accounts.createKey');
    expect(created?.input).toEqual({ name: 'cluster', scopes: ['read', 'run'], days: 90 });
  });

  it('takes a key back', async () => {
    const { asked } = renderApp(<Account />, {
      'accounts.me': () => runner,
      'accounts.keys': () => [key],
      'accounts.revokeKey': () => undefined,
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Take back laptop' }));
    await waitFor(() =>
      expect(asked.find(({ path }) => path === 'accounts.revokeKey')?.input).toEqual({
        id: 'abcdefghjk',
      }),
    );
  });
});

describe('/admin', () => {
  it('gives a role and says why the last administrator stays', async () => {
    const { asked } = renderApp(<Admin />, {
      'accounts.me': () => ({ ...runner, user: { id: 'u2', name: 'Eve', role: 'admin' } }),
      'accounts.users': () => [ada],
      'accounts.audit': () => ({ rows: [], nextCursor: null }),
      'accounts.setRole': () => undefined,
      'accounts.setDisabled': () => {
        throw new Error('nobody would be left to administer');
      },
    });
    const role = await screen.findByLabelText('Role of ada@example.org');
    await userEvent.selectOptions(role, 'editor');
    await waitFor(() =>
      expect(asked.find(({ path }) => path === 'accounts.setRole')?.input).toEqual({
        userId: 'u1',
        role: 'editor',
      }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Disable ada@example.org' }));
    expect(await screen.findByText(/nobody would be left/)).toBeVisible();
  });
});

it('a quota is one line with what is limited only', () => {
  const line = quotaLine(quota) ?? '';
  expect(line).toMatch(
    /^Your quota: CPU time .* of .*, Runs and trainings queued or under way 1 of 4\.$/,
  );
  expect(line).not.toContain('Bytes');
  const limits = { cpuSeconds: null, sentBytes: null, concurrentRuns: null, storedBytes: null };
  expect(quotaLine({ ...quota, limits })).toBeNull();
});
