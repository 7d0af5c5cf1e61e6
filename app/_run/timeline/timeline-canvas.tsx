'use client';
/**
 * The picture of a timeline and its gestures: drag selects, Ctrl and the wheel zoom, the wheel sideways
 * pans. By keyboard: arrows move a cursor (with Shift they select), + and - zoom, Page Up and Page Down
 * pan, Home and End jump, Escape lets go.
 */
/* A picture with a cursor: an <img> cannot hold a canvas that is drawn anew. */
/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-tabindex */
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { formatDuration } from '../../../server/api/schemas/format.ts';
import { placeName } from '../../_charts/places.ts';
import { useChartTheme } from '../../_charts/use-chart-theme.ts';
import { drawTimeline, heightOf } from './draw.ts';
import { doingAt, waits, type Timeline } from '../../_replay/timeline.ts';
import classes from './timeline.module.css';
import { roleName } from './trace-events.ts';
import type { TimelineView } from './use-view.ts';

/** A drag that is shorter was a click. Pixels. */
const shortestDrag = 4;

interface TimelineCanvasProps {
  readonly timeline: Timeline;
  readonly state: TimelineView;
  readonly label: string;
}

export function TimelineCanvas({ timeline, state, label }: TimelineCanvasProps) {
  const theme = useChartTheme();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const dragFrom = useRef<{ x: number; ms: number } | null>(null);
  const anchor = useRef<number | null>(null);
  const { view, selection, cursorMs } = state;
  const span = view.toMs - view.fromMs;

  useEffect(() => {
    const target = box.current;
    if (target === null) return;
    const measure = (): void => setWidth(Math.floor(target.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (canvas.current === null || width === 0) return;
    drawTimeline(canvas.current, timeline, { view, selection, cursorMs, width, theme });
  }, [timeline, view, selection, cursorMs, width, theme]);

  const msAt = (clientX: number): number => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    return view.fromMs + ((clientX - left) / Math.max(1, width)) * span;
  };

  // React's own wheel listener is passive, and could not keep the page from scrolling.
  useEffect(() => {
    const target = box.current;
    if (target === null || width === 0) return;
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const left = target.getBoundingClientRect().left;
        const { fromMs, toMs } = view;
        const at = fromMs + ((event.clientX - left) / width) * (toMs - fromMs);
        state.zoom(event.deltaY < 0 ? 1.25 : 0.8, at);
        return;
      }
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (sideways === 0) return;
      event.preventDefault();
      state.pan(sideways / width);
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => target.removeEventListener('wheel', onWheel);
  }, [state, view, width]);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    dragFrom.current = { x: event.clientX, ms: msAt(event.clientX) };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const from = dragFrom.current;
    if (from === null || Math.abs(event.clientX - from.x) < shortestDrag) return;
    state.select(from.ms, msAt(event.clientX));
  };
  const onPointerUp = (event: PointerEvent): void => {
    const from = dragFrom.current;
    dragFrom.current = null;
    if (from === null || Math.abs(event.clientX - from.x) >= shortestDrag) return;
    state.select(null);
    state.moveCursor(from.ms);
  };

  const step = (by: number, selecting: boolean): void => {
    const at = cursorMs ?? view.fromMs;
    const next = at + by;
    if (selecting) {
      anchor.current ??= at;
      state.select(anchor.current, next);
    } else anchor.current = null;
    state.moveCursor(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const selecting = event.shiftKey;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowRight: () => step(span / 50, selecting),
      ArrowLeft: () => step(-span / 50, selecting),
      '+': () => state.zoom(1.6),
      '=': () => state.zoom(1.6),
      '-': () => state.zoom(1 / 1.6),
      PageDown: () => state.pan(0.8),
      PageUp: () => state.pan(-0.8),
      Home: () => step(-(cursorMs ?? 0), selecting),
      End: () => step(timeline.endMs - (cursorMs ?? view.fromMs), selecting),
      Escape: () => {
        anchor.current = null;
        state.select(null);
        state.moveCursor(null);
      },
    };
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  return (
    <div>
      <div
        ref={box}
        className={classes.picture}
        style={{ height: heightOf(timeline) }}
        role="img"
        aria-label={label}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => (dragFrom.current = null)}
      >
        <canvas ref={canvas} className={classes.canvas} aria-hidden="true" />
      </div>
      <p className={classes.cursor} aria-live="polite">
        {cursorMs === null ? '' : momentInWords(timeline, cursorMs)}
      </p>
    </div>
  );
}

function momentInWords(timeline: Timeline, ms: number): string {
  const doing = timeline.lanes.map((lane) => {
    const at = doingAt(lane, ms);
    const name = roleName(lane.role);
    if (at === null) return `${name}: nothing`;
    const { path, op } = timeline.places[at.place] ?? { path: '', op: 'local' };
    const where = path === '' ? '' : ` in ${placeName(path)}`;
    return `${name} ${at.what === waits ? 'waits' : 'computes'}: ${op}${where}`;
  });
  return `${formatDuration(ms)}. ${doing.join('; ')}`;
}
