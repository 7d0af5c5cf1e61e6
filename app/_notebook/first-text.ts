/** What a new notebook begins with: a query, and a sentence whose numbers come from it. */
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';

export const firstText = (): string =>
  writeNotebook({
    title: 'New notebook',
    cells: [
      {
        id: 'start',
        kind: 'markdown',
        source:
          'There are {{count(runs)}} finished runs; the fastest needs {{min(runs.online_ms_per_sample)}} a sample.',
      },
      { id: 'runs', kind: 'query', name: 'runs', source: 'state:done sort:latency' },
    ],
  });
