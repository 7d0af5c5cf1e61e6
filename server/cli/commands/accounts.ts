/**
 * `parley users ...` and `parley keys ...`. Whoever may read the database's files is an administrator
 * anyway, so these ask for no login; what they do is in the audit log as "command line".
 */
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { createKey, listKeys, revokeKey } from '../../accounts/access-keys.ts';
import { recordAudit, type AuditEvent } from '../../accounts/audit.ts';
import { AccountsError } from '../../accounts/errors.ts';
import {
  addUser,
  findUser,
  listUsers,
  setDisabled,
  setPassword,
  setRole,
} from '../../accounts/users.ts';
import {
  emailSchema,
  newKeySchema,
  newUserSchema,
  passwordSchema,
  roleSchema,
} from '../../api/schemas/accounts.ts';
import type { Database } from '../../db/client.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTable } from '../format.ts';
import { openSession } from '../session.ts';

export interface AddUserOptions {
  readonly name?: string;
  readonly role: string;
  readonly admin?: boolean;
  readonly json?: boolean;
}

export interface KeyOptions {
  readonly name: string;
  readonly scopes: string;
  readonly days?: number;
  readonly json?: boolean;
}

interface JsonOption {
  readonly json?: boolean;
}

async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const session = await openSession();
  try {
    return await work(session.connection.db);
  } finally {
    await session.close();
  }
}

const log = (db: Database, action: string, object: string): Promise<void> => {
  const event: AuditEvent = { action, outcome: 'done', object };
  return recordAudit(db, { stranger: 'command line' }, event);
};

/** @throws AccountsError 'invalid' naming field and problem, never the value of a password */
function judged<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || what}: ${message}`,
  );
  throw new AccountsError('invalid', said.join('. '));
}

/** Asked for on a terminal without showing it; else the first line of stdin. */
async function readPassword(): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY) return (await text(stdin)).split(/\r?\n/, 1)[0] ?? '';
  process.stderr.write('Password (not shown): ');
  stdin.setRawMode(true);
  try {
    return await typed();
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write('\n');
  }
}

/** What is typed up to the return key, with backspace; Ctrl-C leaves. */
function typed(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let word = '';
    const take = (piece: Buffer): void => {
      for (const letter of piece.toString('utf8')) {
        if (letter === '\r' || letter === '\n') {
          stdin.off('data', take);
          resolve(word);
          return;
        }
        if (letter === '\u0003') {
          stdin.off('data', take);
          reject(new AccountsError('invalid', 'left without a password.'));
          return;
        }
        word = letter === '\u007F' ? word.slice(0, -1) : word + letter;
      }
    };
    stdin.on('data', take);
    stdin.resume();
  });
}

export async function addUserCommand(email: string, options: AddUserOptions): Promise<number> {
  const address = judged(emailSchema, email, 'email');
  const wanted = {
    email: address,
    name: options.name ?? address.split('@')[0],
    role: options.admin === true ? 'admin' : options.role,
    password: await readPassword(),
  };
  const user = judged(newUserSchema, wanted, 'user');
  const added = await withDatabase(async (db) => {
    const row = await addUser(db, user);
    await log(db, 'users.add', row.id);
    return row;
  });
  if (options.json === true) console.log(JSON.stringify(added, null, 2));
  else console.log(`${added.email} is ${added.role}; start with PARLEY_ACCOUNTS=on to ask for it`);
  return exitCodes.ok;
}

export async function listUsersCommand({ json = false }: JsonOption): Promise<number> {
  const users = await withDatabase(listUsers);
  if (json) console.log(JSON.stringify(users, null, 2));
  else if (users.length === 0) console.log('nobody yet: parley users add NAME@EXAMPLE.ORG --admin');
  else {
    console.log(
      formatTable(
        users.map(({ email, name, role, disabledAt }) => [
          email,
          `${name}, ${role ?? 'no role'}${disabledAt === null ? '' : ', disabled'}`,
        ]),
      ),
    );
  }
  return exitCodes.ok;
}

export async function roleCommand(
  user: string,
  role: string,
  { json = false }: JsonOption,
): Promise<number> {
  const wanted = judged(roleSchema, role, 'role');
  const { id, email } = await withDatabase(async (db) => {
    const found = await findUser(db, user);
    await setRole(db, found.id, wanted);
    await log(db, 'users.role', found.id);
    return found;
  });
  console.log(json ? JSON.stringify({ id, email, role: wanted }) : `${email} is ${wanted}`);
  return exitCodes.ok;
}

export async function disableCommand(
  user: string,
  disabled: boolean,
  { json = false }: JsonOption,
): Promise<number> {
  const { id, email } = await withDatabase(async (db) => {
    const found = await findUser(db, user);
    await setDisabled(db, found.id, disabled);
    await log(db, disabled ? 'users.disable' : 'users.enable', found.id);
    return found;
  });
  const word = disabled ? 'disabled' : 'enabled';
  console.log(json ? JSON.stringify({ id, email, disabled }) : `${email} is ${word}`);
  return exitCodes.ok;
}

export async function passwordCommand(user: string, { json = false }: JsonOption): Promise<number> {
  const password = judged(passwordSchema, await readPassword(), 'password');
  const { id, email } = await withDatabase(async (db) => {
    const found = await findUser(db, user);
    await setPassword(db, found.id, password);
    await log(db, 'users.password', found.id);
    return found;
  });
  console.log(json ? JSON.stringify({ id, email }) : `${email} has a new password`);
  return exitCodes.ok;
}

export async function addKeyCommand(user: string, options: KeyOptions): Promise<number> {
  const wanted = judged(
    newKeySchema,
    { name: options.name, scopes: options.scopes.split(','), days: options.days ?? null },
    'key',
  );
  const made = await withDatabase(async (db) => {
    const found = await findUser(db, user);
    const key = await createKey(db, found.id, wanted);
    await log(db, 'keys.add', key.id);
    return key;
  });
  if (options.json === true) console.log(JSON.stringify(made, null, 2));
  else {
    console.log(made.key);
    process.stderr.write('  it is not stored: keep it now. Authorization: Bearer <key>\n');
  }
  return exitCodes.ok;
}

function keyEnd(expiresAt: Date | null, revokedAt: Date | null): string {
  if (revokedAt !== null) return ', taken back';
  return expiresAt === null ? '' : `, until ${expiresAt.toISOString().slice(0, 10)}`;
}

export async function listKeysCommand(user: string, { json = false }: JsonOption): Promise<number> {
  const keys = await withDatabase(async (db) => listKeys(db, (await findUser(db, user)).id));
  if (json) console.log(JSON.stringify(keys, null, 2));
  else if (keys.length === 0) console.log('no keys');
  else {
    console.log(
      formatTable(
        keys.map(({ id, name, scopes, expiresAt, revokedAt }) => [
          id,
          `${name}, ${scopes.join(' ')}${keyEnd(expiresAt, revokedAt)}`,
        ]),
      ),
    );
  }
  return exitCodes.ok;
}

export async function revokeKeyCommand(
  user: string,
  key: string,
  { json = false }: JsonOption,
): Promise<number> {
  await withDatabase(async (db) => {
    await revokeKey(db, (await findUser(db, user)).id, key);
    await log(db, 'keys.revoke', key);
  });
  console.log(json ? JSON.stringify({ id: key, revoked: true }) : `${key} taken back`);
  return exitCodes.ok;
}
