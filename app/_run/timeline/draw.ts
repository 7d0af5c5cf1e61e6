/**
 * Draws a timeline on a canvas, one column of pixels after the other: each shows which share of its
 * time a role computed and waited. So the work depends on the width of the picture and not on the
 * number of events, and nothing is left out at any zoom.
 */
import { placeName } from '../../_charts/places.ts';
import type { ChartTheme } from '../../_charts/chart.ts';
import { formatDuration } from '../../../server/api/schemas/format.ts';
import { roleName } from './trace-events.ts';
import { sumsIn, type Message, type Timeline } from '../../_replay/timeline.ts';

export interface View {
  readonly fromMs: number;
  readonly toMs: number;
}

export const bandHeight = 24;
const laneHeight = 28;
const laneGap = 46;
const axisHeight = 26;
/** More single arrows would be a grey wall: then one stands for all that begin and end alike. */
export const mostArrows = 600;

export const heightOf = ({ lanes }: Timeline): number =>
  bandHeight + lanes.length * (laneHeight + laneGap) + axisHeight - 10;

const laneTop = (lane: number): number => bandHeight + 26 + lane * (laneHeight + laneGap);

/** Messages of which a part lies in the view, thinned to one for each pair of columns and link. */
export function arrowsIn(
  messages: readonly Message[],
  { fromMs, toMs }: View,
  width: number,
): { readonly arrows: readonly Message[]; readonly of: number } {
  const inside = messages.filter(({ sentMs, dueMs }) => dueMs >= fromMs && sentMs <= toMs);
  if (inside.length <= mostArrows) return { arrows: inside, of: inside.length };
  const step = (toMs - fromMs) / Math.max(1, width);
  // Wider columns until few enough are left.
  for (let pixels = 3; ; pixels *= 2) {
    const seen = new Set<string>();
    const arrows = inside.filter(({ from, to, sentMs }) => {
      const key = `${from} ${to} ${Math.floor((sentMs - fromMs) / (step * pixels))}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    if (arrows.length <= mostArrows || pixels > width) return { arrows, of: inside.length };
  }
}

interface DrawOptions {
  readonly view: View;
  readonly selection: View | null;
  readonly cursorMs: number | null;
  readonly width: number;
  readonly theme: ChartTheme;
}

/** `canvas` is sized here, for screens of any density. */
export function drawTimeline(
  canvas: HTMLCanvasElement,
  timeline: Timeline,
  { view, selection, cursorMs, width, theme }: DrawOptions,
): void {
  const height = heightOf(timeline);
  const density = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.font = `12px ${theme.fontFamily}`;
  const span = view.toMs - view.fromMs;
  const x = (ms: number): number => ((ms - view.fromMs) / span) * width;

  if (selection !== null) {
    context.fillStyle = `${theme.series[0] ?? theme.ink}26`;
    context.fillRect(x(selection.fromMs), 0, x(selection.toMs) - x(selection.fromMs), height);
  }
  drawBands(context, timeline, { x, width, theme });
  const { arrows } = arrowsIn(timeline.messages, view, width);
  context.lineWidth = 1;
  context.strokeStyle = theme.soft;
  context.globalAlpha = arrows.length > 150 ? 0.3 : 0.65;
  context.beginPath();
  for (const { from, to, sentMs, dueMs } of arrows) {
    const down = to > from;
    const y0 = laneTop(from) + (down ? laneHeight : 0);
    const y1 = laneTop(to) + (down ? 0 : laneHeight);
    const [x0, x1] = [x(sentMs), x(dueMs)];
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    if (arrows.length > 150) continue;
    const slope = Math.atan2(y1 - y0, x1 - x0);
    for (const turn of [-0.4, 0.4]) {
      context.moveTo(x1, y1);
      context.lineTo(x1 - 7 * Math.cos(slope + turn), y1 - 7 * Math.sin(slope + turn));
    }
  }
  context.stroke();
  context.globalAlpha = 1;

  timeline.lanes.forEach((lane, index) => {
    const top = laneTop(index);
    const colour = theme.series[typeof lane.role === 'number' ? ([0, 4, 2][lane.role] ?? 5) : 5];
    context.fillStyle = theme.sheet;
    context.fillRect(0, top, width, laneHeight);
    for (let column = 0; column < width; column += 1) {
      const from = view.fromMs + (column / width) * span;
      const to = view.fromMs + ((column + 1) / width) * span;
      const { computeMs, waitMs } = sumsIn(lane, from, to);
      const busy = (computeMs / (to - from)) * laneHeight;
      const idle = (waitMs / (to - from)) * laneHeight;
      context.fillStyle = `${theme.soft}40`;
      context.fillRect(column, top + laneHeight - busy - idle, 1, idle);
      context.fillStyle = colour ?? theme.ink;
      context.fillRect(column, top + laneHeight - busy, 1, busy);
    }
    context.strokeStyle = theme.line;
    context.strokeRect(0.5, top + 0.5, width - 1, laneHeight - 1);
    label(context, roleName(lane.role), 2, top - 6, theme);
  });
  drawAxis(context, height, { view, width, theme });
  if (cursorMs !== null) {
    context.strokeStyle = theme.ink;
    context.strokeRect(x(cursorMs), 0, 0.5, height - axisHeight);
  }
}

/** A word on the ground of the sheet, so that arrows do not cross it. */
function label(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  theme: ChartTheme,
): void {
  context.fillStyle = theme.sheet;
  context.fillRect(x - 2, y - 11, context.measureText(text).width + 6, 15);
  context.fillStyle = theme.ink;
  context.fillText(text, x, y);
}

interface Frame {
  readonly x: (ms: number) => number;
  readonly width: number;
  readonly theme: ChartTheme;
}

function drawBands(
  context: CanvasRenderingContext2D,
  { bands }: Timeline,
  { x, width, theme }: Frame,
): void {
  bands.forEach(({ name, fromMs, toMs }, index) => {
    const [left, right] = [Math.max(0, x(fromMs)), Math.min(width, x(toMs))];
    if (right <= left) return;
    context.fillStyle = index % 2 === 0 ? `${theme.soft}2e` : `${theme.soft}17`;
    context.fillRect(left, 0, right - left, bandHeight - 4);
    const text = placeName(name);
    if (context.measureText(text).width + 10 > right - left) return;
    context.fillStyle = theme.ink;
    context.fillText(text, left + 5, 14);
  });
}

function drawAxis(
  context: CanvasRenderingContext2D,
  height: number,
  { view, width, theme }: { view: View; width: number; theme: ChartTheme },
): void {
  const span = view.toMs - view.fromMs;
  const wanted = span / Math.max(2, Math.floor(width / 110));
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10);
  context.fillStyle = theme.soft;
  context.strokeStyle = theme.line;
  for (let ms = Math.ceil(view.fromMs / step) * step; ms <= view.toMs; ms += step) {
    const at = ((ms - view.fromMs) / span) * width;
    context.strokeRect(at, height - axisHeight + 2, 0.5, 5);
    const text = formatDuration(ms);
    const room = context.measureText(text).width;
    context.fillText(text, Math.min(width - room, Math.max(0, at - room / 2)), height - 6);
  }
}
