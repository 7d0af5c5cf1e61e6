/**
 * The words of accounts: roles, what each may do, and what is asked of a form. Browser-safe.
 *
 * A role includes those before it. A permission is what a door asks for; an access key has some of
 * its owner's.
 */
import { z } from 'zod';

export const roles = ['viewer', 'runner', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** In the order of the roles that bring them. */
export const permissions = ['read', 'run', 'edit', 'administer'] as const;
export type Permission = (typeof permissions)[number];

export const roleWords: Readonly<Record<Role, string>> = {
  viewer: 'reads everything',
  runner: 'reads, queues runs and trainings, ends their own',
  editor: 'also changes notes, views, notebooks, networks and published links',
  admin: 'also manages people, quotas and the audit log',
};

export const roleMay = (role: Role, permission: Permission): boolean =>
  roles.indexOf(role) >= permissions.indexOf(permission);

export const shortestPassword = 12;
export const longestPassword = 128;

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  // The same as the login library's: an address that it refuses could never log in.
  .regex(z.regexes.email, 'is no address: write it as name@example.org');
export const passwordSchema = z
  .string()
  .min(shortestPassword, `is too short: use at least ${shortestPassword} characters`)
  .max(longestPassword, `is too long: use at most ${longestPassword} characters`);
export const userNameSchema = z.string().trim().min(1).max(80);
export const roleSchema = z.enum(roles);
export const permissionSchema = z.enum(permissions);
export const userIdSchema = z.string().min(1).max(64);
export const keyIdSchema = z.string().regex(/^[a-z2-9]{10}$/);

export const newUserSchema = z.object({
  email: emailSchema,
  name: userNameSchema,
  password: passwordSchema,
  role: roleSchema,
});
export type NewUser = z.infer<typeof newUserSchema>;

export const newKeySchema = z.object({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(permissionSchema).min(1).max(permissions.length),
  /** Days from now; null for never. */
  days: z.number().int().min(1).max(3650).nullable(),
});
export type NewKey = z.infer<typeof newKeySchema>;

/** Null for no limit. */
export const quotaLimitsSchema = z.object({
  cpuSeconds: z.number().min(0).max(1e12).nullable(),
  sentBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
  concurrentRuns: z.number().int().min(0).max(100_000).nullable(),
  storedBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
});
export type QuotaLimits = z.infer<typeof quotaLimitsSchema>;

/** What counts against a quota. CPU and bytes of runs begun in the last `quotaDays` days. */
export const quotaDays = 30;

export interface QuotaView {
  readonly limits: QuotaLimits;
  readonly used: {
    readonly cpuSeconds: number;
    readonly sentBytes: number;
    readonly concurrentRuns: number;
    readonly storedBytes: number;
  };
}

/** Who asks, as pages see it. */
export interface Me {
  /** False where Parley runs for one person: then there is no login, and everything may be done. */
  readonly accounts: boolean;
  /** Whether `user` is a guest, who may still log in. */
  readonly guest?: boolean;
  /** Null while nobody is logged in. */
  readonly user: {
    readonly id: string | null;
    readonly name: string;
    readonly role: Role;
  } | null;
  /** Null without accounts or login. */
  readonly quota: QuotaView | null;
}

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Null for somebody who may do nothing. */
  readonly role: Role | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Permission[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export const auditOutcomes = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actorId: string | null;
  readonly actorName: string;
  readonly keyId: string | null;
  readonly action: string;
  readonly object: string | null;
  readonly outcome: AuditOutcome;
}
