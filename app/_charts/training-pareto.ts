/** A teacher and its students on accuracy against secure latency, with the front of those that nothing beats. */
import type { Data } from 'plotly.js';
import { formatCount, formatDuration, formatPercent } from '../../server/api/schemas/format.ts';
import type { StudentPoint } from '../../server/api/schemas/training.ts';
import { baseLayout, quietAxis, type ChartModel, type ChartTheme } from './chart.ts';

/** Points that no other is at once faster and at least as accurate than, by latency. */
export function paretoFront(points: readonly StudentPoint[]): StudentPoint[] {
  const front: StudentPoint[] = [];
  const byLatency = [...points].sort(
    (a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy,
  );
  for (const point of byLatency) {
    if (point.accuracy > (front.at(-1)?.accuracy ?? -1)) front.push(point);
  }
  return front;
}

const said = (point: StudentPoint): string =>
  `${point.model} (${point.functions}): ${formatPercent(point.accuracy)} of ${formatCount(point.accuracyRows)} samples, ${formatDuration(point.latencyMs)} ${point.provenance}, ${point.runs} run${point.runs === 1 ? '' : 's'}`;

/** @param points of one teacher, setting and provenance class */
export function trainingPareto(points: readonly StudentPoint[], theme: ChartTheme): ChartModel {
  const teachers = points.filter(({ isTeacher }) => isTeacher);
  const students = points.filter(({ isTeacher }) => !isTeacher);
  const front = paretoFront(points);
  const classes = [...new Set(points.map(({ provenance }) => provenance))].join(' and ');
  const marks = (group: readonly StudentPoint[], name: string, colour: number): Data => ({
    type: 'scatter',
    mode: 'markers',
    name,
    x: group.map(({ latencyMs }) => latencyMs),
    y: group.map(({ accuracy }) => accuracy),
    text: group.map(said),
    hovertemplate: '%{text}<extra></extra>',
    marker: {
      size: 12,
      symbol: colour === 0 ? 'diamond' : 'circle',
      color: theme.series[colour] ?? theme.ink,
    },
  });
  return {
    label: `${students.length} points of students and ${teachers.length} of their teacher; ${front.length} on the front: ${front.map(said).join('; ')}.`,
    caption: `Accuracy of the secure run with most samples; online latency of one sample, median of the runs. One setting only; ${classes}.`,
    howToRead:
      'To the left is faster, upwards more accurate. The line joins the points that no other beats in both. Differences of accuracy below a few points are not separable with few samples.',
    height: 360,
    figure: {
      data: [
        marks(teachers, 'Teacher', 0),
        marks(students, 'Student', 1),
        {
          type: 'scatter',
          mode: 'lines',
          name: 'Front',
          x: front.map(({ latencyMs }) => latencyMs),
          y: front.map(({ accuracy }) => accuracy),
          hoverinfo: 'skip',
          line: { color: theme.soft, width: 1.5, dash: 'dot' },
        },
      ],
      layout: {
        ...baseLayout(theme),
        showlegend: true,
        legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
        margin: { l: 8, r: 16, t: 36, b: 8 },
        xaxis: { ...quietAxis(theme), type: 'log', title: { text: 'Online latency, ms' } },
        yaxis: { ...quietAxis(theme), tickformat: '.1%', title: { text: 'Accuracy' } },
      },
    },
    stops: [teachers, students].flatMap((group, curve) =>
      group.map((point, index) => ({ text: said(point), curve, point: index })),
    ),
    table: {
      columns: [
        { key: 'model', header: 'Model' },
        { key: 'functions', header: 'GeLU, softmax' },
        { key: 'accuracy', header: 'Accuracy', format: (value) => formatPercent(value) },
        { key: 'accuracy_rows', header: 'Samples', format: formatCount },
        { key: 'latency_ms', header: 'Latency', format: formatDuration },
        { key: 'provenance', header: 'Provenance' },
        { key: 'runs', header: 'Runs', format: formatCount },
        { key: 'on_front', header: 'On the front' },
      ],
      rows: points.map((point) => ({
        model: point.model,
        functions: point.functions,
        accuracy: point.accuracy,
        accuracy_rows: point.accuracyRows,
        latency_ms: point.latencyMs,
        provenance: point.provenance,
        runs: point.runs,
        on_front: front.includes(point) ? 'yes' : 'no',
      })),
    },
  };
}
