'use client';
/** Where the time goes: per party and per place, and what of it makes the latency. */
import { SegmentedControl } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { WhereTime } from '../../server/network/replay/where-time.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { roleWord, whereTimeChart, type WhereView } from '../_charts/where-time.ts';
import { Panel } from '../_components/panel.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';

interface WhereTimePanelProps {
  readonly where: WhereTime;
  /** Which network it is replayed on, in words. */
  readonly network: string;
}

export const WhereTimePanel = memo(function WhereTimePanel({
  where,
  network,
}: WhereTimePanelProps) {
  const theme = useChartTheme();
  const [chosen, setView] = useState<WhereView>('critical');
  const views: readonly { readonly value: WhereView; readonly label: string }[] = [
    { value: 'critical', label: 'Critical path' },
    { value: 'parties', label: 'Parties' },
    ...where.roles.map(({ role }) => ({
      value: `party ${role}` as const,
      label: roleWord(role),
    })),
  ];
  const view = views.some(({ value }) => value === chosen) ? chosen : 'critical';
  const [chart, light] = useMemo(
    () => [
      whereTimeChart(where, { view, theme }),
      whereTimeChart(where, { view, theme: lightTheme }),
    ],
    [where, view, theme],
  );
  return (
    <Panel
      title="Where the time goes"
      note={`On ${network}. Computing, the link, or waiting for somebody; all of it sums to the latency.`}
      aside={<ProvenanceMark of="replayed" />}
    >
      <ChartFrame
        title="Where the time goes"
        model={chart}
        forExport={light}
        controls={
          <SegmentedControl
            size="xs"
            aria-label="Whose time"
            value={view}
            onChange={(value) => setView(value)}
            data={[...views]}
          />
        }
      />
    </Panel>
  );
});
