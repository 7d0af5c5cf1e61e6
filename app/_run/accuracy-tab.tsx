'use client';
/** How right a run was, where the loss came from, and which samples it is about. */
import { useMemo } from 'react';
import type { Accuracy, Headline, RunDetail } from '../../server/api/schemas/run-view.ts';
import { formatSignificant, plural } from '../../server/api/schemas/format.ts';
import { sampleWord, samplesTitle } from '../../server/api/schemas/spec-settings.ts';
import { accuracyTripleChart } from '../_charts/accuracy-triple.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { errorHistogram } from '../_charts/error-histogram.ts';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { KeyValues } from '../_components/key-values.tsx';
import { Panel, Stack } from '../_components/panel.tsx';
import { errorBins, protocolErrors } from './agreement.ts';
import { ConfusionPanel } from './confusion-panel.tsx';
import { PairedTable } from './paired-table.tsx';
import classes from './run-view.module.css';
import { SamplesTable } from './samples-table.tsx';

interface AccuracyTabProps {
  readonly run: RunDetail;
  readonly headline: Headline;
  readonly accuracy: Accuracy;
}

export function AccuracyTab({ run, headline, accuracy }: AccuracyTabProps) {
  const { samples } = run;
  const word = sampleWord(run.spec);
  return (
    <Stack>
      <div className={classes.pair}>
        <AccuracyPanel headline={headline} accuracy={accuracy} run={run} />
        {samples.length > 0 && <ErrorPanel run={run} />}
      </div>
      {samples.length > 0 && <ConfusionPanel samples={samples} labels={run.labels} />}
      {samples.length > 0 && (
        <Panel
          title={samplesTitle(word)}
          note={`The ${plural(samples.length, `held-out ${word}`)} of this run. Label and confidence come from the logits that the secure run revealed.`}
        >
          <SamplesTable samples={samples} labels={run.labels} word={word} />
        </Panel>
      )}
    </Stack>
  );
}

function AccuracyPanel({ run, headline, accuracy }: AccuracyTabProps) {
  const theme = useChartTheme();
  const { maxLogitError, meanLogitError } = headline;
  const word = sampleWord(run.spec);
  const [chart, light] = useMemo(
    () => [
      accuracyTripleChart(accuracy, { theme, word }),
      accuracyTripleChart(accuracy, { theme: lightTheme, word }),
    ],
    [accuracy, theme, word],
  );
  return (
    <Panel title="Accuracy" note={`One question, answered in several ways on the same ${word}s.`}>
      <ChartFrame title="Accuracy" model={chart} forExport={light} />
      <div className={classes.paired}>
        {run.samples.length > 0 && <PairedTable samples={run.samples} />}
        <KeyValues
          entries={[
            [
              'Largest logit error, approximations',
              maxLogitError.approximation === null
                ? 'unknown'
                : formatSignificant(maxLogitError.approximation, 2),
            ],
            [
              'Largest logit error, protocol',
              maxLogitError.protocol === null
                ? 'not computed'
                : formatSignificant(maxLogitError.protocol, 2),
            ],
            [
              'Mean logit error, protocol',
              meanLogitError === null ? 'not computed' : formatSignificant(meanLogitError, 2),
            ],
          ]}
        />
      </div>
    </Panel>
  );
}

function ErrorPanel({ run }: { run: RunDetail }) {
  const theme = useChartTheme();
  const word = sampleWord(run.spec);
  const bins = useMemo(() => errorBins(protocolErrors(run.samples)), [run.samples]);
  const [chart, light] = useMemo(
    () => [
      errorHistogram(bins, { theme, word }),
      errorHistogram(bins, { theme: lightTheme, word }),
    ],
    [bins, theme, word],
  );
  return (
    <Panel title="Error of the protocol" note="Secure logits beside those of its clear twin.">
      <ChartFrame title="Error of the protocol" model={chart} forExport={light} />
    </Panel>
  );
}
