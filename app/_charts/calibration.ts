/**
 * Predicted against measured latency of judged runs, both logarithmic. On the diagonal the middle guess
 * was right; a bar that reaches the diagonal is an interval that held.
 */
import type { Data, Layout } from 'plotly.js';
import { formatDuration, plural } from '../../server/api/schemas/format.ts';
import type { JudgedRun } from '../../server/api/schemas/latency.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'] as const;
/** More bars than this are a grey sheet; marks stay, and the table has every interval. */
const mostBars = 120;

export const basisWords = (basis: JudgedRun['expected']['basis']): string =>
  basis === 'formula' ? 'formula only' : `${basis} earlier ${basis === 1 ? 'run' : 'runs'}`;

const said = ({ id, variant, expected, measuredMs, inside }: JudgedRun): string =>
  `${variant}, run ${id}: expected ${formatDuration(expected.onlineMs)} (${formatDuration(expected.low80)} to ${formatDuration(expected.high80)}), took ${formatDuration(measuredMs)}, ${inside ? 'inside' : 'outside'}`;

/** @param runs at least one */
export function calibrationChart(runs: readonly JudgedRun[], theme: ChartTheme): ChartModel {
  const variants = [...new Set(runs.map(({ variant }) => variant))].sort();
  const inside = runs.filter((run) => run.inside).length;
  const values = runs.flatMap(({ expected, measuredMs }) => [
    expected.low80,
    expected.high80,
    measuredMs,
  ]);
  const low = Math.max(0.01, Math.min(...values)) * 0.8;
  const high = Math.max(...values) * 1.25;
  const axis: Partial<Layout['xaxis']> = {
    ...quietAxis(theme),
    type: 'log',
    range: [Math.log10(low), Math.log10(high)],
    ...ticksBetween(low, high),
  };
  const hasBars = runs.length <= mostBars;
  const groups = variants.map((variant) => runs.filter((run) => run.variant === variant));
  const marks = groups.map((group, index): Data => {
    const colour = theme.series[index % theme.series.length] ?? theme.ink;
    const shape = symbols[index % symbols.length] ?? 'circle';
    return {
      type: 'scatter',
      mode: 'markers',
      name: variants[index] ?? '',
      x: group.map(({ measuredMs }) => measuredMs),
      y: group.map(({ expected }) => expected.onlineMs),
      error_y: {
        type: 'data',
        symmetric: false,
        visible: hasBars,
        array: group.map(({ expected }) => expected.high80 - expected.onlineMs),
        arrayminus: group.map(({ expected }) => expected.onlineMs - expected.low80),
        color: colour,
        thickness: 1.2,
        width: 3,
      },
      marker: {
        size: 9,
        color: colour,
        symbol: group.map((run) => (run.inside ? shape : (`${shape}-open` as const))),
      },
      customdata: group.map(said),
      hovertemplate: '%{customdata}<extra></extra>',
      cliponaxis: false,
    };
  });
  return {
    label: `Expected against measured online time of ${plural(runs.length, 'run')}; ${inside} of them inside of their 80 % interval.`,
    caption: `Online time of one batch: expected when the run was queued, with its 80 % interval, against measured. ${plural(runs.length, 'run')} of this installation; both axes logarithmic.${hasBars ? '' : ' Intervals are in the table.'} Predicted and measured.`,
    howToRead:
      'On the dotted line the middle guess was right. A bar that crosses the line is an interval that held; hollow marks are runs outside of theirs.',
    height: 380,
    figure: {
      data: [
        {
          type: 'scatter',
          mode: 'lines',
          x: [low, high],
          y: [low, high],
          line: { color: theme.soft, width: 1.5, dash: 'dot' },
          hoverinfo: 'skip',
          showlegend: false,
        },
        ...marks,
      ],
      layout: {
        ...baseLayout(theme),
        showlegend: true,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
        margin: { l: 8, r: 20, t: 12, b: 8 },
        xaxis: { ...axis, title: { text: 'Measured', font: { color: theme.soft, size: 12.5 } } },
        yaxis: { ...axis, title: { text: 'Expected', font: { color: theme.soft, size: 12.5 } } },
      },
    },
    stops: groups.flatMap((group, index) =>
      group.map((run, point) => ({ text: said(run), curve: index + 1, point })),
    ),
    table: {
      columns: [
        { key: 'run', header: 'Run' },
        { key: 'variant', header: 'Variant' },
        { key: 'model', header: 'Model' },
        { key: 'network', header: 'Network' },
        { key: 'expected_ms', header: 'Expected', format: formatDuration },
        { key: 'low80_ms', header: '80 % from', format: formatDuration },
        { key: 'high80_ms', header: 'to', format: formatDuration },
        { key: 'measured_ms', header: 'Measured', format: formatDuration },
        { key: 'inside', header: 'Inside' },
        { key: 'basis', header: 'Based on' },
      ],
      rows: runs.map(({ id, variant, model, network, expected, measuredMs, inside: held }) => ({
        run: id,
        variant,
        model,
        network,
        expected_ms: expected.onlineMs,
        low80_ms: expected.low80,
        high80_ms: expected.high80,
        measured_ms: measuredMs,
        inside: held ? 'yes' : 'no',
        basis: basisWords(expected.basis),
      })),
    },
  };
}

/** 1, 2, 5 in every decade while they are few, else the decades. */
function ticksBetween(low: number, high: number) {
  const factors = Math.log10(high / low) > 2 ? [1] : [1, 2, 5];
  const tickvals: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const factor of factors) {
      const value = factor * 10 ** power;
      if (value >= low && value <= high) tickvals.push(value);
    }
  }
  const ticktext = tickvals.map((value) => formatDuration(value).replace(/\.0+(?=\u00a0)/, ''));
  return { tickmode: 'array' as const, tickvals, ticktext };
}
