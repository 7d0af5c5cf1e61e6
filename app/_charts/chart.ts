/**
 * What every chart of Parley is: a plotly figure, and beside it everything a reader needs who cannot
 * or does not want to look at it. A chart file exports one pure function from rows to this.
 */
import type { Data, Layout } from 'plotly.js';

export interface ChartTheme {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly sheet: string;
  /** Distinct on light and dark, at least 3:1 against both grounds. */
  readonly series: readonly string[];
  readonly fontFamily: string;
}

/** Darkened Okabe-Ito: every colour has 3:1 or more on white and on #181b22. */
const series = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b27a00', '#767676'] as const;
/** On dark sheets the blue is a little lighter, since 3:1 is the least, not the best. */
const seriesOnDark = ['#3d97d1', '#e07a2f', '#1db389', '#cc79a7', '#c9952b', '#8d929b'] as const;

export const lightTheme: ChartTheme = {
  ink: '#1b1e24',
  soft: '#545964',
  line: '#e2e2dc',
  sheet: '#ffffff',
  series,
  fontFamily: 'system-ui, sans-serif',
};

export const darkTheme: ChartTheme = {
  ink: '#e6e7ea',
  soft: '#a4aab6',
  line: '#2c313b',
  sheet: '#181b22',
  series: seriesOnDark,
  fontFamily: 'system-ui, sans-serif',
};

export interface ChartColumn {
  /** Column name in the CSV: lower case, with its unit. */
  readonly key: string;
  readonly header: string;
  /** Numbers only; texts are shown as they are. */
  readonly format?: (value: number) => string;
}

export type ChartCell = string | number | null;
export type ChartRow = Readonly<Record<string, ChartCell>>;

export interface ChartTableModel {
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly ChartRow[];
}

/** One position of the keyboard's cursor: what is read out, and the plotly point it marks. */
export interface ChartStop {
  readonly text: string;
  readonly curve: number;
  readonly point: number;
}

export interface ChartModel {
  /** Alternative text: what the picture shows, in one sentence with its main numbers. */
  readonly label: string;
  readonly caption: string;
  readonly howToRead: string;
  readonly height: number;
  readonly figure: { readonly data: Data[]; readonly layout: Partial<Layout> };
  readonly stops: readonly ChartStop[];
  readonly table: ChartTableModel;
}

/** Quiet axes, no title, no ground of its own. */
export function baseLayout(theme: ChartTheme): Partial<Layout> {
  return {
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: theme.fontFamily, size: 13, color: theme.ink },
    margin: { l: 8, r: 16, t: 8, b: 8 },
    hoverlabel: {
      bgcolor: theme.ink,
      bordercolor: theme.ink,
      font: { family: theme.fontFamily, size: 13, color: theme.sheet },
      align: 'left',
    },
    hovermode: 'closest',
    dragmode: false,
    showlegend: false,
  };
}

export function quietAxis(theme: ChartTheme): Partial<Layout['xaxis']> {
  return {
    automargin: true,
    gridcolor: theme.line,
    linecolor: theme.line,
    tickcolor: theme.line,
    zerolinecolor: theme.soft,
    zerolinewidth: 1,
    fixedrange: true,
    tickfont: { color: theme.soft, size: 12.5 },
  };
}

/** Comma, dot decimal, one header line, empty for missing: what `read_csv` takes as it is. */
export function toCsv(table: ChartTableModel): string {
  const cell = (value: ChartCell | undefined): string => {
    if (value === null || value === undefined) return '';
    const text = String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [
    table.columns.map((column) => cell(column.key)).join(','),
    ...table.rows.map((row) => table.columns.map((column) => cell(row[column.key])).join(',')),
  ];
  return `${lines.join('\n')}\n`;
}
