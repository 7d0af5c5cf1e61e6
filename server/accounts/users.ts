/**
 * People with an account. They are made by an administrator or on the command line, never by signing
 * up, and are disabled, not deleted. Passwords are hashed by better-auth (scrypt).
 */
import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import type { NewUser, Role, UserRow } from '../api/schemas/accounts.ts';
import type { Database, Prisma } from '../db/client.ts';
import { countAdmins } from './admins.ts';
import { AccountsError } from './errors.ts';
import { mainProject, roleOf } from './membership.ts';

const inMain = { memberships: { where: { project: mainProject } } } as const;

/** @throws AccountsError 'conflict' where the address is taken */
export async function addUser(
  db: Database,
  { email, name, password, role }: NewUser,
): Promise<UserRow> {
  const id = randomUUID();
  const hash = await hashPassword(password);
  if ((await db.user.count({ where: { email } })) > 0) {
    throw new AccountsError('conflict', `email is "${email}": somebody has it already.`);
  }
  const user = await db.user.create({
    data: {
      id,
      email,
      name,
      accounts: {
        create: { id: randomUUID(), accountId: id, providerId: 'credential', password: hash },
      },
      memberships: { create: { project: mainProject, role } },
    },
  });
  return { id, name, email, role, createdAt: user.createdAt, disabledAt: null };
}

/** In the order in which they were made. */
export async function listUsers(db: Database): Promise<UserRow[]> {
  const users = await db.user.findMany({ orderBy: { createdAt: 'asc' }, include: inMain });
  return users.map(({ id, name, email, createdAt, disabledAt, memberships }) => ({
    id,
    name,
    email,
    role: roleOf(memberships),
    createdAt,
    disabledAt,
  }));
}

/** @throws AccountsError 'notFound' */
export async function findUser(db: Database, emailOrId: string): Promise<UserRow> {
  const key = emailOrId.trim();
  const user = await db.user.findFirst({
    where: { OR: [{ id: key }, { email: key.toLowerCase() }] },
    include: inMain,
  });
  if (user === null) {
    throw new AccountsError('notFound', `there is no user "${key}"; see parley users list.`);
  }
  const { id, name, email, createdAt, disabledAt, memberships } = user;
  return { id, name, email, role: roleOf(memberships), createdAt, disabledAt };
}

/** A change after which somebody must still be able to administer; two at a time wait for each other. */
async function keepingAnAdmin(
  db: Database,
  change: (tx: Prisma.TransactionClient) => Promise<void>,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('parley-admins'))`;
    const before = await countAdmins(tx);
    await change(tx);
    if (before > 0 && (await countAdmins(tx)) === 0) {
      throw new AccountsError(
        'conflict',
        'nobody would be left to administer: make another admin first.',
      );
    }
  });
}

/** @throws AccountsError 'notFound', or 'conflict' for the last administrator */
export async function setRole(db: Database, userId: string, role: Role): Promise<void> {
  await findUser(db, userId);
  await keepingAnAdmin(db, async (tx) => {
    await tx.membership.upsert({
      where: { userId_project: { userId, project: mainProject } },
      create: { userId, project: mainProject, role },
      update: { role },
    });
  });
}

/**
 * Lets somebody in no longer, or again. Their sessions end at once; keys open nothing meanwhile.
 * @throws AccountsError 'notFound', or 'conflict' for the last administrator
 */
export async function setDisabled(
  db: Database,
  userId: string,
  disabled: boolean,
  now = new Date(),
): Promise<void> {
  await findUser(db, userId);
  await keepingAnAdmin(db, async (tx) => {
    await tx.user.update({
      where: { id: userId },
      data: { disabledAt: disabled ? now : null },
    });
    if (disabled) await tx.loginSession.deleteMany({ where: { userId } });
  });
}

/** A new password; every session of the user ends. @throws AccountsError 'notFound' */
export async function setPassword(db: Database, userId: string, password: string): Promise<void> {
  await findUser(db, userId);
  const hash = await hashPassword(password);
  await db.$transaction([
    db.loginAccount.upsert({
      where: { providerId_accountId: { providerId: 'credential', accountId: userId } },
      create: {
        id: randomUUID(),
        userId,
        accountId: userId,
        providerId: 'credential',
        password: hash,
      },
      update: { password: hash },
    }),
    db.loginSession.deleteMany({ where: { userId } }),
  ]);
}
