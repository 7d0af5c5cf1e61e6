/** Learn > Calibration and Learn > REST interface, as a reader meets them. */
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { basisWords, calibrationChart } from '../../app/_charts/calibration.ts';
import { lightTheme, toCsv } from '../../app/_charts/chart.ts';
import { curlOf } from '../../app/learn/api/curl.ts';
import { LearnApi } from '../../app/learn/api/learn-api.tsx';
import { LearnCalibration } from '../../app/learn/calibration/learn-calibration.tsx';
import { openApiDocument } from '../../server/api/rest/openapi.ts';
import type { CalibrationView, InOrderScore, JudgedRun } from '../../server/api/schemas/latency.ts';
import { openApiSchema } from '../../server/api/schemas/openapi-view.ts';
import { wilson } from '../../server/runs/statistics.ts';
import { renderApp, visit } from './render.tsx';

/** Plotly's type of a mark does not say that it may have a symbol a point. */
const symbolsOf = (marker: unknown): readonly string[] =>
  (marker as { readonly symbol: readonly string[] }).symbol;

const judged = (index: number, inside: boolean): JudgedRun => ({
  id: `run${index}`,
  variant: index % 2 === 0 ? 'replicated/aby3' : 'additive/fast',
  model: 'minilm-2l-imdb',
  network: 'lan-1g',
  createdAt: '2026-11-20T10:00:00Z',
  expected: {
    onlineMs: 1000,
    offlineMs: 0,
    low80: 800,
    high80: 1300,
    basis: index === 0 ? 'formula' : index,
  },
  measuredMs: inside ? 1100 : 2000,
  inside,
});

function viewOf(insides: readonly boolean[]): CalibrationView {
  const runs = insides.map((inside, index) => judged(index, inside));
  const all = wilson(runs.filter(({ inside }) => inside).length, runs.length);
  return {
    groups: [
      { variant: null, inside: all, ratio: 1.1 },
      { variant: 'replicated/aby3', inside: all, ratio: 1.2 },
    ],
    runs,
    unjudged: 3,
    rates: {
      machine: 'AMD EPYC, 2 cores, native avx512',
      commit: 'abc123',
      takenAt: '2026-11-20T09:00:00Z',
      tookMs: 4400,
    },
  };
}

const many = (count: number, inside: number): boolean[] =>
  Array.from({ length: count }, (_, index) => index < inside);

const inOrder: InOrderScore = {
  groups: [
    {
      shipped: false,
      machine: 'AMD EPYC, 2 cores, x64',
      inside: wilson(9, 12),
      taught: 10,
      ratio: 1.04,
    },
    {
      shipped: true,
      machine: 'AMD EPYC, 2 cores, x64',
      inside: wilson(48, 60),
      taught: 55,
      ratio: 0.97,
    },
  ],
  mostJudged: 200,
};

const show = (view: CalibrationView) =>
  renderApp(<LearnCalibration />, {
    'learn.calibration': () => view,
    'learn.calibrationInOrder': () => inOrder,
  });

describe('Learn > Calibration', () => {
  beforeEach(() => visit('/learn/calibration'));

  it('gives the share with its n and interval, for all and by variant', async () => {
    show(viewOf(many(20, 16)));
    const row = await screen.findByRole('row', { name: /^all/ });
    expect(row).toHaveTextContent(/80\.0.% \(16 of 20; 95.% interval/);
    expect(row).toHaveTextContent('×1.10');
    expect(screen.getByRole('row', { name: /^replicated\/aby3/ })).toBeVisible();
    expect(screen.getByText(/as it should be, which is 70.% to 90.%/)).toBeVisible();
    expect(screen.getByText(/3 older runs without an expectation left out/)).toBeVisible();
    expect(screen.getByText(/AMD EPYC, 2 cores, native avx512, engine abc123/)).toBeVisible();
  });

  it('foretells stored runs in their order, the shipped ones apart from those made here', async () => {
    show(viewOf(many(20, 16)));
    const own = await screen.findByRole('row', { name: /^this installation, AMD EPYC/ });
    expect(own).toHaveTextContent(/75\.0.% \(9 of 12;/);
    expect(own).toHaveTextContent('10 of 12');
    const shipped = screen.getByRole('row', { name: /^shipped, AMD EPYC/ });
    expect(shipped).toHaveTextContent(/80\.0.% \(48 of 60;/);
  });

  it.each([
    [many(20, 8), /40\.0.% of 20 runs.*too narrow/],
    [many(20, 20), /100\.0.% of 20 runs.*wider than they need be/],
    [many(4, 3), /4 runs so far: too few to judge/],
  ])('says so where the share is not what it should be', async (insides, words) => {
    show(viewOf(insides));
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('has the same numbers as a table', async () => {
    show(viewOf(many(3, 2)));
    const toolbar = await screen.findByRole('toolbar', { name: /Expected and measured/ });
    await userEvent.click(within(toolbar).getByRole('radio', { name: 'Table' }));
    const cell = await screen.findByText('formula only');
    const twin = cell.closest('table');
    if (twin === null) throw new Error('the numbers are in no table');
    expect(within(twin).getAllByRole('row')).toHaveLength(4);
  });

  it('offers a way on while nothing was judged, and says what failed', async () => {
    show({
      groups: [{ variant: null, inside: null, ratio: null }],
      runs: [],
      unjudged: 2,
      rates: null,
    });
    expect(await screen.findByRole('link', { name: 'Make a run' })).toHaveAttribute('href', '/new');
    expect(screen.getByText(/2 earlier runs had none/)).toBeVisible();
    expect(screen.getByText(/rates have not been measured yet/)).toBeVisible();
  });

  it('shows an error with a way to ask again', async () => {
    renderApp(<LearnCalibration />, {
      'learn.calibration': () => {
        throw new Error('The database does not answer.');
      },
      'learn.calibrationInOrder': () => inOrder,
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('The database does not answer.');
  });
});

describe('the chart', () => {
  it('marks runs outside of their interval, and its CSV has what it shows', () => {
    const runs = [judged(0, true), judged(2, false), judged(1, true)];
    const { figure, table, stops, label } = calibrationChart(runs, lightTheme);
    const symbols = figure.data.flatMap((trace) =>
      'marker' in trace ? symbolsOf(trace.marker) : [],
    );
    expect(symbols.filter((symbol) => symbol.endsWith('-open'))).toHaveLength(1);
    expect(stops).toHaveLength(3);
    expect(label).toContain('3 runs; 2 of them inside');
    const lines = toCsv(table).trim().split('\n');
    expect(lines[0]).toBe(
      'run,variant,model,network,expected_ms,low80_ms,high80_ms,measured_ms,inside,basis',
    );
    expect(lines[2]).toContain(',1000,800,1300,2000,no,');
  });

  it('says what an expectation was based on', () => {
    expect([basisWords('formula'), basisWords(1), basisWords(7)]).toEqual([
      'formula only',
      '1 earlier run',
      '7 earlier runs',
    ]);
  });
});

describe('Learn > REST interface', () => {
  const document: unknown = JSON.parse(JSON.stringify(openApiDocument()));
  beforeEach(() => {
    visit('/learn/api');
    vi.stubGlobal('fetch', async () => Response.json(document));
  });
  afterEach(() => vi.unstubAllGlobals());

  it('shows every operation of the document', async () => {
    renderApp(<LearnApi />);
    await screen.findByRole('region', { name: 'Runs' });
    const { paths } = openApiSchema.parse(document);
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { summary }] of Object.entries(methods)) {
        const code = screen.getAllByText(
          (_, element) =>
            element?.tagName === 'CODE' &&
            element.textContent === `${method.toUpperCase()} ${path}`,
        );
        expect(code).toHaveLength(1);
        expect(screen.getByText(summary, { selector: 'summary span' })).toBeInTheDocument();
      }
    }
    expect(screen.getAllByRole('link', { name: 'RunSpec' })[0]).toHaveAttribute(
      'href',
      '#form-RunSpec',
    );
  });

  it('says when the document cannot be read', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
    renderApp(<LearnApi />);
    await waitFor(() =>
      expect(screen.getByRole('alert')).toHaveTextContent('The server answered 500'),
    );
  });

  it('writes commands that a shell takes as they are', () => {
    expect(curlOf('http://localhost:4300', { method: 'get', path: '/runs/{id}' }, null)).toBe(
      "curl -s 'http://localhost:4300/api/v1/runs/RUN_ID'",
    );
    expect(curlOf('', { method: 'post', path: '/permalinks' }, `{"run": "it's"}`)).toContain(
      `-d '{"run": "it'\\''s"}'`,
    );
  });
});
