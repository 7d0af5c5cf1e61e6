'use client';
/** A run that has ended, read-only: the same for its own page and for a frozen permalink. */
import { lazy, type ReactNode } from 'react';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { RunDetail, RunState } from '../../server/api/schemas/run-view.ts';
import { KeyValues } from '../_components/key-values.tsx';
import { Panel, Stack } from '../_components/panel.tsx';
import { Cautions } from './cautions.tsx';
import { Files, type RunFile } from './files.tsx';
import { LinkCheckTable } from './link-check.tsx';
import { RunHeader } from './run-header.tsx';
import { RunTabs, type RunTab } from './run-tabs.tsx';
import { RunWarnings } from './run-warnings.tsx';
import { Stopped } from './stopped.tsx';
import { SummaryTab } from './summary-tab.tsx';

const AccuracyTab = lazy(async () => ({
  default: (await import('./accuracy-tab.tsx')).AccuracyTab,
}));
const OperationsTab = lazy(async () => ({
  default: (await import('./operations-tab.tsx')).OperationsTab,
}));

interface RunViewProps {
  readonly run: RunDetail;
  readonly actions?: ReactNode;
  /** What refers to it; a frozen copy has none. */
  readonly related?: ReactNode;
  /** The last stage of a run that stopped, where its events are at hand. */
  readonly reached?: RunState | null;
  /** The spec that the form starts with, to tell what was set by hand. A frozen copy has none. */
  readonly usual?: RunSpec | null;
  /** What its protocol protects; a frozen copy links to the page that says it. */
  readonly threat?: ReactNode;
  /** Where its link certificate is; a frozen copy has none. */
  readonly certificateHref?: string | null;
  /** What is replayed from its recording; a frozen copy has none. */
  readonly replay?: ReactNode;
  /** Its recording event by event; a frozen copy has none. */
  readonly timeline?: ReactNode;
  /** What its processes said; a frozen copy has none. */
  readonly logs?: ReactNode;
  /** What can be done with one of its files. A frozen copy has the list only. */
  readonly renderFileAction?: (file: RunFile) => ReactNode;
}

export function RunView(props: RunViewProps) {
  const { run, actions, related, reached = null } = props;
  return (
    <Stack>
      <RunHeader run={run} actions={actions} />
      <RunWarnings spec={run.spec} />
      <Cautions run={run} />
      {run.state !== 'done' && <Stopped run={run} reached={reached} />}
      <RunTabs tabs={tabsOf(props)} />
      {related}
    </Stack>
  );
}

/** Only tabs that have something in them. */
function tabsOf({
  run,
  usual = null,
  threat,
  replay,
  certificateHref = null,
  timeline,
  logs,
  renderFileAction,
}: RunViewProps): readonly RunTab[] {
  const { headline } = run;
  const present = (content: ReactNode): boolean =>
    content !== undefined && content !== null && content !== false;
  const all: readonly (RunTab & { readonly when: boolean })[] = [
    {
      id: 'summary',
      label: 'Summary',
      when: true,
      content: <SummaryTab {...{ run, usual, threat, replay, certificateHref }} />,
    },
    {
      id: 'operations',
      label: 'Operations',
      when: run.operations.length > 0 || run.parties.length > 0,
      content: <OperationsTab run={run} />,
    },
    { id: 'timeline', label: 'Timeline', when: present(timeline), content: timeline },
    {
      id: 'accuracy',
      label: 'Accuracy',
      when: headline !== null && headline.accuracy !== null,
      content: headline !== null && headline.accuracy !== null && (
        <AccuracyTab run={run} headline={headline} accuracy={headline.accuracy} />
      ),
    },
    {
      id: 'link',
      label: 'Link',
      when: run.linkCheck !== null,
      content: run.linkCheck !== null && (
        <Panel title="Link check" note="Taken over the run’s own connections before it started.">
          <LinkCheckTable check={run.linkCheck} certificateHref={certificateHref} />
        </Panel>
      ),
    },
    {
      id: 'environment',
      label: 'Environment',
      when: Object.keys(run.environment).length > 0,
      content: (
        <Panel title="Environment" note="Whatever may change a number.">
          <KeyValues
            entries={Object.entries(run.environment).map(
              ([name, value]) => [environmentNames[name] ?? name, value] as const,
            )}
          />
        </Panel>
      ),
    },
    { id: 'logs', label: 'Logs', when: present(logs), content: logs },
    {
      id: 'files',
      label: 'Files',
      when: run.artifacts.length > 0,
      content: (
        <Panel title="Files" note="Kept in the data folder of this installation.">
          <Files run={run} action={renderFileAction} />
        </Panel>
      ),
    },
  ];
  return all.filter(({ when }) => when);
}

const environmentNames: Readonly<Record<string, string>> = {
  commit: 'Engine commit',
  parley: 'Parley',
  cpu: 'Processor',
  cores: 'Cores',
  memoryGiB: 'Memory, GiB',
  architecture: 'Architecture',
  instructionSet: 'Instruction set',
  kernels: 'Ring kernels',
  kernel: 'Operating system',
  node: 'Node',
  importedFrom: 'Imported from',
  importedSha256: 'Hash of the imported file',
};
