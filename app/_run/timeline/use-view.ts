'use client';
/** Which part of a timeline is shown, what is selected in it, and where the keyboard's cursor is. */
import { useState } from 'react';
import type { View } from './draw.ts';

/** Nothing shorter is shown: finer than the clocks that recorded it. Milliseconds. */
const shortestMs = 0.02;

export interface TimelineView {
  readonly view: View;
  readonly selection: View | null;
  readonly cursorMs: number | null;
  /** More than 1 zooms in; the moment `aroundMs` stays where it is. */
  zoom(factor: number, aroundMs?: number): void;
  /** By a share of what is shown. */
  pan(share: number): void;
  show(view: View): void;
  /** Both ends in any order; null selects nothing. */
  select(fromMs: number | null, toMs?: number): void;
  moveCursor(toMs: number | null): void;
}

export function useTimelineView(endMs: number): TimelineView {
  const whole = { fromMs: 0, toMs: Math.max(endMs, shortestMs) };
  const [view, setView] = useState<View>(whole);
  const [selection, setSelection] = useState<View | null>(null);
  const [cursorMs, setCursor] = useState<number | null>(null);

  const show = ({ fromMs, toMs }: View): void => {
    const length = Math.min(whole.toMs, Math.max(shortestMs, toMs - fromMs));
    const start = Math.min(whole.toMs - length, Math.max(0, fromMs));
    setView({ fromMs: start, toMs: start + length });
  };
  return {
    view,
    selection,
    cursorMs,
    show,
    zoom: (factor, aroundMs = cursorMs ?? (view.fromMs + view.toMs) / 2) => {
      const share = (aroundMs - view.fromMs) / (view.toMs - view.fromMs);
      const length = (view.toMs - view.fromMs) / factor;
      show({ fromMs: aroundMs - share * length, toMs: aroundMs + (1 - share) * length });
    },
    pan: (share) => {
      const step = (view.toMs - view.fromMs) * share;
      show({ fromMs: view.fromMs + step, toMs: view.toMs + step });
    },
    select: (fromMs, toMs = 0) => {
      if (fromMs === null) {
        setSelection(null);
        return;
      }
      const within = (ms: number): number => Math.min(whole.toMs, Math.max(0, ms));
      const [low, high] = [within(Math.min(fromMs, toMs)), within(Math.max(fromMs, toMs))];
      setSelection(high > low ? { fromMs: low, toMs: high } : null);
    },
    moveCursor: (toMs) => {
      if (toMs === null) {
        setCursor(null);
        return;
      }
      const at = Math.min(whole.toMs, Math.max(0, toMs));
      setCursor(at);
      if (at < view.fromMs || at > view.toMs) {
        const half = (view.toMs - view.fromMs) / 2;
        show({ fromMs: at - half, toMs: at + half });
      }
    },
  };
}
