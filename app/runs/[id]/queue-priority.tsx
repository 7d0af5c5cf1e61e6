'use client';
/** Where a run that waits stands in the queue: high before normal before low. */
import { SegmentedControl } from '@mantine/core';
import { roleMay } from '../../../server/api/schemas/accounts.ts';
import { runPriorities, type RunPriority } from '../../../server/api/schemas/run-view.ts';
import { useSetPriority } from '../../_lib/api.ts';
import { useMe } from '../../_lib/api-accounts.ts';
import classes from './live-view.module.css';

const words: Readonly<Record<RunPriority, string>> = { low: 'Low', normal: 'Normal', high: 'High' };

export function QueuePriority({ id, priority }: { id: string; priority: RunPriority }) {
  const set = useSetPriority(id);
  const me = useMe();
  const role = me.data?.user?.role;
  const mayRaise = role !== undefined && roleMay(role, 'edit');
  return (
    <div className={classes.priority}>
      <span aria-hidden="true">Priority</span>
      <SegmentedControl
        size="xs"
        aria-label="Priority in the queue"
        data={runPriorities.map((value) => ({
          value,
          label: words[value],
          disabled: value === 'high' && !mayRaise,
        }))}
        value={set.isPending ? set.variables.priority : priority}
        onChange={(value) => set.mutate({ id, priority: value })}
        readOnly={set.isPending}
      />
      {!mayRaise && me.data !== undefined && <span>High is for editors.</span>}
      {set.error !== null && (
        <p role="alert" className={classes.error}>
          {set.error.message}
        </p>
      )}
    </div>
  );
}
