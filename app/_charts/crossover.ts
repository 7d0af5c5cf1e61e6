/** Which of two runs is faster on which network: a square for every round trip and rate. */
import type { Data } from 'plotly.js';
import type { CrossoverCell } from '../../server/network/replay/crossover.ts';
import {
  formatBitRate,
  formatDuration,
  formatRatio,
  formatRoundTrip,
} from '../../server/api/schemas/format.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';

export interface CrossoverOptions {
  /** What the two are called. */
  readonly names: readonly [first: string, second: string];
  readonly theme: ChartTheme;
}

const winners = ['first', 'second', 'tie'] as const;
type Winner = (typeof winners)[number];
/** Told apart without colour too. */
const symbols = {
  first: 'square',
  second: 'circle',
  tie: 'x-thin-open',
} as const satisfies Readonly<Record<Winner, string>>;

export function crossoverChart(
  cells: readonly CrossoverCell[],
  { names, theme }: CrossoverOptions,
): ChartModel {
  const nameOf = (winner: Winner): string =>
    winner === 'tie' ? 'no difference' : names[winner === 'first' ? 0 : 1];
  const text = (cell: CrossoverCell): string => {
    const place = `${formatRoundTrip(cell.rttMs)}, ${formatBitRate(cell.bitsPerSecond)}`;
    const times = `${names[0]} ${formatDuration(cell.firstMs)}, ${names[1]} ${formatDuration(cell.secondMs)}`;
    return `${place}: ${nameOf(cell.winner)}; ${times}`;
  };
  const groups = winners.map((winner) => cells.filter((cell) => cell.winner === winner));
  const data: Data[] = winners.map((winner, index) => ({
    type: 'scatter',
    mode: 'markers',
    name: winner === 'tie' ? 'No difference' : `${nameOf(winner)} is faster`,
    x: groups[index]?.map(({ rttMs }) => rttMs) ?? [],
    y: groups[index]?.map(({ bitsPerSecond }) => bitsPerSecond / 1e6) ?? [],
    text: groups[index]?.map(text) ?? [],
    hovertemplate: '%{text}<extra></extra>',
    marker: {
      size: winner === 'tie' ? 9 : 15,
      symbol: symbols[winner],
      color: winner === 'tie' ? theme.soft : (theme.series[index] ?? theme.ink),
      line: { width: winner === 'tie' ? 1.5 : 0, color: theme.soft },
    },
  }));
  const counts = winners.map((winner, i) => `${nameOf(winner)} on ${groups[i]?.length ?? 0}`);
  return {
    label: `Which run is faster on which of ${cells.length} networks: ${counts.join(', ')}.`,
    caption:
      'Online latency per sample, one inference of each run, a machine of its own for each party. Replayed.',
    howToRead:
      'To the right the round trip is longer, upwards the rate is higher. Where the difference is within what the two replays miss at their own networks, there is none.',
    height: 420,
    figure: {
      data,
      layout: {
        ...baseLayout(theme),
        showlegend: true,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
        margin: { l: 8, r: 16, t: 40, b: 8 },
        xaxis: { ...quietAxis(theme), type: 'log', title: { text: 'Round trip, ms' } },
        yaxis: { ...quietAxis(theme), type: 'log', title: { text: 'Rate, Mbit/s' } },
      },
    },
    stops: groups.flatMap((group, curve) =>
      group.map((cell, point) => ({ text: text(cell), curve, point })),
    ),
    table: {
      columns: [
        { key: 'rtt_ms', header: 'Round trip', format: formatRoundTrip },
        { key: 'rate_bit_per_s', header: 'Rate', format: formatBitRate },
        { key: 'first_ms', header: names[0], format: formatDuration },
        { key: 'second_ms', header: names[1], format: formatDuration },
        { key: 'ratio', header: 'Ratio', format: formatRatio },
        { key: 'faster', header: 'Faster' },
      ],
      rows: cells.map(({ rttMs, bitsPerSecond, firstMs, secondMs, winner }) => ({
        rtt_ms: rttMs,
        rate_bit_per_s: bitsPerSecond,
        first_ms: firstMs,
        second_ms: secondMs,
        ratio: secondMs / firstMs,
        faster: nameOf(winner),
      })),
    },
  };
}
