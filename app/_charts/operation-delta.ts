/** Where the difference between two runs went: a bridge from one total to the other, step by step. */
import {
  restKey,
  type DeltaMeasure,
  type OperationDelta,
} from '../../server/api/schemas/compare-operations.ts';
import { formatBytes, formatDuration, type ByteFamily } from '../../server/api/schemas/format.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';
import { ticks } from './per-layer.ts';
import { placeName } from './places.ts';

interface Options {
  readonly names: readonly [string, string];
  readonly measure: DeltaMeasure;
  readonly byPlace: boolean;
  readonly family: ByteFamily;
  readonly theme: ChartTheme;
}

export function operationDeltaChart(delta: OperationDelta, options: Options): ChartModel {
  const { names, measure, byPlace, family, theme } = options;
  const isTime = measure === 'time';
  // Whole nanoseconds and bytes inside, so that the sums are exact.
  const format = (value: number): string =>
    isTime ? formatDuration(value / 1e6) : formatBytes(value, family);
  const signed = (value: number): string => (value > 0 ? `+${format(value)}` : format(value));
  const word = (key: string): string =>
    key === restKey ? 'Booked to no place' : byPlace ? placeName(key) : key;
  const [first, second] = names;
  let at = delta.from;
  const bars = [
    { name: first, base: 0, length: delta.from, text: format(delta.from), kind: 'total' },
    ...delta.steps.map((step) => {
      const base = at;
      at += step.delta;
      const kind = step.delta > 0 ? 'more' : 'less';
      return { name: word(step.key), base, length: step.delta, text: signed(step.delta), kind };
    }),
    { name: second, base: 0, length: delta.to, text: format(delta.to), kind: 'total' },
  ];
  const colours: Readonly<Record<string, string>> = {
    total: theme.series[5] ?? theme.soft,
    more: theme.series[1] ?? theme.ink,
    less: theme.series[0] ?? theme.ink,
  };
  const ends = bars.flatMap(({ base, length }) => [base, base + length]);
  const max = Math.max(...ends, 0);
  const min = Math.min(...ends, 0);
  const unit = isTime ? 'ns' : 'bytes';
  return {
    label: `From ${first} (${format(delta.from)}) to ${second} (${format(delta.to)}): ${delta.steps
      .toSorted((a, b) => Math.abs(b.delta) - Math.abs(a.delta))
      .slice(0, 6)
      .map(({ key, delta: step }) => `${word(key)} ${signed(step)}`)
      .join('; ')}.`,
    caption: isTime
      ? 'Online time of one batch, median. A step is the difference of the means of its slowest party, computing and waiting; what no step holds is booked to no place. The steps add up exactly. Measured.'
      : 'Payload bytes of one batch online, all parties, exact; the steps add up exactly. Measured.',
    howToRead:
      'Read from top to bottom: each bar starts where the one before it ended. Orange to the right costs more in the second run, blue to the left less; signs are written beside.',
    height: Math.max(200, bars.length * 28 + 50),
    figure: {
      data: [
        {
          type: 'bar',
          orientation: 'h',
          x: bars.map(({ length }) => length),
          base: bars.map(({ base }) => base),
          y: bars.map((_, index) => index),
          marker: { color: bars.map(({ kind }) => colours[kind] ?? theme.ink) },
          customdata: bars.map(({ name, text }) => `${name}: ${text}`),
          hovertemplate: '%{customdata}<extra></extra>',
          cliponaxis: false,
        },
      ],
      layout: {
        ...baseLayout(theme),
        bargap: 0.3,
        margin: { l: 8, r: 96, t: 4, b: 4 },
        annotations: bars.map(({ base, length, text }, index) => ({
          x: Math.max(base, base + length),
          y: index,
          xanchor: 'left' as const,
          xshift: 6,
          showarrow: false,
          text,
          font: { color: theme.ink, size: 12 },
        })),
        xaxis: {
          ...quietAxis(theme),
          ...ticks(max, format),
          range: [min < 0 ? min * 1.05 : 0, max * 1.04 || 1],
        },
        yaxis: {
          ...quietAxis(theme),
          autorange: 'reversed',
          showgrid: false,
          zeroline: false,
          tickmode: 'array',
          tickvals: bars.map((_, index) => index),
          ticktext: bars.map(
            ({ name }) => `${name.length > 26 ? `${name.slice(0, 25)}…` : name}  `,
          ),
        },
      },
    },
    stops: bars.map(({ name, text }, index) => ({
      text: `${name}: ${text}`,
      curve: 0,
      point: index,
    })),
    table: {
      columns: [
        { key: 'step', header: byPlace ? 'Place' : 'Operation' },
        { key: `from_${unit}`, header: first, format },
        { key: `to_${unit}`, header: second === first ? `${second} (2)` : second, format },
        { key: `difference_${unit}`, header: 'Difference', format: signed },
      ],
      rows: [
        ...delta.steps.map(({ key, from, to, delta: step }) => ({
          step: word(key),
          [`from_${unit}`]: from,
          [`to_${unit}`]: to,
          [`difference_${unit}`]: step,
        })),
        {
          step: 'Sum',
          [`from_${unit}`]: delta.from,
          [`to_${unit}`]: delta.to,
          [`difference_${unit}`]: delta.to - delta.from,
        },
      ],
    },
  };
}
