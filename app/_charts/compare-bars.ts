/** One number of compared runs as bars from zero, with error bars where it has an interval. */
import type { Metric } from '../../server/api/schemas/compare-metrics.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import { formatRatio } from '../../server/api/schemas/format.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { provenanceOf } from './compare-scatter.ts';
import { ticks } from './per-layer.ts';

/** More are no picture: the table has all of them, and the caption says so. */
export const mostBars = 40;

interface Options {
  readonly metric: Metric;
  /** Id of the pinned run. */
  readonly base: string | null;
  readonly theme: ChartTheme;
  readonly compact?: boolean;
}

export function compareBars(runs: readonly NamedRun[], options: Options): ChartModel {
  const { metric, base, theme, compact = false } = options;
  const all = runs.flatMap(({ name, run }) => {
    const figure = metric.of(run);
    return figure === null ? [] : [{ name, id: run.id, provenance: run.provenance, figure }];
  });
  const bars = all.slice(0, mostBars);
  const pinned = all.find(({ id }) => id === base)?.figure.value;
  const short = (name: string): string =>
    compact && name.length > 16 ? `${name.slice(0, 15)}…` : name;
  const said = (index: number): string => {
    const bar = bars[index];
    if (bar === undefined) return '';
    const ratio =
      pinned === undefined || pinned === 0 || bar.id === base
        ? ''
        : `, ${formatRatio(bar.figure.value / pinned)}`;
    return `${metric.format(bar.figure.value)}${ratio}`;
  };
  const max = Math.max(...bars.map(({ figure }) => figure.bar?.[1] ?? figure.value), 0);
  const cut =
    all.length > bars.length
      ? ` The first ${bars.length} of ${all.length} runs; the table has all.`
      : '';
  const colour = theme.series[0] ?? theme.ink;
  return {
    label: `${metric.label}: ${bars.map(({ name }, index) => `${name} ${said(index)}`).join('; ')}.`,
    caption: `${metric.label}${metric.exact ? ', exact' : ', median or share with 95 % interval, or the range where n is below six'}. ${provenanceOf(all)}${cut}`,
    howToRead:
      pinned === undefined
        ? 'Bars start at zero, so their lengths compare.'
        : 'Bars start at zero, so their lengths compare. The ratio beside a bar is to the pinned run.',
    height: Math.max(130, bars.length * 34 + 60),
    figure: {
      data: [
        {
          type: 'bar',
          orientation: 'h',
          x: bars.map(({ figure }) => figure.value),
          y: bars.map((_, index) => index),
          error_x: {
            type: 'data',
            symmetric: false,
            array: bars.map(({ figure }) =>
              figure.bar === null ? 0 : figure.bar[1] - figure.value,
            ),
            arrayminus: bars.map(({ figure }) =>
              figure.bar === null ? 0 : figure.value - figure.bar[0],
            ),
            color: theme.ink,
            thickness: metric.exact ? 0 : 1.5,
            width: metric.exact ? 0 : 4,
          },
          marker: { color: bars.map(({ id }) => (id === base ? colour : `${colour}99`)) },
          customdata: bars.map(({ name }, index) => `${name}: ${said(index)}`),
          hovertemplate: '%{customdata}<extra></extra>',
          cliponaxis: false,
        },
      ],
      layout: {
        ...baseLayout(theme),
        bargap: 0.35,
        margin: { l: 8, r: compact ? 84 : 130, t: 4, b: 4 },
        annotations: bars.map(({ figure }, index) => ({
          x: Math.max(figure.value, figure.bar?.[1] ?? 0),
          y: index,
          xanchor: 'left' as const,
          xshift: 6,
          showarrow: false,
          text: said(index),
          font: { color: theme.ink, size: 12.5 },
        })),
        xaxis: { ...quietAxis(theme), ...ticks(max, metric.format), range: [0, max * 1.04 || 1] },
        yaxis: {
          ...quietAxis(theme),
          autorange: 'reversed',
          showgrid: false,
          zeroline: false,
          tickmode: 'array',
          tickvals: bars.map((_, index) => index),
          ticktext: bars.map(({ name }) => `${short(name)}  `),
          tickfont: { color: theme.ink, size: 12.5 },
        },
      },
    },
    stops: bars.map(({ name, figure }, index) => ({
      text: `${name}: ${said(index)}${figure.note === '' ? '' : `, ${figure.note}`}`,
      curve: 0,
      point: index,
    })),
    table: {
      columns: [
        { key: 'run', header: 'Run' },
        { key: 'name', header: 'Name' },
        { key: metric.key, header: metric.label, format: metric.format },
        ...(metric.exact
          ? []
          : [
              { key: `${metric.key}_low`, header: '95 % from', format: metric.format },
              { key: `${metric.key}_high`, header: 'to', format: metric.format },
              { key: `${metric.key}_n`, header: 'n', format: String },
            ]),
        { key: 'provenance', header: 'Provenance' },
      ],
      rows: all.map(({ name, id, provenance, figure }) => ({
        run: id,
        name,
        [metric.key]: figure.value,
        ...(metric.exact
          ? {}
          : {
              [`${metric.key}_low`]: figure.low,
              [`${metric.key}_high`]: figure.high,
              [`${metric.key}_n`]: figure.n,
            }),
        provenance,
      })),
    },
  };
}
