/** The partial bundle has the same interface as the whole library. */
declare module 'plotly.js/dist/plotly-basic.min.js' {
  import type * as Plotly from 'plotly.js';

  const plotly: typeof Plotly;
  export default plotly;
}
