/**
 * Compared runs by any two numbers. Where one is a cost and the other a gain, the Pareto front is drawn
 * and what is dominated for sure is dimmed.
 */
import type { ChartScale } from '../../server/api/schemas/compare-chart.ts';
import type { Figure, Metric } from '../../server/api/schemas/compare-metrics.ts';
import { originOf, paretoFronts, paretoPlaces } from '../../server/api/schemas/compare-pareto.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';

interface Options {
  readonly x: Metric;
  readonly y: Metric;
  readonly scale: ChartScale;
  readonly theme: ChartTheme;
}

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'] as const;
const placeWords = {
  front: 'on the front',
  tied: 'tied with the front',
  dominated: 'dominated',
} as const;
/** More names than this would cover each other. */
const mostNames = 8;
/** Up to so many runs each have their own mark and error bars. */
const mostSingle = 40;

export function compareScatter(runs: readonly NamedRun[], options: Options): ChartModel {
  const { x, y, scale, theme } = options;
  const points = runs.flatMap(({ name, run }) => {
    const [cost, gain] = [x.of(run), y.of(run)];
    return cost === null || gain === null
      ? []
      : [{ name, id: run.id, origin: originOf(run), cost, gain }];
  });
  const hasFront = x.better === 'less' && y.better === 'more';
  const places = hasFront ? paretoPlaces(points) : points.map(() => 'front' as const);
  const fronts = hasFront ? paretoFronts(points).filter((front) => front.length > 1) : [];
  const origins = [...new Set(points.map(({ origin }) => origin))];
  const values = points.map(({ cost }) => cost.value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isLog = least > 0 && (scale === 'log' || (scale === 'auto' && most > 10 * least));
  const describe = (index: number): string => {
    const point = points[index];
    if (point === undefined) return '';
    const place = hasFront ? `, ${placeWords[places[index] ?? 'front']}` : '';
    const origin = origins.length > 1 ? ` (${point.origin})` : '';
    return `${point.name}${origin}: ${y.format(point.gain.value)}, ${x.format(point.cost.value)}${place}`;
  };
  const right =
    Math.max(...points.map(({ cost }) => Math.max(cost.value, cost.bar?.[1] ?? 0)), 0) * 1.15 || 1;
  const low = Math.min(...points.map(({ gain }) => gain.bar?.[0] ?? gain.value));
  const isShare = y.id === 'accuracy' || y.id === 'plaintext';
  const bottom = isShare ? Math.max(0, Math.floor((low - 0.01) * 10) / 10) : 0;
  const top = isShare
    ? 1.01
    : Math.max(...points.map(({ gain }) => gain.bar?.[1] ?? gain.value), 0) * 1.12 || 1;
  const left = Math.max(least * 0.7, Number.MIN_VALUE);
  const axis = quietAxis(theme);
  // One trace a run while they are few; else one trace a place, which plotly draws much faster.
  const single = points.length <= mostSingle;
  const groups: readonly (readonly number[])[] = single
    ? points.map((_, index) => [index])
    : origins
        .flatMap((origin) =>
          (['front', 'tied', 'dominated'] as const).map((place) =>
            points.flatMap((point, index) =>
              point.origin === origin && places[index] === place ? [index] : [],
            ),
          ),
        )
        .filter((members) => members.length > 0);
  const colourOf = (index: number): string =>
    points.length > theme.series.length
      ? (theme.series[0] ?? theme.ink)
      : (theme.series[index % theme.series.length] ?? theme.ink);
  const bar = (figures: readonly Figure[], colour: string) => {
    // A thousand error bars are a grey sheet; the table has every interval.
    const isShown = single && figures.some((figure) => figure.bar !== null);
    return {
      type: 'data' as const,
      symmetric: false,
      visible: isShown,
      array: figures.map(({ value, bar: ends }) => (ends === null ? 0 : ends[1] - value)),
      arrayminus: figures.map(({ value, bar: ends }) => (ends === null ? 0 : value - ends[0])),
      color: colour,
      thickness: 1.5,
      width: 4,
    };
  };
  const scaleWord = isLog ? 'logarithmic' : 'from zero';
  return {
    label: `${y.label} against ${lower(x.label)}${hasFront ? ', with the Pareto front' : ''}. ${points
      .slice(0, 12)
      .map((_, index) => describe(index))
      .join('. ')}${points.length > 12 ? `, and ${points.length - 12} more in the table` : ''}.`,
    caption: `${y.label} against ${lower(x.label)}, ${points.length} runs; medians with 95 % interval${single ? ', or the range where n is below six' : '; intervals are in the table'}. Horizontal axis ${scaleWord}, vertical axis from ${y.format(bottom)}. ${provenanceOf(points.map(({ origin }) => ({ provenance: origin })))}`,
    howToRead: hasFront
      ? `${origins.length > 1 ? 'Runs of each origin have a front of their own: they were not measured in one place. ' : ''}Better is up and to the left. The line joins runs that nobody beats in both; pale ones are beaten for sure, hollow ones only by less than their intervals.`
      : 'Each mark is a run. Nothing is joined, since nothing is known between them.',
    height: 340,
    figure: {
      data: [
        ...fronts.map((front) => {
          const of = front.flatMap((index) => points[index] ?? []);
          const origin = of[0]?.origin ?? '';
          return {
            type: 'scatter' as const,
            mode: 'lines' as const,
            name: origins.length > 1 ? `Pareto front, ${origin}` : 'Pareto front',
            x: of.map(({ cost }) => cost.value),
            y: of.map(({ gain }) => gain.value),
            line: {
              shape: 'hv' as const,
              color: theme.soft,
              width: 1.5,
              dash: origins.indexOf(origin) === 0 ? ('dot' as const) : ('dash' as const),
            },
            hoverinfo: 'skip' as const,
            showlegend: origins.length > 1,
          };
        }),
        ...groups.map((members) => {
          const [first = 0] = members;
          const colour = colourOf(first);
          const symbol = single ? (symbols[first % symbols.length] ?? 'circle') : 'circle';
          const place = places[first] ?? 'front';
          const of = members.flatMap((index) => points[index] ?? []);
          return {
            type: 'scatter' as const,
            mode: 'markers' as const,
            name: single
              ? inLines(of[0]?.name ?? '')
              : origins.length > 1
                ? `${of[0]?.origin ?? ''}, ${placeWords[place]}`
                : placeWords[place],
            x: of.map(({ cost }) => cost.value),
            y: of.map(({ gain }) => gain.value),
            opacity: place === 'dominated' ? 0.4 : 1,
            error_x: bar(
              of.map(({ cost }) => cost),
              colour,
            ),
            error_y: bar(
              of.map(({ gain }) => gain),
              colour,
            ),
            marker: {
              size: points.length > 60 ? 7 : 11,
              color: colour,
              symbol: place === 'tied' ? (`${symbol}-open` as const) : symbol,
            },
            customdata: members.map(describe),
            hovertemplate: '%{customdata}<extra></extra>',
            cliponaxis: false,
          };
        }),
      ],
      layout: {
        ...baseLayout(theme),
        showlegend: points.length <= mostNames || (!single && hasFront),
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
        margin: { l: 8, r: 20, t: 12, b: 8 },
        xaxis: {
          ...axis,
          ...(isLog
            ? {
                type: 'log' as const,
                ...logTicks(left, right, x.format),
                range: [Math.log10(left), Math.log10(right)],
              }
            : { ...ticks(right, x.format), range: [0, right] }),
          title: {
            text: isLog ? `${x.label} (log)` : x.label,
            font: { color: theme.soft, size: 12.5 },
          },
        },
        yaxis: {
          ...axis,
          ...(isShare ? { tickformat: '.0%' } : ticks(top, y.format)),
          range: [bottom, top],
          zeroline: false,
          title: { text: y.label, font: { color: theme.soft, size: 12.5 } },
        },
      },
    },
    stops: groups.flatMap((members, group) =>
      members.map((index, point) => ({
        text: describe(index),
        curve: group + fronts.length,
        point,
      })),
    ),
    table: {
      columns: [
        { key: 'run', header: 'Run' },
        { key: 'name', header: 'Name' },
        ...(hasFront ? [{ key: 'pareto', header: 'Pareto front' }] : []),
        { key: y.key, header: y.label, format: y.format },
        ...(x.key === y.key ? [] : [{ key: x.key, header: x.label, format: x.format }]),
        { key: 'provenance', header: 'Provenance' },
      ],
      rows: points.map(({ name, id, cost, gain, origin }, index) => ({
        run: id,
        name,
        pareto: placeWords[places[index] ?? 'front'],
        [y.key]: gain.value,
        [x.key]: cost.value,
        provenance: origin,
      })),
    },
  };
}

/** Names in a legend, which a phone would cut: as many lines as they need. */
const longestLine = 36;

export function inLines(name: string): string {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= longestLine) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('<br>');
}

export const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** "Measured." or "Classes: imported, measured." */
export function provenanceOf(points: readonly { readonly provenance: string }[]): string {
  const found = [...new Set(points.map(({ provenance }) => provenance))].toSorted();
  const [only = 'measured'] = found;
  return found.length > 1
    ? `Classes: ${found.join(', ')}.`
    : `${only.charAt(0).toUpperCase()}${only.slice(1)}.`;
}

/** 1-2-5 steps between two positive numbers, every decade at least. */
function logTicks(low: number, high: number, format: (value: number) => string) {
  const decades = Math.log10(high / low);
  const factors = decades > 3 ? [1] : [1, 2, 5];
  const tickvals: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const factor of factors) {
      const value = factor * 10 ** power;
      if (value >= low && value <= high) tickvals.push(value);
    }
  }
  const ticktext = tickvals.map((value) => format(value).replace(/\.0+(?=\u00a0)/, ''));
  return { tickmode: 'array' as const, tickvals, ticktext };
}
