'use client';
/** Where one batch's bytes and time go, place by place in the model. */
import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { layerMetrics, perLayerChart, type LayerMetric } from '../_charts/per-layer.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { Panel } from '../_components/panel.tsx';

const metricWords: Readonly<Record<LayerMetric, string>> = {
  bytes: 'Bytes',
  compute: 'Compute',
  wait: 'Waiting',
  dealer: 'Dealer',
};

export function Layers({ run }: { run: RunDetail }) {
  const theme = useChartTheme();
  const [metric, setMetric] = useState<LayerMetric>('bytes');
  const [depth, setDepth] = useState(1);
  const operations = run.operations;
  // The dealer's bytes are offline: a choice only where somebody dealt.
  const dealt = operations.some((row) => row.dealerBytes > 0);
  const shown = layerMetrics.filter((value) => value !== 'dealer' || dealt);
  const [chart, light] = useMemo(
    () => [
      perLayerChart(operations, { metric, depth, theme }),
      perLayerChart(operations, { metric, depth, theme: lightTheme }),
    ],
    [operations, metric, depth, theme],
  );
  return (
    <Panel title="Where it goes" note="One batch, place by place.">
      <ChartFrame
        title="Cost by place in the model"
        model={chart}
        forExport={light}
        controls={
          <>
            <SegmentedControl
              size="xs"
              aria-label="Shown"
              value={metric}
              onChange={(value) => setMetric(value)}
              data={shown.map((value) => ({ value, label: metricWords[value] }))}
            />
            <SegmentedControl
              size="xs"
              aria-label="Detail"
              value={String(depth)}
              onChange={(value) => setDepth(Number(value))}
              data={[
                { value: '1', label: 'Layers' },
                { value: '2', label: 'Parts' },
                { value: '3', label: 'Finest' },
              ]}
            />
          </>
        }
      />
    </Panel>
  );
}
