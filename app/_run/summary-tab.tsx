/** The first tab of a run: headline numbers, what was asked, what was declared, what is protected. */
import { sampleWord } from '../../server/api/schemas/spec-settings.ts';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Headline, RunDetail } from '../../server/api/schemas/run-view.ts';
import { formatBitRate, formatRoundTrip } from '../../server/api/schemas/format.ts';
import { lateNote } from '../../server/api/schemas/late-frames.ts';
import { randomWeightsNote, weightsNote } from '../../server/api/schemas/warnings.ts';
import { KeyValues } from '../_components/key-values.tsx';
import { Panel, Stack } from '../_components/panel.tsx';
import { Verdict } from '../_components/state-badge.tsx';
import { HeadlineStats } from './headline-stats.tsx';
import { ImportedPanel } from './imported-figures.tsx';
import { PhaseTable } from './phase-table.tsx';
import { PredictionTable } from './prediction-table.tsx';
import classes from './run-view.module.css';
import { Security } from './security.tsx';
import { SpecPanel } from './spec-panel.tsx';

interface SummaryTabProps {
  readonly run: RunDetail;
  readonly usual: RunSpec | null;
  readonly threat: ReactNode;
  readonly replay: ReactNode;
  readonly certificateHref: string | null;
}

export function SummaryTab({ run, usual, threat, replay, certificateHref }: SummaryTabProps) {
  const { headline, imported } = run;
  return (
    <Stack>
      {headline !== null && (
        <HeadlineStats
          headline={headline}
          batchSize={run.spec.measurement.batchSize}
          word={sampleWord(run.spec)}
          expected={run.expected ?? null}
          late={lateNote(run) !== null}
        />
      )}
      {imported !== undefined && <ImportedPanel run={run} values={imported} />}
      <Notes run={run} />
      {run.linkCheck !== null && (
        <LinkLine check={run.linkCheck} certificateHref={certificateHref} />
      )}
      {headline !== null && (
        <div className={classes.pair}>
          {headline.accuracy === null && <OutputErrors headline={headline} spec={run.spec} />}
          <Panel
            title="Predicted and measured"
            note="Costs computed from shapes before the run, beside what the parties counted."
          >
            <PredictionTable run={run} headline={headline} />
          </Panel>
          {headline.correlations === 'dealer' && (
            <Panel
              title="Online and offline"
              note="One full batch. Offline is what can be done before the input is known."
            >
              <PhaseTable headline={headline} />
            </Panel>
          )}
        </div>
      )}
      {replay}
      <div className={classes.pair}>
        <SpecPanel spec={run.spec} hash={run.specHash} usual={usual} />
        {imported === undefined && <Security run={run} threat={threat} />}
      </div>
    </Stack>
  );
}

function Notes({ run: { note = '', tags = [] } }: { run: RunDetail }) {
  if (note === '' && tags.length === 0) return null;
  return (
    <Panel title="Notes" note={tags.length === 0 ? undefined : `Tags: ${tags.join(', ')}`}>
      {note === '' ? (
        <p className={classes.quiet}>No note.</p>
      ) : (
        <p className={classes.noteText}>{note}</p>
      )}
    </Panel>
  );
}

interface LinkLineProps {
  readonly check: NonNullable<RunDetail['linkCheck']>;
  readonly certificateHref: string | null;
}

/** The verdict in one line; the tab Link has the rest. */
function LinkLine({ check, certificateHref }: LinkLineProps) {
  const { verdict, asked, pairs } = check;
  const rtts = pairs.map(({ rttMs }) => rttMs.p50);
  const rates = pairs.map(({ bitsPerSecond }) => bitsPerSecond);
  return (
    <p className={classes.lead}>
      <Verdict ok={verdict === 'met'}>{verdict === 'met' ? 'Link met' : 'Link not met'}</Verdict>
      <span>
        asked {formatBitRate(asked.bitsPerSecond)}, {formatRoundTrip(asked.rttMs)}
        {pairs.length > 0 &&
          `; measured ${formatBitRate(Math.min(...rates))} at least, ${formatRoundTrip(Math.max(...rtts))} at most (median of the slowest pair)`}
      </span>
      {certificateHref !== null && <Link href={certificateHref}>Link certificate</Link>}
    </p>
  );
}

/** In the place of the accuracy: what can be said of outputs that mean nothing. */
function OutputErrors({ headline, spec }: { headline: Headline; spec: RunSpec }) {
  const { maxLogitError, meanLogitError, samples } = headline;
  if (maxLogitError.protocol === null) {
    const note = `Of this run: ${weightsNote(spec) ?? 'nothing to compare with'}. Its outputs mean nothing and are compared with nothing.`;
    return (
      <Panel title="Outputs" note={note}>
        <KeyValues entries={[['Inputs', String(samples)]]} />
      </Panel>
    );
  }
  return (
    <Panel
      title="Outputs"
      note={`Of this model: ${randomWeightsNote}. Its outputs are compared with those of the same arithmetic in the open, to see that the protocol computed it.`}
    >
      <KeyValues
        entries={[
          ['Inputs', String(samples)],
          ['Largest output error, protocol', maxLogitError.protocol.toPrecision(2)],
          ['Mean output error, protocol', meanLogitError?.toPrecision(2) ?? 'not computed'],
        ]}
      />
    </Panel>
  );
}
