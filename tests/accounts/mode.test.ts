import { afterEach, expect, test } from 'vitest';
import { accountsOn, isLoopbackHost, refusalToListen } from '../../server/accounts/mode.ts';
import { localPrincipal, mayDo, requireNeed } from '../../server/accounts/principal.ts';
import { permissions, roleMay, roles } from '../../server/api/schemas/accounts.ts';

afterEach(() => {
  delete process.env['PARLEY_ACCOUNTS'];
});

test('accounts are off unless asked for, and a typing error is refused', () => {
  delete process.env['PARLEY_ACCOUNTS'];
  expect(accountsOn()).toBe(false);
  process.env['PARLEY_ACCOUNTS'] = 'on';
  expect(accountsOn()).toBe(true);
  for (const word of ['yes', 'On', '1', 'true']) {
    process.env['PARLEY_ACCOUNTS'] = word;
    expect(accountsOn).toThrow(`PARLEY_ACCOUNTS is "${word}": use on or off.`);
  }
});

test.each(['localhost', '127.0.0.1', '127.8.8.8', '::1'])('%s needs no accounts', (host) => {
  expect(isLoopbackHost(host)).toBe(true);
  expect(refusalToListen(host, { accounts: false, admins: 0, hosts: [] })).toBeNull();
});

test.each(['0.0.0.0', '::', '192.0.2.7', 'parley.example.org', '127.0.0.1.example.org'])(
  '%s is refused without accounts, and the message names the fix',
  (host) => {
    expect(isLoopbackHost(host)).toBe(false);
    const refusal = refusalToListen(host, { accounts: false, admins: 3, hosts: [host] });
    expect(refusal).toContain(`--host ${host}`);
    expect(refusal).toContain('parley users add NAME@EXAMPLE.ORG --admin');
    expect(refusal).toContain('PARLEY_ACCOUNTS=on');
  },
);

test('with accounts somebody must be able to log in, and names must be known', () => {
  const asked = { accounts: true, admins: 0, hosts: ['parley.example.org'] };
  expect(refusalToListen('0.0.0.0', asked)).toContain('parley users add');
  expect(refusalToListen('0.0.0.0', { ...asked, admins: 1, hosts: [] })).toContain('PARLEY_HOSTS');
  expect(refusalToListen('0.0.0.0', { ...asked, admins: 1 })).toBeNull();
  expect(refusalToListen('a b', { ...asked, admins: 1 })).toContain('--host is "a b"');
});

test('each role has the permissions of those before it and one more', () => {
  for (const [at, role] of roles.entries()) {
    expect(permissions.filter((permission) => roleMay(role, permission))).toEqual(
      permissions.slice(0, at + 1),
    );
  }
});

test('a key has what both its owner and its scopes allow', () => {
  const key = { ...localPrincipal, kind: 'key', role: 'editor' } as const;
  const scoped = { ...key, scopes: ['read', 'administer'] } as const;
  expect(permissions.filter((permission) => mayDo(scoped, permission))).toEqual(['read']);
  expect(() => requireNeed(scoped, 'run')).toThrow('no scope "run"');
  expect(() => requireNeed(scoped, 'administer')).toThrow('the role editor does not allow it');
  expect(() => requireNeed({ ...key, scopes: null }, 'self')).toThrow('log in');
  expect(() => requireNeed(null, 'read')).toThrow('Log in first');
  expect(() => requireNeed(null, 'public')).not.toThrow();
});
