/** Procedures about people, keys, quotas and the audit log. */
import { router } from '../../trpc.ts';
import { audit } from './audit.ts';
import { createOwnKey, keys, revokeOwnKey } from './keys.ts';
import { me } from './me.ts';
import {
  addOne,
  quotaOf,
  setDisabledOf,
  setPasswordOf,
  setQuotaOf,
  setRoleOf,
  users,
} from './users.ts';

export const accountsRouter = router({
  me,
  keys,
  createKey: createOwnKey,
  revokeKey: revokeOwnKey,
  users,
  addUser: addOne,
  setRole: setRoleOf,
  setDisabled: setDisabledOf,
  setPassword: setPasswordOf,
  quota: quotaOf,
  setQuota: setQuotaOf,
  audit,
});
