/** The view of the results that nobody saved; the defaults of viewStateSchema, as a test checks. Browser-safe. */
import { defaultColumns } from './results-columns.ts';
import type { ViewState } from './results-view.ts';

export const defaultView: ViewState = {
  q: '',
  columns: [...defaultColumns],
  widths: {},
  diffOnly: false,
  charts: [],
  units: 'decimal',
  baseline: null,
  selected: [],
};
