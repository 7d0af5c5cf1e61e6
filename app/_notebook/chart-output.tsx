'use client';
/** A chart cell's picture; fetched with the first one. */
import { useMemo } from 'react';
import type { CellOf } from '../../server/api/schemas/notebook-cells.ts';
import { chartTitle } from '../../server/api/schemas/notebook-run-charts.ts';
import type { DataTable } from '../../server/api/schemas/notebook-table.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { notebookChart } from '../_charts/run-charts.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';

export default function TableChart({
  cell,
  table,
}: {
  readonly cell: CellOf<'chart'>;
  readonly table: DataTable;
}) {
  const theme = useChartTheme();
  const { chart, x, y, group } = cell;
  const [model, forExport] = useMemo(
    () =>
      [theme, lightTheme].map((one) =>
        notebookChart(table, { chart, x, y, ...(group === undefined ? {} : { group }) }, one),
      ),
    [table, chart, x, y, group, theme],
  );
  if (model === undefined || forExport === undefined) return null;
  return <ChartFrame title={chartTitle(cell)} model={model} forExport={forExport} />;
}
