/** How far the logits of the secure run lie from those of the same arithmetic in the open. */
import { formatCount, formatSignificant } from '../../server/api/schemas/format.ts';
import type { ErrorBin } from '../_run/agreement.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';

const nameOf = ({ low, high }: ErrorBin): string =>
  high === 0 ? 'exactly 0' : `${formatSignificant(low, 2)} to ${formatSignificant(high, 2)}`;

export function errorHistogram(
  bins: readonly ErrorBin[],
  { theme, word = 'sample' }: { readonly theme: ChartTheme; readonly word?: string },
): ChartModel {
  const names = bins.map(nameOf);
  const counts = bins.map(({ count }) => count);
  const n = counts.reduce((a, b) => a + b, 0);
  const top = bins.at(-1);
  const colour = theme.series[0] ?? theme.ink;
  return {
    label: `Logit errors of the protocol: ${formatCount(n)} logits, the largest ${top === undefined ? 'unknown' : top.high === 0 ? 'is 0' : `below ${formatSignificant(top.high, 2)}`}.`,
    caption: `|secure − clear| of every logit of every ${word}, n = ${formatCount(n)}; three bins a decade. Measured.`,
    howToRead:
      'Both computed the same fixed-point arithmetic; what is left is the rounding of the protocol’s truncations. Bars far to the right would be an overflow or a fault.',
    height: 240,
    figure: {
      data: [
        {
          type: 'bar',
          x: names,
          y: counts,
          marker: { color: `${colour}33`, line: { color: colour, width: 1.5 } },
          hovertemplate: '%{x}: %{y} logits<extra></extra>',
        },
      ],
      layout: {
        ...baseLayout(theme),
        bargap: 0.08,
        xaxis: { ...quietAxis(theme), type: 'category', title: { text: '|secure − clear|' } },
        yaxis: { ...quietAxis(theme), rangemode: 'tozero', title: { text: 'logits' } },
      },
    },
    stops: bins.map((bin, point) => ({
      text: `${nameOf(bin)}: ${formatCount(bin.count)} of ${formatCount(n)} logits`,
      curve: 0,
      point,
    })),
    table: {
      columns: [
        { key: 'from', header: 'From', format: (value) => formatSignificant(value, 3) },
        { key: 'to', header: 'To', format: (value) => formatSignificant(value, 3) },
        { key: 'logits', header: 'Logits', format: formatCount },
      ],
      rows: bins.map(({ low, high, count }) => ({ from: low, to: high, logits: count })),
    },
  };
}
