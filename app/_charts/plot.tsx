'use client';
/**
 * Draws a chart with plotly and adds what plotly lacks: a name, a keyboard cursor (arrows, Home, End,
 * Escape) whose value is read out, and no toolbar of its own.
 */
/* A picture with a cursor: an <img> cannot hold what plotly draws. */
/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/prefer-tag-over-role */
import { clsx } from 'clsx';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ChartModel } from './chart.ts';
import classes from './chart.module.css';
import { loadPlotly, type PlotlyModule } from './load-plotly.ts';

/** What plotly's typings leave out. */
interface Hovering {
  readonly Fx: {
    hover(
      element: HTMLElement,
      points: readonly { curveNumber: number; pointNumber: number }[],
    ): void;
    unhover(element: HTMLElement): void;
  };
}

export function Plot({ model, still = false }: { model: ChartModel; still?: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const plotly = useRef<PlotlyModule | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let current = true;
    const target = element.current;
    if (target === null) return;
    const draw = async (): Promise<void> => {
      const loaded = await loadPlotly();
      if (!current) return;
      plotly.current = loaded;
      const layout = { ...model.figure.layout, height: model.height, autosize: true };
      const config = { displayModeBar: false, staticPlot: still, scrollZoom: false };
      await loaded.react(target, model.figure.data, layout, config);
    };
    draw().catch(() => setFailed(true));
    return () => {
      current = false;
    };
  }, [model, still]);

  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new ResizeObserver(() => {
      // plotly refuses to resize what it has not drawn yet, or what is out of sight when, a moment later,
      // it comes to it: that is measured again when it is back.
      if (!target.classList.contains('js-plotly-plot') || target.offsetWidth === 0) return;
      const resized: unknown = plotly.current?.Plots.resize(target);
      if (resized instanceof Promise) resized.catch(() => {});
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      plotly.current?.purge(target);
    };
  }, []);

  const move = (next: number | null): void => {
    setCursor(next);
    const target = element.current;
    const hovering = plotly.current as unknown as Hovering | null;
    if (target === null || hovering === null || !target.classList.contains('js-plotly-plot'))
      return;
    const stop = next === null ? undefined : model.stops[next];
    if (stop === undefined) hovering.Fx.unhover(target);
    else hovering.Fx.hover(target, [{ curveNumber: stop.curve, pointNumber: stop.point }]);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = model.stops.length - 1;
    if (last < 0) return;
    const steps: Readonly<Record<string, number | null>> = {
      ArrowRight: cursor === null ? 0 : Math.min(last, cursor + 1),
      ArrowDown: cursor === null ? 0 : Math.min(last, cursor + 1),
      ArrowLeft: cursor === null ? last : Math.max(0, cursor - 1),
      ArrowUp: cursor === null ? last : Math.max(0, cursor - 1),
      Home: 0,
      End: last,
      Escape: null,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    move(next);
  };

  const stop = cursor === null ? undefined : model.stops[cursor];
  return (
    <div className={classes.plotBox} style={{ minHeight: model.height }}>
      <div
        ref={element}
        className={clsx(classes.plot, still && classes.still)}
        style={{ height: model.height }}
        role="img"
        aria-label={model.label}
        tabIndex={still ? undefined : 0}
        onKeyDown={still ? undefined : onKeyDown}
        onBlur={still ? undefined : () => move(null)}
      />
      {!still && (
        <p className={classes.cursor} aria-live="polite">
          {stop === undefined ? '' : stop.text}
        </p>
      )}
      {failed && <p role="alert">The chart could not be drawn. Its table has the same numbers.</p>}
    </div>
  );
}
