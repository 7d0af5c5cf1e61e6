/**
 * Charts as plain SVG text, in light colours, with their text as text: for files that leave the page
 * and for pages without scripts. The same numbers as the page's charts and the CSV.
 */
import { metricById, metricsOf, type Metric } from '../api/schemas/compare-metrics.ts';
import { originOf, paretoFronts, paretoPlaces } from '../api/schemas/compare-pareto.ts';
import { escapeXml } from './escape.ts';
import type { ExportDocument } from './document.ts';

const ink = '#1b1e24';
const soft = '#545964';
const line = '#dcdcd5';
const blue = '#0072b2';
const font = 'font-family="system-ui, sans-serif"';
const width = 720;

const round = (value: number): string => value.toFixed(1);

const text = (
  x: number,
  y: number,
  body: string,
  { colour = ink, size = 13, anchor = 'start' } = {},
): string =>
  `<text x="${round(x)}" y="${round(y)}" ${font} font-size="${size}" fill="${colour}" text-anchor="${anchor}">${escapeXml(body)}</text>`;

const cut = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name;

/** "measured", or every class among them: a picture that leaves its page says where it comes from. */
const classesOf = ({ runs }: ExportDocument): string =>
  [
    ...new Set(
      runs.map(({ run }) => (run.shipped ? `${run.provenance}, shipped` : run.provenance)),
    ),
  ].join('; ');

function frame(height: number, title: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...body,
    '</svg>',
  ].join('\n');
}

/** More bars than this are no picture: the table has all of them. */
export const mostBars = 40;

/** Bars from zero, with the interval or range as an error bar. */
export function barsSvg(document: ExportDocument, metricId: string): string {
  const metric = metricById(metricsOf(document.units), metricId);
  const bars = document.runs.flatMap(({ name, run }) => {
    const figure = metric.of(run);
    return figure === null ? [] : [{ name, figure, run }];
  });
  const shown = bars.slice(0, mostBars);
  const max = Math.max(...shown.map(({ figure }) => figure.bar?.[1] ?? figure.value), 0);
  const left = 230;
  const room = width - left - 120;
  const at = (value: number): number => left + (max === 0 ? 0 : (value / max) * room);
  const rows = shown.flatMap(({ name, figure, run }, index) => {
    const y = 44 + index * 28;
    const tip = `${name}: ${metric.format(figure.value)}${figure.note === '' ? '' : `, ${figure.note}`}, ${run.provenance}`;
    const error =
      figure.bar === null
        ? ''
        : `<path d="M${round(at(figure.bar[0]))} ${y + 9}H${round(at(figure.bar[1]))}M${round(at(figure.bar[0]))} ${y + 5}v8M${round(at(figure.bar[1]))} ${y + 5}v8" stroke="${ink}" stroke-width="1.5" fill="none"/>`;
    return [
      `<g><title>${escapeXml(tip)}</title>`,
      text(left - 10, y + 14, cut(name, 30), { anchor: 'end' }),
      `<rect x="${left}" y="${y}" width="${round(Math.max(0, at(figure.value) - left))}" height="18" fill="${blue}" data-value="${figure.value}"/>`,
      error,
      text(
        Math.max(at(figure.value), at(figure.bar?.[1] ?? 0)) + 8,
        y + 14,
        metric.format(figure.value),
      ),
      '</g>',
    ];
  });
  const more = bars.length > shown.length ? `, first ${shown.length} of ${bars.length}` : '';
  const title = `${metric.label}${more}`;
  return frame(60 + Math.max(1, shown.length) * 28, title, [
    text(12, 24, title, { size: 14 }),
    text(width - 12, 24, classesOf(document), { colour: soft, size: 12, anchor: 'end' }),
    ...rows,
  ]);
}

/**
 * Two numbers of each run against each other. Of a cost and a gain the front is drawn and what is
 * dominated for sure is dimmed. Null without two points.
 */
export function scatterSvg(document: ExportDocument, xId: string, yId: string): string | null {
  const metrics = metricsOf(document.units);
  const [cost, gain] = [metricById(metrics, xId), metricById(metrics, yId)];
  const hasFront = cost.better === 'less' && gain.better === 'more';
  const points = document.runs.flatMap(({ name, run }) => {
    const [x, y] = [cost.of(run), gain.of(run)];
    return x === null || y === null ? [] : [{ name, cost: x, gain: y, origin: originOf(run) }];
  });
  if (points.length < 2) return null;
  const height = 360;
  const [left, right, top, bottom] = [64, width - 24, 44, height - 52];
  const maxX = Math.max(...points.map((p) => p.cost.bar?.[1] ?? p.cost.value)) * 1.1 || 1;
  const isShare = gain.id === 'accuracy' || gain.id === 'plaintext';
  const lowest = Math.min(...points.map((p) => p.gain.low ?? p.gain.value));
  const minY = isShare ? Math.max(0, Math.floor(lowest * 10) / 10) : 0;
  const maxY = isShare
    ? 1
    : Math.max(...points.map((p) => p.gain.bar?.[1] ?? p.gain.value)) * 1.1 || 1;
  const x = (value: number): number => left + (value / maxX) * (right - left);
  const y = (value: number): number => bottom - ((value - minY) / (maxY - minY)) * (bottom - top);
  const places = hasFront ? paretoPlaces(points) : points.map(() => 'front' as const);
  const step = (p: (typeof points)[number], index: number): string => {
    const [px, py] = [round(x(p.cost.value)), round(y(p.gain.value))];
    return index === 0 ? `M${px} ${py}` : `H${px}V${py}`;
  };
  const path = (hasFront ? paretoFronts(points) : [])
    .flatMap((front) => front.flatMap((index) => points[index] ?? []).map(step))
    .join('');
  const marks = points.map((p, index) => {
    const place = places[index] ?? 'front';
    const [lowX, highX] = p.cost.bar ?? [p.cost.value, p.cost.value];
    const [lowY, highY] = p.gain.bar ?? [p.gain.value, p.gain.value];
    const tip = `${p.name}: ${gain.format(p.gain.value)}, ${cost.format(p.cost.value)}${hasFront ? `, ${place}` : ''}`;
    return [
      `<g opacity="${place === 'dominated' ? 0.4 : 1}"><title>${escapeXml(tip)}</title>`,
      `<path d="M${round(x(lowX))} ${round(y(p.gain.value))}H${round(x(highX))}M${round(x(p.cost.value))} ${round(y(lowY))}V${round(y(highY))}" stroke="${soft}" fill="none"/>`,
      `<circle cx="${round(x(p.cost.value))}" cy="${round(y(p.gain.value))}" r="5" data-x="${p.cost.value}" data-y="${p.gain.value}" fill="${place === 'front' ? blue : '#ffffff'}" stroke="${blue}" stroke-width="1.5"/>`,
      points.length <= 12
        ? text(x(p.cost.value) + 8, y(p.gain.value) - 8, cut(p.name, 34), { size: 12 })
        : '',
      '</g>',
    ].join('');
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const [valueX, valueY] = [maxX * share, minY + (maxY - minY) * share];
    return [
      `<path d="M${left} ${round(y(valueY))}H${right}" stroke="${line}"/>`,
      text(left - 8, y(valueY) + 4, gain.format(valueY), { colour: soft, size: 12, anchor: 'end' }),
      text(x(valueX), bottom + 18, cost.format(valueX), {
        colour: soft,
        size: 12,
        anchor: 'middle',
      }),
    ];
  });
  const title = `${gain.label} against ${lower(cost)}`;
  return frame(height, title, [
    text(12, 24, title, { size: 14 }),
    text(width - 12, 24, classesOf(document), { colour: soft, size: 12, anchor: 'end' }),
    ...ticks,
    path === '' ? '' : `<path d="${path}" stroke="${blue}" stroke-width="1.5" fill="none"/>`,
    ...marks,
    text(right, height - 10, cost.label, { colour: soft, size: 12, anchor: 'end' }),
  ]);
}

/** Accuracy against a cost, with the front. Null without two points. */
export const paretoSvg = (document: ExportDocument, costId: string): string | null =>
  scatterSvg(document, costId, 'accuracy');

/**
 * The picture that the document's address asks for. Where it cannot be drawn of these runs, and for
 * parallel coordinates, which only the page draws: the front, else bars.
 */
export function chosenSvg(document: ExportDocument): string {
  const { view, cost, x, y, bar } = document.chart;
  const otherwise = (): string => paretoSvg(document, cost) ?? barsSvg(document, bar);
  if (view === 'bars') return barsSvg(document, bar);
  return view === 'scatter' ? (scatterSvg(document, x, y) ?? otherwise()) : otherwise();
}

/** Light colour to dark: the pairs of app/_charts/chart.ts. */
const darkOf: Readonly<Record<string, string>> = {
  [ink]: '#e6e7ea',
  [soft]: '#a4aab6',
  [line]: '#2c313b',
  [blue]: '#3d97d1',
  '#ffffff': '#181b22',
};

/** The same picture on a dark ground. Colours stand in attributes only, so text is not touched. */
export const darkened = (svg: string): string =>
  svg.replaceAll(/(fill|stroke)="(#[0-9a-f]{6})"/g, (whole, attribute: string, colour: string) => {
    const dark = darkOf[colour];
    return dark === undefined ? whole : `${attribute}="${dark}"`;
  });

const lower = ({ label }: Metric): string => label.charAt(0).toLowerCase() + label.slice(1);
