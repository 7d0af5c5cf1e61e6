'use client';
/** Where one batch's time and bytes go, place by place down to single operations, as a table. */
import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Icon } from '../../_components/icon.tsx';
import { Panel } from '../../_components/panel.tsx';
import { saveAs } from '../../_lib/save.ts';
import { operationsCsv } from './operations-csv.ts';
import classes from './operations.module.css';
import { OperationsTable } from './operations-table.tsx';
import { branchesOf, operationTree, type Phase } from './tree.ts';

const phaseWords: Readonly<Record<Phase, string>> = {
  online: 'Online',
  offline: 'Offline',
  setup: 'Setup',
};

const notes: Readonly<Record<Phase, string>> = {
  online:
    'One full batch, online. Times are means over inferences, of the slowest party; bytes are payload of all parties.',
  offline: 'One full batch, before the input is known. Bytes are payload that the dealer sends.',
  setup: 'Once for the whole run: the weights are shared.',
};

export function OperationsPanel({ run }: { run: RunDetail }) {
  const phases = (['online', 'offline', 'setup'] as const).filter((phase) =>
    run.operations.some((row) => row.phase === phase),
  );
  const [chosen, setPhase] = useState<Phase>('online');
  const phase = phases.includes(chosen) ? chosen : (phases[0] ?? 'online');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const tree = useMemo(
    () => operationTree(run.operations, phase, run.prediction, run.placeErrors),
    [run.operations, run.prediction, run.placeErrors, phase],
  );
  const branches = useMemo(() => branchesOf(tree), [tree]);
  const allOpen = branches.every((key) => opened.has(key));
  const toggle = (key: string): void => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  return (
    <Panel title="Operations" note={notes[phase]}>
      <div className={classes.toolbar} role="toolbar" aria-label="Operations: view and export">
        {phases.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Phase"
            value={phase}
            onChange={(value) => setPhase(value)}
            data={phases.map((value) => ({ value, label: phaseWords[value] }))}
          />
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() => setOpened(new Set(allOpen ? [] : branches))}
        >
          {allOpen ? 'Collapse all' : 'Expand all'}
        </Button>
        <span className={classes.export}>
          <CopyButton value={operationsCsv(run)} label="Copy CSV" variant="subtle" />
          <Button
            variant="subtle"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            onClick={() =>
              saveAs(`parley-operations-${run.id}.csv`, 'text/csv', operationsCsv(run))
            }
          >
            CSV
          </Button>
        </span>
      </div>
      <OperationsTable nodes={tree} opened={opened} toggle={toggle} />
      <p className={classes.caption}>
        Measured, beside what each operation declares from shapes before the run; a tick means equal
        to the byte. Rounds are the declared ones, if nothing overlapped: the run’s own count is in
        the summary. Memory is all that one party’s process holds while it is at work there, asked
        every 5 ms. The error is the largest of what a place hands on, fixed point against floating
        point with the same functions, computed on the same inputs in the open: nothing is opened in
        the secure run.
      </p>
    </Panel>
  );
}
