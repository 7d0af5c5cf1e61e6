/**
 * The accuracy's loss, split: plaintext, approximations in float64 and in fixed point, secure run. Runs from
 * before float64 had approximations have three points.
 */
import type { Accuracy, Proportion } from '../../server/api/schemas/run-view.ts';
import {
  formatInterval,
  formatPercent,
  plural,
  proportionValue,
} from '../../server/api/schemas/format.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';

const allPoints = [
  {
    key: 'plaintext',
    name: 'Plaintext',
    symbol: 'square',
    meaning: 'floating point, exact functions',
  },
  {
    key: 'approximated',
    name: 'Approximated',
    symbol: 'diamond',
    meaning: 'floating point, the run’s approximations',
  },
  {
    key: 'clear',
    name: 'Clear',
    symbol: 'triangle-up',
    meaning: 'same approximations and fixed point, in the open',
  },
  { key: 'secure', name: 'Secure', symbol: 'circle', meaning: 'what the private run revealed' },
] as const;

export function accuracyTripleChart(
  accuracy: Accuracy,
  { theme, word = 'sample' }: { readonly theme: ChartTheme; readonly word?: string },
): ChartModel {
  const points = allPoints.flatMap(({ key, ...rest }) => {
    const of = accuracy[key];
    return of === undefined ? [] : [{ ...rest, of }];
  });
  const split = accuracy.approximated !== undefined;
  const values = points.map((point) => proportionValue(point.of) * 100);
  const all: readonly Proportion[] = points.map((point) => point.of);
  const low = Math.floor((Math.min(...all.map((p) => p.low)) * 100 - 1) / 5) * 5;
  const n = accuracy.secure.n;
  const axis = quietAxis(theme);
  return {
    label: `Accuracy with 95 % intervals: ${points
      .map((point) => `${point.name} ${formatPercent(proportionValue(point.of))}`)
      .join(', ')}, n = ${n}.`,
    caption: `Accuracy over the same ${plural(n, `held-out ${word}`)}, Wilson 95 % intervals. The axis runs from ${Math.max(0, low)} to 100 %. Measured.`,
    howToRead: `${split ? 'From plaintext to approximated is what the approximations cost, from there to clear what fixed point costs' : 'From plaintext to clear is what the approximations cost'}; from clear to secure is what the protocol costs. Intervals that overlap do not separate; the paired disagreement is the sharper test.${split ? ' Outside of a function’s domain floating point and fixed point go different ways.' : ''}`,
    height: split ? 250 : 200,
    figure: {
      data: [
        {
          type: 'scatter',
          mode: 'text+markers',
          x: values,
          y: points.map((point) => point.name),
          error_x: {
            type: 'data',
            symmetric: false,
            array: all.map((p, index) => p.high * 100 - (values[index] ?? 0)),
            arrayminus: all.map((p, index) => (values[index] ?? 0) - p.low * 100),
            color: theme.series[0] ?? theme.ink,
            thickness: 1.5,
            width: 5,
          },
          marker: {
            size: 11,
            symbol: points.map((point) => point.symbol),
            color: theme.series[0] ?? theme.ink,
          },
          text: all.map((p) => formatPercent(proportionValue(p))),
          textposition: 'top center',
          textfont: { color: theme.ink, size: 13 },
          customdata: all.map((p) => `${p.correct} of ${p.n}; ${formatInterval(p)}`),
          hovertemplate: '%{y}: %{text}<br>%{customdata}<extra></extra>',
          cliponaxis: false,
        },
      ],
      layout: {
        ...baseLayout(theme),
        margin: { l: 8, r: 22, t: 18, b: 8 },
        xaxis: { ...axis, range: [Math.max(0, low), 100.6], ticksuffix: ' %', zeroline: false },
        yaxis: {
          ...axis,
          autorange: 'reversed',
          showgrid: false,
          ticksuffix: '  ',
          tickfont: { color: theme.ink, size: 13.5 },
        },
      },
    },
    stops: points.map((point, index) => {
      const p = point.of;
      return {
        text: `${point.name} (${point.meaning}): ${formatPercent(proportionValue(p))}, ${p.correct} of ${p.n}, ${formatInterval(p)}`,
        curve: 0,
        point: index,
      };
    }),
    table: {
      columns: [
        { key: 'evaluation', header: 'Evaluation' },
        { key: 'accuracy_fraction', header: 'Accuracy', format: (value) => formatPercent(value) },
        { key: 'correct', header: 'Correct', format: String },
        { key: 'n', header: 'n', format: String },
        { key: 'low_fraction', header: 'Interval from', format: (value) => formatPercent(value) },
        { key: 'high_fraction', header: 'to', format: (value) => formatPercent(value) },
      ],
      rows: points.map((point) => {
        const p = point.of;
        return {
          evaluation: point.name,
          accuracy_fraction: proportionValue(p),
          correct: p.correct,
          n: p.n,
          low_fraction: p.low,
          high_fraction: p.high,
        };
      }),
    },
  };
}
