import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MantineProvider } from '@mantine/core';
import type { Data } from 'plotly.js';
import { describe, expect, it, vi } from 'vitest';
import { accuracyTripleChart } from '../../app/_charts/accuracy-triple.ts';
import { darkTheme, lightTheme, toCsv, type ChartModel } from '../../app/_charts/chart.ts';
import { ChartFrame } from '../../app/_charts/chart-frame.tsx';
import { compareBars } from '../../app/_charts/compare-bars.ts';
import { axesOf, brushed, compareParallel } from '../../app/_charts/compare-parallel.ts';
import { compareScatter } from '../../app/_charts/compare-scatter.ts';
import { operationDeltaChart } from '../../app/_charts/operation-delta.ts';
import { operationBytesChart } from '../../app/_charts/operation-bytes.ts';
import { partySparkline } from '../../app/_charts/party-sparkline.ts';
import { layerMetrics, perLayerChart } from '../../app/_charts/per-layer.ts';
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import { operationDelta } from '../../server/api/schemas/compare-operations.ts';
import { defaultUnits } from '../../server/api/schemas/compare-units.ts';
import { compared } from '../compare/fixtures.ts';
import { placeName, placeOf, sortPlaces } from '../../app/_charts/places.ts';
import { predictedPlacesChart } from '../../app/_charts/predicted-places.ts';
import {
  dealtRun,
  doneRun,
  exactRun,
  headline,
  operationCosts,
  operations,
  preview,
  quadRun,
} from '../support/fixtures.ts';

const theme = lightTheme;
const runs = [
  { name: 'PUMA', run: compared(doneRun) },
  { name: 'Exact', run: compared(exactRun) },
  { name: 'Quad', run: compared(quadRun) },
];
const metrics = metricsOf(defaultUnits);
const pick = (id: string) => metricById(metrics, id);
const half = doneRun.operations.map((row) => ({ ...row, computeMs: row.computeMs / 2 }));
const delta = operationDelta(
  { headline, operations: doneRun.operations },
  { headline, operations: half },
  'time',
  'place',
);

const charts: readonly (readonly [string, ChartModel])[] = [
  ...layerMetrics.flatMap((metric) =>
    [1, 2, 3].map(
      (depth) =>
        [
          `per layer, ${metric}, depth ${depth}`,
          perLayerChart(dealtRun.operations, { metric, depth, theme }),
        ] as const,
    ),
  ),
  ['accuracy triple', accuracyTripleChart(headline.accuracy, { theme })],
  [
    'sparkline',
    partySparkline(
      [
        { atMs: 0, bytesSent: 1 },
        { atMs: 500, bytesSent: 9 },
      ],
      { theme, party: 1 },
    ),
  ],
  [
    'accuracy against time',
    compareScatter(runs, { x: pick('time'), y: pick('accuracy'), scale: 'auto', theme }),
  ],
  [
    'time against bytes, logarithmic',
    compareScatter(runs, { x: pick('bytes'), y: pick('time'), scale: 'log', theme }),
  ],
  ...metrics
    .filter((metric) => runs.some(({ run }) => metric.of(run) !== null))
    .map(
      (metric) => [`bars, ${metric.id}`, compareBars(runs, { metric, base: null, theme })] as const,
    ),
  [
    'operation delta',
    operationDeltaChart(delta, {
      names: ['PUMA', 'Quad'],
      measure: 'time',
      byPlace: true,
      family: 'decimal',
      theme,
    }),
  ],
  ['predicted places', predictedPlacesChart(preview.byPlace, { theme })],
  [
    'predicted places with a dealer',
    predictedPlacesChart(
      preview.byPlace.map((place) => ({ ...place, dealerBytes: place.bytesSent + 7 })),
      { theme },
    ),
  ],
  [
    'bytes of an operation',
    operationBytesChart(
      operationCosts.rows.filter(({ op }) => op === 'mul'),
      { theme },
    ),
  ],
];

interface Drawn {
  readonly x: readonly unknown[];
  readonly y: readonly unknown[];
  readonly orientation?: string;
}

/** Numbers on the value axis of every trace. */
function drawnNumbers(data: readonly Data[]): readonly number[] {
  return (data as unknown as readonly Drawn[]).flatMap((trace) =>
    [...trace.x, ...(trace.orientation === 'h' ? [] : trace.y)].filter(
      (value) => typeof value === 'number',
    ),
  );
}

function tableNumbers(model: ChartModel): readonly number[] {
  return model.table.rows.flatMap((row) =>
    Object.values(row).filter((value) => typeof value === 'number'),
  );
}

describe.each(charts)('%s', (_, model) => {
  it('draws only numbers that its table has', () => {
    const known = new Set(
      tableNumbers(model).flatMap((value) => [value, value * 100].map(rounded)),
    );
    const drawn = drawnNumbers(model.figure.data);
    expect(drawn.length).toBeGreaterThan(0);
    expect(drawn.map(rounded).filter((value) => !known.has(value))).toEqual([]);
  });

  it('has words for people who do not see it', () => {
    expect(model.label).not.toMatch(/NaN|undefined|null/);
    expect(model.caption).toMatch(/Measured|Predicted/);
    expect(model.howToRead).not.toBe('');
    expect(model.stops.length).toBeGreaterThan(0);
    for (const stop of model.stops) {
      expect(stop.text).not.toMatch(/NaN|undefined/);
      const trace = model.figure.data[stop.curve] as unknown as Drawn | undefined;
      expect(trace?.x[stop.point]).toBeDefined();
    }
  });

  it('has a CSV with one header and a full row for each table row', () => {
    const lines = toCsv(model.table).trimEnd().split('\n');
    expect(lines).toHaveLength(model.table.rows.length + 1);
    expect(lines[0]).toMatch(/^[\w+ -]+(,[\w+ -]+)+$/);
  });
});

function rounded(value: number): string {
  return value.toPrecision(9);
}

describe('per-layer chart', () => {
  it('adds up to the whole, at every depth', () => {
    const whole = operations.flatMap((row) => row.bytesSent).reduce((a, b) => a + b, 0);
    for (const depth of [1, 2, 3]) {
      const { table } = perLayerChart(operations, { metric: 'bytes', depth, theme });
      const total = table.rows.reduce((sum, row) => sum + Number(row['total_bytes']), 0);
      expect(total).toBe(whole);
    }
  });

  it('keeps the order of the model and merges small operations', () => {
    const { table, figure } = perLayerChart(operations, { metric: 'bytes', depth: 1, theme });
    expect(table.rows.map((row) => row['place'])).toEqual([
      'embedding',
      'layer0',
      'layer1',
      'pooler',
      'classifier',
    ]);
    expect(figure.data).toHaveLength(6);
    expect(figure.data.at(-1)?.name).toBe('others');
  });

  it('leaves out offline and setup rows, and survives having none', () => {
    const offline = operations.map((row) => ({ ...row, phase: 'offline' as const }));
    expect(perLayerChart(offline, { metric: 'bytes', depth: 1, theme }).label).toContain('nothing');
  });
});

describe('parallel coordinates', () => {
  const model = compareParallel(runs, { metrics, theme });

  it('has an axis for whatever varies and for nothing else, in words and in its CSV', () => {
    const keys = model.table.columns.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['setting_approximations_gelu', 'rounds']));
    expect(keys).not.toContain('setting_model');
    expect(toCsv(model.table).split('\n')[0]).toMatch(/^[\w+ -]+(,[\w+ -]+)+$/);
    expect(model.label).not.toMatch(/NaN|undefined/);
  });

  it('places every number between the ends of its axis as its table says', () => {
    const axis = model.table.columns.findIndex(({ key }) => key === 'rounds') - 1;
    const values = model.table.rows.map((row) => Number(row['rounds']));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    model.figure.data.forEach((trace, index) => {
      const at = Number((trace as unknown as Drawn).y[axis]);
      expect(low + at * (high - low)).toBeCloseTo(values[index] ?? Number.NaN, 9);
    });
  });
});

describe('ranges on parallel coordinates', () => {
  const axes = axesOf(runs, metrics);
  const rounds = axes.find(({ key }) => key === 'rounds');

  it('keep what lies within all of them, ends included', () => {
    if (rounds === undefined) throw new Error('no axis of rounds');
    const lowest = rounds.at.indexOf(0);
    const kept = brushed(axes, { rounds: [0, 0] }, runs.length);
    expect(kept[lowest]).toBe(true);
    expect(kept.filter(Boolean)).toHaveLength(rounds.at.filter((at) => at === 0).length);
    expect(brushed(axes, {}, runs.length)).not.toContain(false);
    expect(brushed(axes, { rounds: [0, 1] }, runs.length)).not.toContain(false);
  });

  it('dim the others and say in the table which they are', () => {
    const model = compareParallel(runs, { metrics, theme, brush: { rounds: [0, 0] } });
    const inside = model.table.rows.map((row) => row['in_ranges']);
    expect(inside).toContain('yes');
    expect(inside).toContain('no');
    model.figure.data.forEach((trace, index) => {
      const { opacity } = trace as { readonly opacity?: number };
      expect((opacity ?? 0) > 0.5).toBe(inside[index] === 'yes');
    });
  });

  it('of a thousand runs stay two traces, the cursor on the right line', () => {
    const many = Array.from({ length: 1000 }, (_, index) => {
      const one = runs[index % runs.length];
      if (one === undefined) throw new Error('no runs');
      return { ...one, run: { ...one.run, id: `r${index}` } };
    });
    const model = compareParallel(many, { metrics, theme, brush: { rounds: [0, 0] } });
    expect(model.figure.data).toHaveLength(2);
    model.stops.forEach(({ curve, point, text }) => {
      const trace = model.figure.data[curve] as unknown as { customdata: readonly string[] };
      expect(text.startsWith(String(trace.customdata[point]?.split('<br>')[0]))).toBe(true);
    });
  });
});

describe('theme', () => {
  it('changes colours, not numbers', () => {
    const light = accuracyTripleChart(headline.accuracy, { theme: lightTheme });
    const dark = accuracyTripleChart(headline.accuracy, { theme: darkTheme });
    expect(dark.table.rows).toEqual(light.table.rows);
    expect(dark.figure).not.toEqual(light.figure);
  });
});

describe('places', () => {
  it('cuts, names and orders paths', () => {
    expect(placeOf('layer0.attention.softmax', 2)).toBe('layer0.attention');
    expect(placeOf('', 1)).toBe('whole model');
    expect(placeName('layer0.queryKeyValue')).toBe('Layer 0 · query key value');
    expect(sortPlaces(['head', 'layer10', 'layer2', 'embedding'])).toEqual([
      'embedding',
      'layer2',
      'layer10',
      'head',
    ]);
  });
});

describe('chart frame', () => {
  const model = accuracyTripleChart(headline.accuracy, { theme });
  const show = () =>
    render(
      <MantineProvider env="test">
        <ChartFrame title="Accuracy" model={model} forExport={model} />
      </MantineProvider>,
    );

  it('shows the picture with its name and caption', () => {
    show();
    expect(screen.getByRole('img', { name: /Plaintext 87\.5/ })).toBeVisible();
    expect(screen.getByText(/Wilson 95 % intervals/)).toBeVisible();
    expect(screen.getByText('How to read this')).toBeVisible();
  });

  it('moves a cursor with the keys and reads the value out', async () => {
    const user = userEvent.setup();
    show();
    screen.getByRole('img').focus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByText(/Plaintext \(.*\): 87\.5 %, 14 of 16/)).toBeVisible();
    await user.keyboard('{End}');
    expect(screen.getByText(/Secure \(.*\): 81\.3 %, 13 of 16/)).toBeVisible();
    await user.keyboard('{Escape}');
    expect(screen.queryByText(/Secure \(.*\): 81\.3/)).toBeNull();
  });

  it('turns into a sortable table with the same numbers', async () => {
    const user = userEvent.setup();
    show();
    await user.click(screen.getByRole('radio', { name: 'Table' }));
    const table = screen.getByRole('table');
    const firstCells = () =>
      within(table)
        .getAllByRole('row')
        .slice(1)
        .map((row) => within(row).getAllByRole('cell')[0]?.textContent);
    expect(firstCells()).toEqual(['Plaintext', 'Clear', 'Secure']);
    await user.click(within(table).getByRole('button', { name: /Evaluation/ }));
    expect(firstCells()).toEqual(['Clear', 'Plaintext', 'Secure']);
    expect(within(table).getByRole('columnheader', { name: /Evaluation/ })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
    expect(within(table).getAllByText('87.5 %')).toHaveLength(2);
  });

  it('copies the CSV', async () => {
    const user = userEvent.setup();
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    show();
    await user.click(screen.getByRole('button', { name: 'Copy CSV' }));
    expect(write).toHaveBeenCalledWith(toCsv(model.table));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
  });
});
