'use client';
/** What was said in a run that has ended: its events, and what each of its processes printed. */
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { asSentence } from '../../../server/api/schemas/format.ts';
import { Stack } from '../../_components/panel.tsx';
import { Notice } from '../../_components/states.tsx';
import { useFileText } from '../../_lib/api.ts';
import type { LiveRun } from '../../_lib/live-run.ts';
import { linesOf, linesOfFile, type LogLine } from '../../_run/log-lines.ts';
import { LogPanel } from '../../_run/log-panel.tsx';

interface RunLogsProps {
  readonly run: RunDetail;
  readonly live: LiveRun;
}

const isLog = (name: string): boolean => name.endsWith('.log');

export function RunLogs({ run, live }: RunLogsProps) {
  const names = run.artifacts.map(({ name }) => name).filter(isLog);
  const said = linesOf(live);
  const reason: readonly LogLine[] =
    run.reason === null || said.some(({ text }) => text === run.reason)
      ? []
      : [{ key: 'reason', at: run.finishedAt, from: 'Run', text: `Failed: ${run.reason}` }];
  return <Files run={run} names={names} lines={[...said, ...reason]} />;
}

interface FilesProps {
  readonly run: RunDetail;
  readonly names: readonly string[];
  readonly lines: readonly LogLine[];
}

/** Reads one file after the other, so that each has a hook of its own. */
function Files({ run, names, lines }: FilesProps) {
  const [name, ...rest] = names;
  if (name === undefined) {
    return (
      <LogPanel
        lines={lines}
        live={false}
        note="Events of the run, newest first, and what its processes printed, which is nothing in a run that went well."
      />
    );
  }
  return <OneFile run={run} name={name} rest={rest} lines={lines} />;
}

function OneFile({
  run,
  name,
  rest,
  lines,
}: Omit<FilesProps, 'names'> & { name: string; rest: readonly string[] }) {
  const text = useFileText(run.id, name);
  const read = text.data === undefined ? [] : linesOfFile(name, text.data);
  return (
    <Stack>
      {text.error !== null && (
        <Notice>
          {name}: {asSentence(text.error)}
        </Notice>
      )}
      <Files run={run} names={rest} lines={[...lines, ...read]} />
    </Stack>
  );
}
