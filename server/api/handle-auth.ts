/**
 * POST /api/auth/login {email, password}, /api/auth/logout and /api/auth/password {current, next}: what
 * sets or ends a session's cookie, and so cannot be a procedure. Everything else of accounts is tRPC.
 */
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { z } from 'zod';
import { accountsOn } from '../accounts/mode.ts';
import { createContext, type Context } from './context.ts';
import { toApiError } from './errors.ts';
import { withBody } from './handle-request.ts';
import { refusalOf, refuse } from './refusal.ts';
import { emailSchema, longestPassword, passwordSchema } from './schemas/accounts.ts';

const loginSchema = z.strictObject({
  email: emailSchema,
  // Of the right form or not: that it is wrong is all that is said.
  password: z.string().min(1).max(longestPassword),
});
const passwordsSchema = z.strictObject({
  current: z.string().min(1).max(longestPassword),
  next: passwordSchema,
});

async function bodyOf<T>(request: Request, schema: z.ZodType<T>): Promise<T | string> {
  const text = await request.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'The body is no JSON.';
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Names of fields and what is asked of them; never what was typed.
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('. ');
}

function withCookies(cookies: readonly string[]): Response {
  const response = Response.json({ ok: true }, { headers: { 'Cache-Control': 'no-store' } });
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}

async function answer(step: string, request: Request, context: Context): Promise<Response> {
  const { db } = context.connection;
  const { changePassword, logIn, logOut } = await import('../accounts/login.ts');
  if (step === 'logout') return withCookies(await logOut(db, request.headers));
  if (step === 'login') {
    const asked = await bodyOf(request, loginSchema);
    if (typeof asked === 'string') return refuse(400, asked);
    return withCookies(await logIn(db, asked, request.headers));
  }
  const asked = await bodyOf(request, passwordsSchema);
  if (typeof asked === 'string') return refuse(400, asked);
  return withCookies(await changePassword(db, asked, request.headers));
}

/** Answers one request below /api/auth. */
export async function handleAuth(
  request: Request,
  context: () => Promise<Context> = createContext,
): Promise<Response> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refusal;
  const step = new URL(request.url).pathname.split('/').at(-1) ?? '';
  if (!accountsOn()) return refuse(404, 'Parley runs without accounts here: there is no login.');
  if (!['login', 'logout', 'password'].includes(step)) {
    return refuse(404, `There is no /api/auth/${step}; there are login, logout and password.`);
  }
  const checked = await withBody(request);
  if (checked instanceof Response) return checked;
  try {
    return await answer(step, checked, await context());
  } catch (error) {
    const failure = toApiError(error);
    return refuse(getHTTPStatusCodeFromError(failure), failure.message);
  }
}
