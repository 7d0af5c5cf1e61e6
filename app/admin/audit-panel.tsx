'use client';
/** The newest of the audit log, and all of it as a file. */
import { Button } from '@mantine/core';
import { Panel } from '../_components/panel.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Failure, Waiting } from '../_components/states.tsx';
import { useAudit } from '../_lib/api-accounts.ts';
import tables from '../_run/run-view.module.css';

export function AuditPanel() {
  const audit = useAudit();
  return (
    <Panel
      title="Audit log"
      note="What was changed or refused, newest first. The database lets nobody change or delete an entry."
      aside={
        <Button component="a" href="/api/audit" variant="default" size="xs">
          All of it, as JSON lines
        </Button>
      }
    >
      {audit.data === undefined ? (
        audit.error === null ? (
          <Waiting what="the audit log" />
        ) : (
          <Failure title="The audit log cannot be read" reason={audit.error} retry={audit.retry} />
        )
      ) : audit.data.length === 0 ? (
        <p>Nothing yet: it is written where there are accounts.</p>
      ) : (
        <Scroll label="Audit log">
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">When (UTC)</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">To</th>
                <th scope="col">How it ended</th>
              </tr>
            </thead>
            <tbody>
              {audit.data.map(({ id, at, actorName, keyId, action, object, outcome }) => (
                <tr key={id}>
                  <td>{at.toISOString().slice(0, 19).replace('T', ' ')}</td>
                  <td>{keyId === null ? actorName : `${actorName}, key ${keyId}`}</td>
                  <td>{action}</td>
                  <td>{object ?? ''}</td>
                  <td>{outcome}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}
