'use client';
/** Where a run's time and bytes went: by layer, by operation, by role. */
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { Layers } from './layers.tsx';
import { OperationsPanel } from './operations/operations-panel.tsx';
import { RoleTable } from './role-table.tsx';

export function OperationsTab({ run }: { run: RunDetail }) {
  return (
    <Stack>
      {run.operations.length > 0 && <Layers run={run} />}
      {run.operations.length > 0 && <OperationsPanel run={run} />}
      {run.parties.length > 0 && (
        <Panel title="Parties" note="Whole run, every inference and repeat, both phases.">
          <RoleTable run={run} />
        </Panel>
      )}
    </Stack>
  );
}
