'use client';
/** One inference as it went: a lane for each role, frames as arrows, layers as bands. */
import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  plural,
} from '../../../server/api/schemas/format.ts';
import type { ReplayFile } from '../../../server/network/replay/replay-file.ts';
import { toCsv } from '../../_charts/chart.ts';
import chart from '../../_charts/chart.module.css';
import { ChartTable } from '../../_charts/chart-table.tsx';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Icon } from '../../_components/icon.tsx';
import { Panel } from '../../_components/panel.tsx';
import { ProvenanceMark } from '../../_components/provenance.tsx';
import { Failure } from '../../_components/states.tsx';
import { saveAs } from '../../_lib/save.ts';
import { sum } from '../../_lib/statistics.ts';
import { arrowsIn } from './draw.ts';
import { readTimeline } from '../../_replay/read-timeline.ts';
import type { Timeline } from '../../_replay/timeline.ts';
import { heavyTable, leftHeavy } from './left-heavy.ts';
import { LeftHeavy } from './left-heavy.tsx';
import { TimelineCanvas } from './timeline-canvas.tsx';
import { placesTable, RangeSums } from './timeline-tables.tsx';
import classes from './timeline.module.css';
import { roleName, traceFile } from './trace-events.ts';
import { useTimelineView } from './use-view.ts';

interface TimelinePanelProps {
  readonly runId: string;
  readonly file: ReplayFile;
}

export function TimelinePanel({ runId, file }: TimelinePanelProps) {
  const read = useMemo((): { timeline: Timeline } | { error: string } => {
    try {
      return { timeline: readTimeline(file) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }, [file]);
  if ('error' in read) {
    return <Failure title="The recording cannot be shown" reason={read.error} />;
  }
  return <Shown runId={runId} file={file} timeline={read.timeline} />;
}

function Shown({ runId, file, timeline }: TimelinePanelProps & { timeline: Timeline }) {
  const state = useTimelineView(timeline.endMs);
  const [as, setAs] = useState<'chart' | 'heavy' | 'table'>('chart');
  const [merged, setMerged] = useState(true);
  const { view, selection } = state;
  const range = selection ?? view;
  // Only while it is looked at: it goes through every event of the range.
  const table = useMemo(
    () => (as === 'table' ? placesTable(timeline, range) : null),
    [timeline, range, as],
  );
  const heavy = useMemo(
    () => (as === 'heavy' ? leftHeavy(timeline, range, merged) : null),
    [timeline, range, as, merged],
  );
  const whole = view.fromMs === 0 && view.toMs >= timeline.endMs;
  const { arrows, of } = useMemo(() => arrowsIn(timeline.messages, view, 1000), [timeline, view]);
  const saveTrace = (): void =>
    saveAs(
      `parley-trace-${runId}.json`,
      'application/json',
      JSON.stringify(
        traceFile(timeline, {
          run: runId,
          clock: 'replayed at the network of the run',
          measured_ms: String(file.measuredMs),
        }),
      ),
    );
  return (
    <Panel
      title="Timeline"
      note={`The median inference (${plural(file.samples, 'sample')}), ${formatCount(timeline.events)} recorded events. Bytes, order and processor times are measured; the clock is replayed at the run’s own network, ${formatPercent(Math.abs(file.residual.share))} ${file.residual.share < 0 ? 'shorter' : 'longer'} than measured.`}
      aside={<ProvenanceMark of="replayed" />}
    >
      <div className={chart.toolbar} role="toolbar" aria-label="Timeline: view and export">
        <Button.Group>
          <Button size="xs" variant="default" onClick={() => state.zoom(2)}>
            Zoom in
          </Button>
          <Button size="xs" variant="default" onClick={() => state.zoom(0.5)} disabled={whole}>
            Zoom out
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => state.pan(-0.5)}
            disabled={whole}
            aria-label="Earlier"
          >
            ←
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => state.pan(0.5)}
            disabled={whole}
            aria-label="Later"
          >
            →
          </Button>
        </Button.Group>
        <Button
          size="xs"
          variant="default"
          onClick={() => state.show({ fromMs: 0, toMs: timeline.endMs })}
          disabled={whole}
        >
          Whole
        </Button>
        {selection !== null && (
          <>
            <Button size="xs" variant="default" onClick={() => state.show(selection)}>
              Zoom to selection
            </Button>
            <Button size="xs" variant="default" onClick={() => state.select(null)}>
              Clear selection
            </Button>
          </>
        )}
        <SegmentedControl
          size="xs"
          aria-label="Timeline as"
          value={as}
          onChange={(value) => setAs(value === 'table' || value === 'heavy' ? value : 'chart')}
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'heavy', label: 'Left-heavy' },
            { value: 'table', label: 'Table' },
          ]}
        />
        <span className={chart.export}>
          {table !== null && <CopyButton value={toCsv(table)} label="Copy CSV" variant="subtle" />}
          {heavy !== null && (
            <CopyButton
              value={toCsv(heavyTable(timeline, heavy))}
              label="Copy CSV"
              variant="subtle"
            />
          )}
          <Button
            variant="subtle"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            onClick={saveTrace}
          >
            Trace for Perfetto
          </Button>
        </span>
      </div>
      {heavy !== null ? (
        <>
          <LeftHeavy timeline={timeline} roots={heavy} merged={merged} onMerged={setMerged} />
          <details className={chart.how}>
            <summary>As a table</summary>
            <ChartTable table={heavyTable(timeline, heavy)} label="Timeline, left-heavy" />
          </details>
        </>
      ) : table === null ? (
        <TimelineCanvas timeline={timeline} state={state} label={labelOf(timeline)} />
      ) : (
        <ChartTable table={table} label="Timeline" />
      )}
      <h3 className={classes.range}>
        {selection === null ? (whole ? 'Whole inference' : 'Shown') : 'Selected'}:{' '}
        {formatDuration(range.fromMs)} to {formatDuration(range.toMs)},{' '}
        {formatDuration(range.toMs - range.fromMs)}
      </h3>
      <RangeSums timeline={timeline} range={range} />
      <p className={chart.caption}>
        {heavy !== null
          ? 'Left-heavy: not in order of time. Each box is as wide as all the time of its place in the range, the most first; dark is computing, pale is waiting. '
          : 'Every column of pixels shows which share of its time a role computed (full) and waited (pale). '}
        {arrows.length < of
          ? `${formatCount(of)} messages are in view; ${formatCount(arrows.length)} arrows stand for them, one for those that leave within a few pixels. Zoom in to see each.`
          : `${plural(of, 'message')} in view, each an arrow from when it was sent to when its last bit was there.`}
      </p>
      <details className={chart.how}>
        <summary>How to read this</summary>
        <p className={chart.caption}>
          Bands on top are the model’s layers, as party 0 goes through them. Long pale stretches in
          all lanes at once are the network; a lane that is full while another is pale is a party
          that the other waits for. Drag to select a range; Ctrl and the wheel zoom, Shift and the
          wheel pan. With the keyboard: arrow keys move a cursor, with Shift they select; + and −
          zoom, Page Up and Page Down pan, Escape lets go. The trace opens at ui.perfetto.dev or in
          chrome://tracing; nothing is sent anywhere by saving it.
        </p>
      </details>
    </Panel>
  );
}

function labelOf({ lanes, endMs, messages }: Timeline): string {
  const roles = lanes
    .map(
      ({ role, totals }) =>
        `${roleName(role)} computes ${formatDuration(totals.computeMs)} and waits ${formatDuration(totals.waitMs)}`,
    )
    .join('; ');
  const bytes = sum(lanes.map(({ totals }) => totals.bytes));
  return `Timeline of ${formatDuration(endMs)}: ${roles}; ${plural(messages.length, 'message')}, ${formatBytes(bytes)}.`;
}
