/**
 * The error of one stand-in over its inputs, on a logarithmic axis, its domain shaded. Errors below a
 * unit of the fixed point are drawn at that unit: nothing smaller can be told apart.
 */
import type { ApproximationEntry } from '../../server/api/routers/learn/approximations.ts';
import { formatSignificant } from '../../server/api/schemas/format.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';

/** Of 18 fraction bits, with which errors are measured. */
const unit = 2 ** -18;

/** What the horizontal axis counts. */
export const inputWord = ({ replaces }: Pick<ApproximationEntry, 'replaces'>): string =>
  replaces === 'softmax'
    ? 'Size of scores'
    : replaces === 'layernorm'
      ? 'Size of numbers'
      : 'Input';

/** @param range inputs that are shown */
export function approximationErrorChart(
  entry: ApproximationEntry,
  range: readonly [number, number],
  theme: ChartTheme,
): ChartModel {
  const { title, curve, domain, max, mean, replaces } = entry;
  const points = curve.x
    .map((x, index) => ({ x, error: curve.error[index] ?? 0 }))
    .filter(({ x }) => x >= range[0] && x <= range[1]);
  const word = inputWord(entry);
  const said = ({ x, error }: { x: number; error: number }): string =>
    `${word} ${formatSignificant(x)}: error ${formatSignificant(error)}`;
  const axisTitle = (text: string) => ({ text, font: { color: theme.soft, size: 12.5 } });
  return {
    label: `Error of ${title} against ${replaces}: largest ${formatSignificant(max)}, mean ${formatSignificant(mean)} inside of its domain.`,
    caption: `Largest |error| against ${replaces} at each ${word.toLowerCase()}, ${points.length} points, 18 fraction bits, in the clear. Measured.`,
    howToRead:
      'The shaded part is the domain for which the function was made; largest and mean error count only there. The vertical axis is logarithmic.',
    height: 260,
    figure: {
      data: [
        {
          type: 'scatter',
          mode: 'lines+markers',
          x: points.map(({ x }) => x),
          y: points.map(({ error }) => Math.max(error, unit)),
          line: { color: theme.series[0] ?? theme.ink, width: 1.6 },
          marker: { size: 3, color: theme.series[0] ?? theme.ink },
          customdata: points.map(said),
          hovertemplate: '%{customdata}<extra></extra>',
        },
      ],
      layout: {
        ...baseLayout(theme),
        margin: { l: 8, r: 20, t: 12, b: 8 },
        shapes: [
          {
            type: 'rect',
            layer: 'below',
            xref: 'x',
            yref: 'paper',
            x0: Math.max(domain[0], range[0]),
            x1: Math.min(domain[1], range[1]),
            y0: 0,
            y1: 1,
            fillcolor: theme.line,
            opacity: 0.5,
            line: { width: 0 },
          },
        ],
        xaxis: { ...quietAxis(theme), range: [...range], title: axisTitle(word) },
        yaxis: { ...quietAxis(theme), type: 'log', title: axisTitle('|error|') },
      },
    },
    stops: points.map((point, index) => ({ text: said(point), curve: 0, point: index })),
    table: {
      columns: [
        { key: 'input', header: word, format: formatSignificant },
        { key: 'error', header: 'Largest |error|', format: formatSignificant },
      ],
      rows: points.map(({ x, error }) => ({ input: x, error })),
    },
  };
}
