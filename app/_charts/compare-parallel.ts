/** Parallel coordinates over what varies: each axis a setting or a number, each line a run. */
import type { Metric } from '../../server/api/schemas/compare-metrics.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import { settingsOf } from '../../server/api/schemas/spec-settings.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { provenanceOf } from './compare-scatter.ts';

export interface ParallelAxis {
  readonly key: string;
  readonly label: string;
  /** Text at the lower and upper end. */
  readonly ends: readonly [string, string];
  /** 0..1 by run; null where the run has no value. */
  readonly at: readonly (number | null)[];
  readonly cells: readonly (string | number | null)[];
  readonly format?: (value: number) => string;
}

/** More runs are drawn as one trace: plotly takes a thousand traces badly. */
const mostSingle = 30;

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** Ranges of axes, by their keys, 0..1 both ends included; an axis without one keeps all. */
export type Brush = Readonly<Record<string, readonly [number, number]>>;

/** Which runs lie within every range; a run without a value on a brushed axis does not. */
export const brushed = (axes: readonly ParallelAxis[], brush: Brush, runs: number): boolean[] =>
  Array.from({ length: runs }, (_, index) =>
    axes.every(({ key, at }) => {
      const range = brush[key];
      const place = at[index] ?? null;
      // A handle stands on whole steps: half of one is not outside.
      return (
        range === undefined ||
        (place !== null && place >= range[0] - 1e-9 && place <= range[1] + 1e-9)
      );
    }),
  );

/** Axes along which these runs differ, settings first. */
export function axesOf(
  runs: readonly NamedRun[],
  metrics: readonly Metric[],
): readonly ParallelAxis[] {
  const lists = runs.map(({ run }) => settingsOf(run.spec));
  const settings = (lists[0] ?? []).flatMap(({ name, field }, index): ParallelAxis[] => {
    const cells = lists.map((list) => list[index]?.value ?? '');
    const values = [...new Set(cells)].toSorted((a, b) =>
      a.localeCompare(b, 'en', { numeric: true }),
    );
    if (values.length < 2) return [];
    const at = cells.map((value) => values.indexOf(value) / (values.length - 1));
    return [
      {
        key: `setting_${field.replaceAll('.', '_')}`,
        label: name,
        ends: [values[0] ?? '', values.at(-1) ?? ''],
        at,
        cells,
      },
    ];
  });
  const numbers = metrics.flatMap((metric): ParallelAxis[] => {
    const cells = runs.map(({ run }) => metric.of(run)?.value ?? null);
    const known = cells.filter((value) => value !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    if (known.length < 2 || low === high) return [];
    const at = cells.map((value) => (value === null ? null : (value - low) / (high - low)));
    const ends = [metric.format(low), metric.format(high)] as const;
    return [{ key: metric.key, label: metric.label, ends, at, cells, format: metric.format }];
  });
  return [...settings, ...numbers];
}

export function compareParallel(
  runs: readonly NamedRun[],
  {
    metrics,
    theme,
    brush = {},
  }: {
    readonly metrics: readonly Metric[];
    readonly theme: ChartTheme;
    readonly brush?: Brush;
  },
): ChartModel {
  const axes = axesOf(runs, metrics);
  const kept = brushed(axes, brush, runs.length);
  const isKept = (index: number): boolean => kept[index] === true;
  const some = kept.includes(false);
  /** Then names are turned and ends left out: the ranges below the chart and the table have them. */
  const crowded = axes.length > 8;
  const short = (label: string): string => cut(label.split(',')[0] ?? label, 18);
  const colour = (index: number): string => theme.series[index % theme.series.length] ?? theme.ink;
  const single = runs.length <= mostSingle;
  const all = runs.map((_, index) => index);
  // What the ranges leave out is drawn first, pale, so that it covers nothing.
  const groups = single
    ? all.map((index) => [index])
    : [all.filter((index) => !isKept(index)), all.filter(isKept)].filter(
        ({ length }) => length > 0,
      );
  const placeIn = new Map(
    groups.flatMap((members, curve) =>
      members.map((index, position) => [index, { curve, position }] as const),
    ),
  );
  const gap: readonly null[] = single ? [] : [null];
  return {
    label: `Parallel coordinates of ${runs.length} runs over ${axes.map(({ label }) => label).join('; ')}.`,
    caption: `Each line is a run, each axis something in which the runs differ, from its smallest to its largest value among them. ${provenanceOf(runs.map(({ run }) => run))}`,
    howToRead:
      'Lines that cross between two axes are a trade-off; parallel ones move together. A gap is a number that a run does not have.',
    height: crowded ? 430 : 380,
    figure: {
      data: groups.map((members) => ({
        type: 'scatter' as const,
        mode: single ? ('lines+markers' as const) : ('lines' as const),
        name: single ? (runs[members[0] ?? 0]?.name ?? '') : 'runs',
        // Lines of one trace are parted by a gap.
        x: members.flatMap(() => [...axes.map((_, place) => place), ...gap]),
        y: members.flatMap((index) => [...axes.map(({ at }) => at[index] ?? null), ...gap]),
        connectgaps: false,
        opacity: !isKept(members[0] ?? 0) ? 0.12 : single ? 0.9 : some ? 0.7 : 0.3,
        line: { color: colour(members[0] ?? 0), width: single ? 1.6 : 0.8 },
        marker: { color: colour(members[0] ?? 0), size: 6 },
        customdata: members.flatMap((index) => [
          ...axes.map(({ label, cells, format }) => {
            const cell = cells[index] ?? null;
            const text = typeof cell === 'number' ? (format?.(cell) ?? String(cell)) : cell;
            return `${runs[index]?.name ?? ''}<br>${label}: ${text ?? 'none'}`;
          }),
          ...gap.map(() => ''),
        ]),
        hovertemplate: '%{customdata}<extra></extra>',
        cliponaxis: false,
      })),
      layout: {
        ...baseLayout(theme),
        showlegend: runs.length <= 8,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.12, yanchor: 'bottom' },
        margin: { l: 50, r: 50, t: 30, b: crowded ? 110 : 60 },
        shapes: axes.map((_, place) => ({
          type: 'line' as const,
          x0: place,
          x1: place,
          y0: 0,
          y1: 1,
          line: { color: theme.line, width: 1 },
          layer: 'below' as const,
        })),
        annotations: axes.flatMap(({ ends, label }, place) =>
          crowded
            ? [
                {
                  ...note(place, 0, 'top', `<b>${short(label)}</b>`, theme.soft),
                  textangle: '-40',
                  xanchor: 'right' as const,
                },
              ]
            : [
                note(place, 1, 'bottom', cut(ends[1], 16), theme.soft),
                note(place, 0, 'top', `${cut(ends[0], 16)}<br><b>${short(label)}</b>`, theme.soft),
              ],
        ),
        xaxis: {
          ...quietAxis(theme),
          showgrid: false,
          showticklabels: false,
          zeroline: false,
          range: [-0.2, Math.max(1, axes.length - 1) + 0.2],
        },
        yaxis: { ...quietAxis(theme), visible: false, range: [-0.02, 1.02] },
      },
    },
    stops: runs.map(({ name }, index) => ({
      text: `${name}: ${axes.map(({ label, cells, format }) => `${label} ${typeof cells[index] === 'number' ? (format?.(cells[index]) ?? '') : (cells[index] ?? 'none')}`).join(', ')}`,
      curve: placeIn.get(index)?.curve ?? 0,
      point: single ? 0 : (placeIn.get(index)?.position ?? 0) * (axes.length + 1),
    })),
    table: {
      columns: [
        { key: 'name', header: 'Name' },
        ...(some ? [{ key: 'in_ranges', header: 'In the ranges' }] : []),
        ...axes.map(({ key, label, format }) => ({
          key,
          header: label,
          ...(format === undefined ? {} : { format }),
        })),
        { key: 'provenance', header: 'Provenance' },
      ],
      rows: runs.map(({ name, run }, index) => ({
        name,
        ...(some ? { in_ranges: isKept(index) ? 'yes' : 'no' } : {}),
        ...Object.fromEntries(axes.map(({ key, cells }) => [key, cells[index] ?? null])),
        provenance: run.provenance,
      })),
    },
  };
}

const note = (x: number, y: number, yanchor: 'top' | 'bottom', text: string, color: string) => ({
  x,
  y,
  yanchor,
  text,
  showarrow: false,
  yshift: yanchor === 'top' ? -6 : 6,
  font: { color, size: 11.5 },
});
