/** The soak's plot: resident memory over time, a line for each process. */
import type { Sample } from './slope.ts';

export interface Series {
  readonly name: string;
  readonly samples: readonly Sample[];
}

const width = 720;
const height = 300;
const inner = { left: 64, right: 84, top: 16, bottom: 40 };
const colours = ['#0072b2', '#b65c00'];

/** Plain SVG text with its numbers as text; memory from zero, so that a slope looks as steep as it is. */
export function soakSvg(series: readonly Series[], minutes: number): string {
  const most = Math.max(...series.flatMap(({ samples }) => samples.map(({ bytes }) => bytes)));
  const top = Math.ceil(most / 2 ** 20 / 100) * 100;
  const x = (seconds: number): number =>
    inner.left + ((width - inner.left - inner.right) * seconds) / (minutes * 60);
  const y = (megabytes: number): number =>
    height - inner.bottom - ((height - inner.top - inner.bottom) * megabytes) / top;
  const label = (
    at: readonly [number, number],
    text: string,
    anchor = 'middle',
    fill = '#545964',
  ) =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" font-family="system-ui, sans-serif" font-size="12" text-anchor="${anchor}" fill="${fill}">${text}</text>`;
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const grid = steps.map((step) => {
    const at = y(top * step).toFixed(1);
    return `<line x1="${inner.left}" x2="${width - inner.right}" y1="${at}" y2="${at}" stroke="#dcdcd5"/>${label([inner.left - 8, Number(at) + 4], String(Math.round(top * step)), 'end')}`;
  });
  const ticks = steps.map((step) =>
    label(
      [x(minutes * 60 * step), height - inner.bottom + 18],
      String(+(minutes * step).toFixed(2)),
    ),
  );
  const lines = series.map(({ name, samples }, index) => {
    const colour = colours[index % colours.length] ?? '#1b1e24';
    const points = samples
      .map(({ seconds, bytes }) => `${x(seconds).toFixed(1)},${y(bytes / 2 ** 20).toFixed(1)}`)
      .join(' ');
    const last = samples.at(-1);
    const end: [number, number] = [width - inner.right + 8, y((last?.bytes ?? 0) / 2 ** 20) + 4];
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points}"/>${label(end, name, 'start', colour)}`;
  });
  const title = `Resident memory of ${series.map(({ name }) => name).join(' and ')} over ${minutes} minutes of runs`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...grid,
    ...ticks,
    ...lines,
    label([width / 2, height - 6], 'minutes'),
    label([8, 12], 'MiB', 'start'),
    '</svg>',
    '',
  ].join('\n');
}
