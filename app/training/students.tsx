'use client';
/** The students of a teacher on accuracy against secure latency, one setting at a time. */
import { NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { StudentPoint } from '../../server/api/schemas/training.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { lightTheme } from '../_charts/chart.ts';
import { trainingPareto } from '../_charts/training-pareto.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { Panel } from '../_components/panel.tsx';
import { Empty, Failure, Waiting } from '../_components/states.tsx';
import { useStudents } from '../_lib/api-training.ts';

/** What one picture may hold: points of two settings or provenance classes do not compare. */
const viewOf = ({ teacher, setting, provenance }: StudentPoint): string =>
  `${teacher}: ${setting}, ${provenance}`;

export function Students() {
  const students = useStudents();
  return (
    <Panel
      title="Accuracy against latency"
      note="A teacher and all its students, from finished runs under the same setting."
    >
      {students.data !== undefined ? (
        <Plane points={students.data} />
      ) : students.error !== null ? (
        <Failure title="Students cannot be read" reason={students.error} retry={students.retry} />
      ) : (
        <Waiting what="students" height={420} />
      )}
    </Panel>
  );
}

function Plane({ points }: { points: readonly StudentPoint[] }) {
  const theme = useChartTheme();
  const [asked, setAsked] = useState<string | null>(null);
  // Settings with most points first: one point alone shows nothing.
  const views = useMemo(() => {
    const counts = new Map<string, number>();
    for (const point of points) counts.set(viewOf(point), (counts.get(viewOf(point)) ?? 0) + 1);
    return [...counts].sort(([, a], [, b]) => b - a).map(([view]) => view);
  }, [points]);
  const view = asked ?? views[0];
  const charts = useMemo(() => {
    const shown = points.filter((point) => viewOf(point) === view);
    return { model: trainingPareto(shown, theme), light: trainingPareto(shown, lightTheme) };
  }, [points, view, theme]);
  if (view === undefined) {
    return (
      <Empty title="No run of a trained model yet" action={{ href: '/new', word: 'New run' }}>
        Run the teacher and a student under the same protocol and network to see both here.
      </Empty>
    );
  }
  return (
    <>
      <NativeSelect
        label="Teacher and setting"
        data={views}
        value={view}
        onChange={(event) => setAsked(event.currentTarget.value)}
        mb={12}
      />
      <ChartFrame title="Accuracy against latency" model={charts.model} forExport={charts.light} />
    </>
  );
}
