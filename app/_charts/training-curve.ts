/** How a training goes: its loss, or its validation accuracy, over the steps of all stages. */
import type { Data } from 'plotly.js';
import {
  formatCount,
  formatPercent,
  formatSignificant,
  plural,
} from '../../server/api/schemas/format.ts';
import type { TrainingPoint } from '../../server/api/schemas/training.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';

export interface TrainingCurveOptions {
  readonly what: 'loss' | 'accuracy';
  readonly theme: ChartTheme;
}

const dashes = ['solid', 'dash', 'dot', 'dashdot'] as const;

/** @param points in order; steps count from the start of each stage */
export function trainingCurve(
  points: readonly TrainingPoint[],
  { what, theme }: TrainingCurveOptions,
): ChartModel {
  const valueOf = (point: TrainingPoint): number | null =>
    what === 'loss' ? point.loss : point.accuracy;
  const shown = points.filter((point) => valueOf(point) !== null);
  const stages = [...new Set(shown.map(({ stage }) => stage))];
  const groups = stages.map((stage) => shown.filter((point) => point.stage === stage));
  const format = (value: number): string =>
    what === 'loss' ? formatSignificant(value) : formatPercent(value);
  const said = (point: TrainingPoint): string =>
    `${point.stage}, step ${formatCount(point.step)}: ${what} ${format(valueOf(point) ?? 0)}`;
  const data: Data[] = groups.map((group, index) => ({
    type: 'scatter',
    mode: what === 'loss' ? 'lines' : 'lines+markers',
    name: stages[index] ?? '',
    x: group.map(({ step }) => step),
    y: group.map((point) => valueOf(point)),
    text: group.map(said),
    hovertemplate: '%{text}<extra></extra>',
    line: {
      color: theme.series[index % theme.series.length] ?? theme.ink,
      width: 2,
      dash: dashes[index % dashes.length] ?? 'solid',
    },
  }));
  const last = shown.at(-1);
  const now = last === undefined ? 'no point yet' : `last, ${said(last)}`;
  return {
    label: `${what === 'loss' ? 'Loss' : 'Validation accuracy'} of ${plural(shown.length, 'point')} in ${plural(stages.length, 'stage')}; ${now}.`,
    caption:
      what === 'loss'
        ? 'Mean loss since the point before; each stage has a loss of its own, so their heights do not compare. Measured.'
        : 'Fraction right on the validation rows, by which the best checkpoint is chosen; the product is judged on other rows. Measured.',
    howToRead: 'To the right are later steps of each stage. A line for every stage.',
    height: 280,
    figure: {
      data,
      layout: {
        ...baseLayout(theme),
        showlegend: stages.length > 1,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
        margin: { l: 8, r: 16, t: 32, b: 8 },
        xaxis: { ...quietAxis(theme), title: { text: 'Step of the stage' } },
        yaxis: {
          ...quietAxis(theme),
          title: { text: what === 'loss' ? 'Loss' : 'Validation accuracy' },
          ...(what === 'loss' ? {} : { tickformat: '.0%' }),
        },
      },
    },
    stops: groups.flatMap((group, curve) =>
      group.map((point, index) => ({ text: said(point), curve, point: index })),
    ),
    table: {
      columns: [
        { key: 'stage', header: 'Stage' },
        { key: 'step', header: 'Step', format: formatCount },
        { key: what, header: what === 'loss' ? 'Loss' : 'Validation accuracy', format },
      ],
      rows: shown.map((point) => ({
        stage: point.stage,
        step: point.step,
        [what]: valueOf(point),
      })),
    },
  };
}
