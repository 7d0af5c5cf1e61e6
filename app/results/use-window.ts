'use client';
/** Which rows of a long list are near the reader's eyes: rows have one height, so it is arithmetic. */
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';

/** Pixels of one row, the same in results-table.module.css. */
export const rowHeight = 56;
const overscan = 6;
/** Until it is laid out, and where nothing is. */
const assumedHeight = 720;

export interface RowWindow {
  /** Goes on the element that scrolls, with its `onScroll`. */
  readonly box: RefObject<HTMLElement | null>;
  readonly onScroll: () => void;
  /** First row to draw and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** @param list tells one list from another: a new one is shown from its top */
export function useWindow(count: number, list: string): RowWindow {
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: assumedHeight });
  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    const top = element.scrollTop;
    const height = element.clientHeight || assumedHeight;
    setView((last) =>
      // A new picture only when a row more or less is in sight.
      Math.floor(last.top / rowHeight) === Math.floor(top / rowHeight) && last.height === height
        ? last
        : { top, height },
    );
  };
  const look = useEffectEvent(onScroll);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => look());
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const shownList = useRef(list);
  useEffect(() => {
    if (shownList.current === list) return;
    shownList.current = list;
    if (box.current !== null) box.current.scrollTop = 0;
  }, [list]);
  const first = Math.floor(view.top / rowHeight);
  const shown = Math.ceil(view.height / rowHeight);
  const from = Math.max(0, Math.min(first - overscan, count - shown));
  return { box, onScroll, from, to: Math.min(count, first + shown + overscan) };
}
