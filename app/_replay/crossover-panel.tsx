'use client';
/** The map of two runs over networks; both are replayed in this browser. For a page that knows the two. */
import { useMemo } from 'react';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import { logarithmicSteps } from '../../server/network/replay/crossover.ts';
import { formatPercent } from '../../server/api/schemas/format.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { crossoverChart } from '../_charts/crossover.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { Panel } from '../_components/panel.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Failure, Notice, Waiting } from '../_components/states.tsx';
import { useReplayFile } from '../_lib/api-replay.ts';
import type { CrossoverQuestion } from './answer.ts';
import { isLocked } from './point.ts';
import { useReplayed } from './use-replay.ts';

interface Contestant {
  readonly id: string;
  readonly name: string;
}

interface CrossoverPanelProps {
  readonly first: Contestant;
  readonly second: Contestant;
}

const grid = {
  rttMs: logarithmicSteps(0.1, 200, 12),
  bitsPerSecond: logarithmicSteps(10e6, 50e9, 12),
};

export function CrossoverPanel({ first, second }: CrossoverPanelProps) {
  const files = [useReplayFile(first.id), useReplayFile(second.id)];
  const [a, b] = files;
  return (
    <Panel
      title="Which is faster on which network"
      note="Both runs replayed over round trips and rates, per sample, online."
      aside={<ProvenanceMark of="replayed" />}
    >
      {files.map(({ error, retry }, index) =>
        error === null ? null : (
          <Failure
            key={index === 0 ? first.id : second.id}
            title="A recording cannot be read"
            reason={error}
            retry={retry}
          />
        ),
      )}
      {a?.data === undefined || b?.data === undefined ? (
        files.every(({ error }) => error === null) && <Waiting what="the recordings" />
      ) : a.data === null || b.data === null ? (
        <Notice tone="info">
          {a.data === null ? first.name : second.name} has no recording: it was made before there
          were any. Run it again to have it here.
        </Notice>
      ) : (
        <Crossover first={first} second={second} a={a.data} b={b.data} />
      )}
    </Panel>
  );
}

function Crossover({
  first,
  second,
  a,
  b,
}: CrossoverPanelProps & { readonly a: ReplayFile; readonly b: ReplayFile }) {
  const theme = useChartTheme();
  const files = useMemo(() => ({ [first.id]: a, [second.id]: b }), [first.id, second.id, a, b]);
  const { answer, error } = useReplayed<CrossoverQuestion>(files, {
    kind: 'crossover',
    runs: [first.id, second.id],
    grid,
  });
  const names = useMemo(() => [first.name, second.name] as const, [first.name, second.name]);
  const charts = useMemo(
    () =>
      answer === null
        ? null
        : ([
            crossoverChart(answer, { names, theme }),
            crossoverChart(answer, { names, theme: lightTheme }),
          ] as const),
    [answer, names, theme],
  );
  const locked = [a, b].filter(isLocked);
  if (locked.length > 0) {
    const misses = locked.map(({ residual }) => formatPercent(Math.abs(residual.share)));
    return (
      <Notice>
        Locked: {misses.join(' and ')} off at its own network, where more than 10 % is not to be
        trusted on others. Run it again on a quiet machine.
      </Notice>
    );
  }
  if (error !== null) return <Failure title="The replay failed" reason={error} />;
  if (charts === null) return <Waiting what="the recordings" height={420} />;
  return <ChartFrame title="Faster by network" model={charts[0]} forExport={charts[1]} />;
}
