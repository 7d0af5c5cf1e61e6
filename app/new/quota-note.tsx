'use client';
/** What is left of one's quota, before a run is queued; nothing where there is no limit. */
import { quotaLine } from '../account/quota-table.tsx';
import { useMe } from '../_lib/api-accounts.ts';
import classes from './preview-panel.module.css';

export function QuotaNote() {
  const { data } = useMe();
  const line = data === undefined || data.quota === null ? null : quotaLine(data.quota);
  return line === null ? null : <p className={classes.quiet}>{line}</p>;
}
