'use client';
/** A chart cell's picture; fetched with the first one. */
import { useMemo } from 'react';
import type { CellOf } from '../../server/api/schemas/notebook-cells.ts';
import type { DataTable } from '../../server/api/schemas/notebook-table.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { tableChart } from '../_charts/table-chart.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';

export default function TableChart({
  cell,
  table,
}: {
  readonly cell: CellOf<'chart'>;
  readonly table: DataTable;
}) {
  const theme = useChartTheme();
  const { chart: kind, x, y, group = null, title } = cell;
  const [model, forExport] = useMemo(
    () => [theme, lightTheme].map((one) => tableChart(table, { kind, x, y, group, theme: one })),
    [table, kind, x, y, group, theme],
  );
  if (model === undefined || forExport === undefined) return null;
  return <ChartFrame title={title ?? `${y} over ${x}`} model={model} forExport={forExport} />;
}
