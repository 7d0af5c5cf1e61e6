import { describe, expect, it, vi } from 'vitest';
import { lightTheme } from '../../app/_charts/chart.ts';
import { perLayerChart } from '../../app/_charts/per-layer.ts';
import { operations } from '../support/fixtures.ts';

describe('plotly', () => {
  it('takes our figures as they are and draws a bar for each piece', async () => {
    const { loadPlotly } = await vi.importActual<typeof import('../../app/_charts/load-plotly.ts')>(
      '../../app/_charts/load-plotly.ts',
    );
    const plotly = await loadPlotly();
    const model = perLayerChart(operations, { metric: 'bytes', depth: 1, theme: lightTheme });
    const element = document.createElement('div');
    document.body.append(element);
    await plotly.react(element, model.figure.data, {
      ...model.figure.layout,
      width: 600,
      height: 300,
    });
    expect(element.querySelectorAll('.bars .point')).toHaveLength(
      model.figure.data.length * model.table.rows.length,
    );
    plotly.purge(element);
  });
});
