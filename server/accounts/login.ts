/**
 * Logging in with a password, and whose session a cookie is: better-auth with its Prisma adapter. Only
 * these functions are called; none of its own HTTP paths is served, so nobody can sign up.
 */
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { betterAuth } from 'better-auth/minimal';
import { longestPassword, shortestPassword } from '../api/schemas/accounts.ts';
import type { Database } from '../db/client.ts';
import { sharedFolder } from '../db/data-folder.ts';
import { Attempts } from './attempts.ts';
import { recordAudit } from './audit.ts';
import { AccountsError } from './errors.ts';
import { loginSecret } from './login-secret.ts';
import { mainProject, roleOf } from './membership.ts';
import type { Principal } from './principal.ts';

const sessionSeconds = 7 * 24 * 3600;

/** Cookies travel over TLS only where people come by TLS. */
const isSecure = (): boolean => (process.env['PARLEY_PUBLIC_URL'] ?? '').startsWith('https://');

function makeLogin(db: Database) {
  const publicUrl = process.env['PARLEY_PUBLIC_URL'] ?? '';
  return betterAuth({
    appName: 'Parley',
    baseURL: publicUrl === '' ? 'http://localhost' : new URL(publicUrl).origin,
    secret: loginSecret(sharedFolder()),
    database: prismaAdapter(db, { provider: 'postgresql' }),
    user: { modelName: 'user' },
    session: {
      modelName: 'loginSession',
      expiresIn: sessionSeconds,
      // It ends after a week, however much it is used.
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    account: { modelName: 'loginAccount' },
    verification: { modelName: 'loginVerification' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
    },
    // Ours counts by address and over all (below), and does not believe a header's word for who asks.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Wrong passwords are in the audit log; only its errors are printed.
    logger: { level: 'error' },
    advanced: {
      cookiePrefix: 'parley',
      useSecureCookies: isSecure(),
      // It would believe X-Forwarded-For, which anybody can write.
      ipAddress: { disableIpTracking: true },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict', path: '/' },
    },
  });
}

const made = new WeakMap<Database, ReturnType<typeof makeLogin>>();

function loginOf(db: Database): ReturnType<typeof makeLogin> {
  const login = made.get(db) ?? makeLogin(db);
  made.set(db, login);
  return login;
}

const minuteMs = 60_000;
/** scrypt takes a tenth of a second of a core: wrong guesses are few, for one address and for all. */
const byAddress = new Attempts(5, minuteMs);
const byAll = new Attempts(60, minuteMs);

function requireTry(email: string): void {
  const nowMs = performance.now();
  const waitMs = byAddress.take(email, nowMs) || byAll.take('all', nowMs);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new AccountsError('tooMany', `Too many tries: wait ${seconds} s and try again.`);
}

const wrong = 'The address or the password is wrong.';

/**
 * Logs in. What is wrong is never said apart, and takes the same time.
 * @returns what to set as cookies: values of Set-Cookie
 * @throws AccountsError 'stranger' for a wrong address or password, 'tooMany' after five in a minute
 */
export async function logIn(
  db: Database,
  { email, password }: { readonly email: string; readonly password: string },
  headers: Headers,
): Promise<string[]> {
  requireTry(email);
  const user = await db.user.findUnique({ where: { email }, select: { disabledAt: true } });
  const response = await loginOf(db).api.signInEmail({
    body: { email, password, rememberMe: true },
    headers,
    asResponse: true,
  });
  const refused = response.status !== 200 || user === null || user.disabledAt !== null;
  await recordAudit(
    db,
    { stranger: email },
    { action: 'login', outcome: refused ? 'refused' : 'done' },
  );
  if (!refused) return response.headers.getSetCookie();
  // A disabled user's right password has made a session: it must not stay.
  if (user?.disabledAt) await db.loginSession.deleteMany({ where: { user: { email } } });
  throw new AccountsError('stranger', wrong);
}

/** Ends the session of these headers. @returns values of Set-Cookie that forget it */
export async function logOut(db: Database, headers: Headers): Promise<string[]> {
  const response = await loginOf(db).api.signOut({ headers, asResponse: true });
  return response.headers.getSetCookie();
}

/**
 * Changes the password of whoever is logged in; other sessions end.
 * @throws AccountsError 'invalid' where the current one is wrong
 */
export async function changePassword(
  db: Database,
  { current, next }: { readonly current: string; readonly next: string },
  headers: Headers,
): Promise<string[]> {
  const session = await loginOf(db).api.getSession({ headers });
  if (session === null) throw new AccountsError('stranger', 'Log in first.');
  requireTry(session.user.email);
  const response = await loginOf(db).api.changePassword({
    body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
    headers,
    asResponse: true,
  });
  if (response.status !== 200) {
    throw new AccountsError('invalid', 'The current password is wrong; nothing was changed.');
  }
  return response.headers.getSetCookie();
}

/** Whose session the cookie of these headers is; null for none, an ended one, or a disabled user. */
export async function principalOfSession(
  db: Database,
  headers: Headers,
): Promise<Principal | null> {
  const session = await loginOf(db).api.getSession({ headers });
  if (session === null) return null;
  const user = await db.user.findUnique({
    where: { id: session.user.id },
    include: { memberships: { where: { project: mainProject } } },
  });
  const role = user === null ? null : roleOf(user.memberships);
  if (user === null || user.disabledAt !== null || role === null) return null;
  return { kind: 'session', userId: user.id, name: user.name, role, scopes: null, keyId: null };
}
