'use client';
/** A chart with its table twin, its caption, how to read it, and ways to take it away. */
import { Button, SegmentedControl } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { CopyButton } from '../_components/copy-button.tsx';
import { Icon } from '../_components/icon.tsx';
import { saveAs } from '../_lib/save.ts';
import { toCsv, type ChartModel } from './chart.ts';
import classes from './chart.module.css';
import { ChartTable } from './chart-table.tsx';
import { loadPlotly } from './load-plotly.ts';
import { Plot } from './plot.tsx';

interface ChartFrameProps {
  readonly title: string;
  readonly model: ChartModel;
  /** The same chart in light colours, for pictures that leave the page. */
  readonly forExport: ChartModel;
  /** Switches that change the model. */
  readonly controls?: ReactNode;
}

export function ChartFrame({ title, model, forExport, controls }: ChartFrameProps) {
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const caption = useId();

  const saveSvg = async (): Promise<void> => {
    const plotly = await loadPlotly();
    const url = await plotly.toImage(
      {
        data: forExport.figure.data,
        layout: { ...forExport.figure.layout, paper_bgcolor: '#ffffff' },
      },
      { format: 'svg', width: 900, height: forExport.height },
    );
    const comma = url.indexOf(',');
    saveAs(`${fileName(title)}.svg`, 'image/svg+xml', decodeURIComponent(url.slice(comma + 1)));
  };

  return (
    <figure className={classes.frame} aria-describedby={caption}>
      <div className={classes.toolbar} role="toolbar" aria-label={`${title}: view and export`}>
        {controls}
        <SegmentedControl
          size="xs"
          aria-label={`${title} as`}
          value={view}
          onChange={(value) => setView(value === 'table' ? 'table' : 'chart')}
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
        />
        <span className={classes.export}>
          <CopyButton value={toCsv(model.table)} label="Copy CSV" variant="subtle" />
          <Button
            variant="subtle"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            onClick={() => void saveSvg()}
          >
            SVG
          </Button>
        </span>
      </div>
      {view === 'chart' ? (
        <Plot model={model} />
      ) : (
        <div style={{ minHeight: model.height }}>
          <ChartTable table={model.table} label={title} />
        </div>
      )}
      <figcaption id={caption} className={classes.caption}>
        {model.caption}{' '}
        <details className={classes.how}>
          <summary>How to read this</summary>
          <p>{model.howToRead} With the keyboard: focus the chart, then arrow keys.</p>
        </details>
      </figcaption>
    </figure>
  );
}

function fileName(title: string): string {
  return `parley-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
}
