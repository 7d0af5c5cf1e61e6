/** Teachers and students of the zoo, with what their secure runs took: the points of the Pareto view. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { StudentPoint } from '../../api/schemas/training.ts';
import type { Database } from '../../db/client.ts';
import { embedded } from '../../zoo/embedded-files.ts';
import { listModels } from '../../zoo/registry.ts';

const lineageSchema = z.looseObject({ teacher: z.looseObject({ id: z.string() }) });

/** The teacher of a model, by its lineage; null for one that was not distilled. */
function teacherOf(id: string): string | null {
  const file = embedded('models', id, 'lineage.json');
  if (!existsSync(file)) return null;
  const parsed = lineageSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data.teacher.id : null;
}

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
};

/**
 * One point for every model, functions and setting (variant, network, length) that finished runs exist
 * of. Accuracy is that of the run with most samples, latency the median of the runs; provenance classes
 * are never mixed.
 */
export async function readStudents(db: Database): Promise<StudentPoint[]> {
  const models = await listModels();
  const rows = await db.run.findMany({
    where: {
      state: 'done',
      onlineMsPerSample: { not: null },
      accuracy: { not: null },
      spec: { model: { in: models.map(({ id }) => id) } },
    },
    select: { provenance: true, onlineMsPerSample: true, accuracy: true, spec: true },
  });
  const groups = new Map<
    string,
    { point: Omit<StudentPoint, 'latencyMs' | 'runs'>; readonly ms: number[] }
  >();
  for (const { provenance, onlineMsPerSample, accuracy, spec } of rows) {
    const { model, variant, network, gelu, softmax, sequenceLength, samples } = spec;
    if (accuracy === null || onlineMsPerSample === null) continue;
    const setting = `${variant}, ${network}, ${sequenceLength} tokens`;
    const key = [model, setting, gelu, softmax, provenance].join('\n');
    const teacher = teacherOf(model);
    const group = groups.get(key) ?? {
      point: {
        model,
        teacher: teacher ?? model,
        isTeacher: teacher === null,
        functions: `${gelu}, ${softmax}`,
        setting,
        provenance,
        accuracy,
        accuracyRows: samples,
      },
      ms: [],
    };
    if (samples > group.point.accuracyRows) {
      group.point = { ...group.point, accuracy, accuracyRows: samples };
    }
    group.ms.push(onlineMsPerSample);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ point, ms }) => ({
    ...point,
    latencyMs: medianOf(ms),
    runs: ms.length,
  }));
}
