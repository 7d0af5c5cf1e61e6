'use client';
/** A run that has ended, read-only: the same for its own page and for a frozen permalink. */
import Link from 'next/link';
import { useMemo, type ReactNode } from 'react';
import type { Accuracy, Headline, RunDetail, RunState } from '../../server/api/schemas/run-view.ts';
import { randomWeightsNote } from '../../server/api/schemas/warnings.ts';
import { accuracyTripleChart } from '../_charts/accuracy-triple.ts';
import { lightTheme } from '../_charts/chart.ts';
import { ChartFrame } from '../_charts/chart-frame.tsx';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { KeyValues } from '../_components/key-values.tsx';
import { Panel, Stack } from '../_components/panel.tsx';
import { StageRail } from '../_components/stage-rail.tsx';
import { stateWords } from '../_components/state-badge.tsx';
import { Failure, Notice } from '../_components/states.tsx';
import { settingsOf } from '../_lib/describe-spec.ts';
import { formatBytes, plural, shortHash } from '../../server/api/schemas/format.ts';
import { protocolHref } from '../_protocols/threat-short.tsx';
import { lateNote } from '../../server/api/schemas/late-frames.ts';
import { HeadlineStats } from './headline-stats.tsx';
import { Layers } from './layers.tsx';
import { LinkCheckTable } from './link-check.tsx';
import { PredictionTable } from './prediction-table.tsx';
import { PhaseTable } from './phase-table.tsx';
import { RoleTable } from './role-table.tsx';
import { RunHeader } from './run-header.tsx';
import { RunWarnings } from './run-warnings.tsx';
import classes from './run-view.module.css';
import { SamplesTable } from './samples-table.tsx';

interface RunViewProps {
  readonly run: RunDetail;
  readonly actions?: ReactNode;
  /** The last stage of a run that stopped, where its events are at hand. */
  readonly reached?: RunState | null;
  /** What its protocol protects; a frozen copy links to the page that says it. */
  readonly threat?: ReactNode;
  /** Where its link certificate is; a frozen copy has none. */
  readonly certificateHref?: string | null;
  /** What is replayed from its recording; a frozen copy has none. */
  readonly replay?: ReactNode;
  /** What can be done with one of its files. A frozen copy has the list only. */
  readonly renderFileAction?: (name: string) => ReactNode;
}

export function RunView(props: RunViewProps) {
  const { run, actions, threat, reached = null, certificateHref, renderFileAction } = props;
  const { replay } = props;
  const { headline } = run;
  return (
    <Stack>
      <RunHeader run={run} actions={actions} />
      <RunWarnings spec={run.spec} />
      <Cautions run={run} />
      {run.state !== 'done' && <Stopped run={run} reached={reached} />}
      {headline !== null && (
        <HeadlineStats
          headline={headline}
          batchSize={run.spec.measurement.batchSize}
          late={lateNote(run) !== null}
        />
      )}
      {headline !== null && (
        <div className={classes.pair}>
          {headline.accuracy === null || headline.disagreement === null ? (
            <OutputErrors headline={headline} />
          ) : (
            <AccuracyPanel
              headline={headline}
              accuracy={headline.accuracy}
              disagreement={headline.disagreement}
            />
          )}
          <Panel
            title="Predicted and measured"
            note="Costs computed from shapes before the run, beside what the parties counted."
          >
            <PredictionTable run={run} headline={headline} />
          </Panel>
        </div>
      )}
      {headline !== null && headline.correlations === 'dealer' && (
        <Panel
          title="Online and offline"
          note="One full batch. Offline is what can be done before the input is known."
        >
          <PhaseTable headline={headline} />
        </Panel>
      )}
      {run.operations.length > 0 && <Layers run={run} />}
      {replay}
      {run.samples.length > 0 && (
        <Panel
          title="Reviews"
          note={`The ${plural(run.samples.length, 'held-out review')} of this run. Label and confidence come from the logits that the secure run revealed.`}
        >
          <SamplesTable samples={run.samples} labels={run.labels} />
        </Panel>
      )}
      <div className={classes.pair} hidden={run.linkCheck === null && run.parties.length === 0}>
        {run.linkCheck !== null && (
          <Panel title="Link check" note="Taken over the run’s own connections before it started.">
            <LinkCheckTable check={run.linkCheck} certificateHref={certificateHref ?? null} />
          </Panel>
        )}
        {run.parties.length > 0 && (
          <Panel title="Parties" note="Whole run, every inference and repeat, both phases.">
            <RoleTable run={run} />
          </Panel>
        )}
      </div>
      <div className={classes.pair}>
        <Panel
          title="Spec"
          note="What was asked; its hash is its identity."
          aside={<CopyButton value={JSON.stringify(run.spec, null, 2)} label="Copy JSON" />}
        >
          <KeyValues
            entries={[
              ...settingsOf(run.spec).map(({ name, value }) => [name, value] as const),
              ['Hash', <code key="hash">{run.specHash}</code>],
            ]}
          />
        </Panel>
        <Stack>
          <Panel
            title="Security"
            note="What this protocol protects, and everything meaningful that left secrecy, with its reason."
          >
            <Stack gap={14}>
              {threat ?? (
                <p>
                  <Link href={protocolHref(run.spec.protocol.variant)}>
                    Who is trusted, and who sees what, in {run.spec.protocol.variant}
                  </Link>
                </p>
              )}
              {run.reveals.length > 0 && <Reveals run={run} />}
            </Stack>
          </Panel>
          {Object.keys(run.environment).length > 0 && (
            <Panel title="Environment" note="Whatever may change a number.">
              <KeyValues
                entries={Object.entries(run.environment).map(
                  ([name, value]) => [environmentNames[name] ?? name, value] as const,
                )}
              />
            </Panel>
          )}
          {run.artifacts.length > 0 && (
            <Panel title="Files" note="Kept in the data folder of this installation.">
              <Files run={run} action={renderFileAction} />
            </Panel>
          )}
        </Stack>
      </div>
    </Stack>
  );
}

function Cautions({ run }: { run: RunDetail }) {
  const notes = [
    run.linkVerdict === 'not met'
      ? 'Link not met: the emulated network was not what was asked for, so latencies here are not those of that network.'
      : null,
    lateNote(run),
    run.prediction?.agrees === false
      ? 'Measured bytes or rounds differ from the declared cost: treat this run as suspect and report it.'
      : null,
    run.spec.network.backend === 'none'
      ? 'Raw loopback: no network was imposed, latencies are this machine’s own.'
      : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return (
    <div className={classes.notices}>
      {notes.map((note) => (
        <Notice key={note}>{note}</Notice>
      ))}
    </div>
  );
}

function Stopped({ run, reached }: { run: RunDetail; reached: RunState | null }) {
  return (
    <Panel title={`This run was not finished: ${stateWords[run.state].word.toLowerCase()}`}>
      <Stack gap={18}>
        <Failure
          title={
            run.state === 'cancelled'
              ? 'It was cancelled'
              : run.state === 'lost'
                ? 'Its worker or a party fell silent'
                : 'It failed'
          }
          reason={run.reason ?? 'No reason was recorded.'}
        />
        {reached !== null && <StageRail state={run.state} reached={reached} />}
        <p className={classes.quiet}>
          What was recorded until then is kept below. A run like this is never compared or ranked.
        </p>
      </Stack>
    </Panel>
  );
}

/** In the place of the accuracy: what can be said of outputs that mean nothing. */
function OutputErrors({ headline }: { headline: Headline }) {
  const { maxLogitError, meanLogitError, samples } = headline;
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

interface AccuracyPanelProps {
  readonly headline: Headline;
  readonly accuracy: Accuracy;
  readonly disagreement: NonNullable<Headline['disagreement']>;
}

function AccuracyPanel({ headline, accuracy, disagreement }: AccuracyPanelProps) {
  const theme = useChartTheme();
  const { maxLogitError, samples } = headline;
  const [chart, light] = useMemo(
    () => [
      accuracyTripleChart(accuracy, { theme }),
      accuracyTripleChart(accuracy, { theme: lightTheme }),
    ],
    [accuracy, theme],
  );
  return (
    <Panel title="Accuracy" note="One question, answered three ways on the same reviews.">
      <ChartFrame title="Accuracy" model={chart} forExport={light} />
      <div className={classes.paired}>
        <KeyValues
          entries={[
            ['Secure label unlike plaintext', `${disagreement.withPlaintext} of ${samples}`],
            ['Secure label unlike clear', `${disagreement.withClear} of ${samples}`],
            [
              'Largest logit error, approximations',
              maxLogitError.approximation?.toPrecision(2) ?? 'unknown',
            ],
            ['Largest logit error, protocol', maxLogitError.protocol.toPrecision(2)],
          ]}
        />
      </div>
    </Panel>
  );
}

const environmentNames: Readonly<Record<string, string>> = {
  commit: 'Engine commit',
  parley: 'Parley',
  cpu: 'Processor',
  cores: 'Cores',
  memoryGiB: 'Memory, GiB',
  architecture: 'Architecture',
  instructionSet: 'Instruction set',
  kernels: 'Ring kernels',
  kernel: 'Operating system',
  node: 'Node',
};

function Reveals({ run }: { run: RunDetail }) {
  return (
    <section aria-label="Revealed">
      <h3 className={classes.small}>Revealed</h3>
      <ul className={classes.reveals}>
        {run.reveals.map((reveal) => (
          <li key={`${reveal.path} ${reveal.to} ${reveal.reason}`}>
            <code>{reveal.path}</code> to {reveal.to}, {plural(reveal.values, 'value')} in{' '}
            {plural(reveal.inferences, 'inference')}: {reveal.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Files({
  run,
  action,
}: {
  run: RunDetail;
  action: RunViewProps['renderFileAction'] | undefined;
}) {
  return (
    <ul className={classes.files}>
      {run.artifacts.map((file) => (
        <li key={file.name}>
          <code>{file.name}</code>
          <span>{formatBytes(file.bytes)}</span>
          <span className={classes.quiet} title={file.sha256}>
            sha256 {shortHash(file.sha256)}
          </span>
          <CopyButton value={file.sha256} label="Copy hash" variant="subtle" />
          {action?.(file.name)}
        </li>
      ))}
    </ul>
  );
}
