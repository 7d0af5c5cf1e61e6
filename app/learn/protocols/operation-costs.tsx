'use client';
/** Every operation on every protocol, filtered as wanted; one operation also as a picture. */
import { NativeSelect } from '@mantine/core';
import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import type { OperationCosts } from '../../../server/api/routers/learn/operations.ts';
import { plural } from '../../../server/api/schemas/format.ts';
import { lightTheme, toCsv } from '../../_charts/chart.ts';
import { ChartFrame } from '../../_charts/chart-frame.tsx';
import { operationBytesChart } from '../../_charts/operation-bytes.ts';
import { useChartTheme } from '../../_charts/use-chart-theme.ts';
import { CopyButton } from '../../_components/copy-button.tsx';
import { Stack } from '../../_components/panel.tsx';
import { Empty } from '../../_components/states.tsx';
import { CostTable, costCsv } from './cost-table.tsx';
import classes from './learn.module.css';

const all = 'all';

export function OperationCostsView({ costs }: { costs: OperationCosts }) {
  const { rows, environment } = costs;
  const query = useSearchParams();
  const operations = useMemo(() => [...new Set(rows.map(({ op }) => op))], [rows]);
  const variants = useMemo(() => [...new Set(rows.map(({ variant }) => variant))].sort(), [rows]);
  const known = (value: string | null, values: readonly string[]): string =>
    value !== null && values.includes(value) ? value : all;
  const [op, setOp] = useState(() => known(query.get('op'), operations));
  const [variant, setVariant] = useState(() => known(query.get('protocol'), variants));
  const shown = rows.filter(
    (row) => (op === all || row.op === op) && (variant === all || row.variant === variant),
  );

  useEffect(() => {
    const asked = new URLSearchParams();
    if (op !== all) asked.set('op', op);
    if (variant !== all) asked.set('protocol', variant);
    const text = asked.toString();
    const address = `${window.location.pathname}${text === '' ? '' : `?${text}`}`;
    window.history.replaceState(window.history.state, '', `${address}${window.location.hash}`);
  }, [op, variant]);

  return (
    <Stack gap={18}>
      <div className={classes.filters}>
        <NativeSelect
          label="Operation"
          data={[
            { value: all, label: 'All operations' },
            ...operations.map((value) => ({ value, label: value })),
          ]}
          value={op}
          onChange={(event) => setOp(event.currentTarget.value)}
        />
        <NativeSelect
          label="Protocol"
          data={[
            { value: all, label: 'All protocols' },
            ...variants.map((value) => ({ value, label: value })),
          ]}
          value={variant}
          onChange={(event) => setVariant(event.currentTarget.value)}
        />
        <output className={classes.count}>{plural(shown.length, 'row')} shown</output>
        <CopyButton value={toCsv(costCsv(shown))} label="Copy CSV" />
      </div>
      {shown.length === 0 ? (
        <Empty title="No such pair">
          {variant} has no operation {op}. Choose another protocol or all of them.
        </Empty>
      ) : (
        <>
          {op !== all && <Picture rows={shown} />}
          <CostTable rows={shown} />
        </>
      )}
      <p className={classes.quiet}>
        Declared: computed from the shapes shown, now, by the code that a run executes. Measured:
        each row really run by all its roles over channels in memory
        {environment['date'] === undefined ? '' : `, ${environment['date']}`}
        {environment['commit'] === undefined
          ? ''
          : `, engine ${environment['commit'].slice(0, 10)}`}
        ; equal means every round and every directed link. Published: as the source counts, for its
        own shape; ours is counted the same way beside it.
      </p>
    </Stack>
  );
}

function Picture({ rows }: { rows: OperationCosts['rows'] }) {
  const theme = useChartTheme();
  const [chart, light] = useMemo(
    () => [operationBytesChart(rows, { theme }), operationBytesChart(rows, { theme: lightTheme })],
    [rows, theme],
  );
  return <ChartFrame title="Bytes of the operation" model={chart} forExport={light} />;
}
