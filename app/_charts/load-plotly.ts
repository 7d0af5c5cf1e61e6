/** plotly needs a browser and weighs as much as all else together: loaded on first use. */
import type * as Plotly from 'plotly.js';

export type PlotlyModule = typeof Plotly;

let loading: Promise<PlotlyModule> | null = null;

export function loadPlotly(): Promise<PlotlyModule> {
  loading ??= import('plotly.js/dist/plotly-basic.min.js').then((module) => module.default);
  return loading;
}
