'use client';
/** What the run will cost, what stands against it, and its text for the command line. */
import { Button, Tabs } from '@mantine/core';
import Link from 'next/link';
import { useMemo } from 'react';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { MemoryNeed, Preview } from '../../server/api/schemas/run-view.ts';
import { warningsOf, warningTexts } from '../../server/api/schemas/warnings.ts';
import { predictedPlacesChart } from '../_charts/predicted-places.ts';
import { Plot } from '../_charts/plot.tsx';
import { useChartTheme } from '../_charts/use-chart-theme.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Icon } from '../_components/icon.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Notice } from '../_components/states.tsx';
import type { Answer } from '../_lib/api.ts';
import { candidateOf, type Issue, type SpecDraft } from '../_lib/check-draft.ts';
import { fieldName } from '../_lib/describe-spec.ts';
import {
  bytesQuantity,
  exactBytes,
  formatBytes,
  formatCount,
  formatDuration,
  plural,
  shortHash,
} from '../../server/api/schemas/format.ts';
import { largest, sum } from '../_lib/statistics.ts';
import { saveAs } from '../_lib/save.ts';
import classes from './preview-panel.module.css';

interface PreviewPanelProps {
  readonly draft: SpecDraft;
  readonly spec: RunSpec | null;
  readonly issues: readonly Issue[];
  readonly preview: Answer<Preview> & { readonly stale: boolean };
  readonly submitting: boolean;
  readonly failure: string | null;
  /** Who will compute, in words. */
  readonly roles: string;
  readonly onIssue: (field: string) => void;
}

export function PreviewPanel(props: PreviewPanelProps) {
  const { draft, spec, issues, preview, submitting, failure, roles, onIssue } = props;
  const json = JSON.stringify(spec ?? candidateOf(draft), null, 2);
  const name =
    `${draft.model}-${draft.approximations.gelu}-${draft.approximations.softmax}-${draft.network.name}`
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-');
  const file = `${name}.json`;
  const earlier = preview.data?.identicalRunIds ?? [];
  const warnings = spec === null ? [] : warningsOf(spec);

  return (
    <aside className={classes.panel} aria-label="Preview">
      <Tabs defaultValue="price" keepMounted={false} className={classes.tabs ?? ''}>
        <Tabs.List>
          <Tabs.Tab value="price">Price</Tabs.Tab>
          <Tabs.Tab value="json">JSON</Tabs.Tab>
          <Tabs.Tab value="cli">CLI</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="price" className={classes.tab}>
          <Price preview={preview} faulty={spec === null} />
        </Tabs.Panel>
        <Tabs.Panel value="json" className={classes.tab}>
          <Scroll label="Run spec as JSON" className={classes.code}>
            <pre>{json}</pre>
          </Scroll>
          <div className={classes.codeButtons}>
            <CopyButton value={json} label="Copy JSON" />
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="download" size={14} />}
              onClick={() => saveAs(file, 'application/json', `${json}\n`)}
            >
              Download
            </Button>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="cli" className={classes.tab}>
          <p className={classes.quiet}>
            Save the JSON as <code>{file}</code> in the checkout, then:
          </p>
          <Scroll label="Command" className={classes.code}>
            <pre>npm run parley -- run {file}</pre>
          </Scroll>
          <CopyButton value={`npm run parley -- run ${file}`} label="Copy command" />
        </Tabs.Panel>
      </Tabs>

      <div className={classes.foot}>
        {issues.length > 0 && (
          <output className={classes.issues}>
            <strong>{plural(issues.length, 'thing')} to settle first</strong>
            <ul>
              {issues.map(({ field, message }) => (
                <li key={`${field} ${message}`}>
                  <button type="button" title={field} onClick={() => onIssue(field)}>
                    {fieldName(field)}
                  </button>
                  : {message}
                </li>
              ))}
            </ul>
          </output>
        )}
        {issues.length === 0 && !preview.stale && earlier.length > 0 && (
          <p className={classes.identical}>
            {plural(earlier.length, 'finished run')} with exactly this spec:{' '}
            {earlier.slice(0, 3).map((id, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <Link href={`/runs/${id}`}>
                  {index === 0 ? `open ${shortHash(id)}` : shortHash(id)}
                </Link>
              </span>
            ))}
            {' or run it again.'}
          </p>
        )}
        <Button
          type="submit"
          size="md"
          fullWidth
          loading={submitting}
          aria-disabled={issues.length > 0}
          {...(issues.length > 0 ? { 'data-disabled': true } : {})}
          leftSection={<Icon name="play" size={16} />}
        >
          {earlier.length > 0 && !preview.stale ? 'Run again' : 'Run'}
        </Button>
        {failure !== null && (
          <p role="alert" className={classes.failure}>
            {failure}
          </p>
        )}
        <p className={classes.quiet}>
          {roles}, each a process on this machine; the logits are revealed to the owner of the
          input.
        </p>
        {warnings.map((warning) => (
          <Notice key={warning} tone={warning === 'randomWeights' ? 'info' : 'bad'}>
            {warningTexts[warning]}
          </Notice>
        ))}
      </div>
    </aside>
  );
}

function Price({ preview, faulty }: { preview: PreviewPanelProps['preview']; faulty: boolean }) {
  const theme = useChartTheme();
  const byPlace = preview.data?.byPlace;
  const chart = useMemo(
    () =>
      byPlace === undefined || byPlace.length === 0
        ? null
        : predictedPlacesChart(byPlace, { theme }),
    [byPlace, theme],
  );
  const prediction = preview.data?.prediction ?? null;
  if (preview.error !== null && preview.data === undefined) {
    return <p role="alert">The price cannot be computed: {preview.error}</p>;
  }
  const busiest = largest(prediction?.onlineBytesSent ?? []);
  const dealer = prediction?.dealerBytes ?? 0;
  const offline = sum(prediction?.offlineBytesSent ?? []) + dealer;
  return (
    <div className={classes.price} aria-busy={preview.stale} data-stale={preview.stale || faulty}>
      <ProvenanceMark of="predicted" />
      <dl className={classes.numbers} data-many={dealer > 0 || undefined}>
        <div>
          <dt>{dealer > 0 ? 'Per party, online' : 'Sent per party'}</dt>
          <Bytes of={prediction === null ? null : busiest} />
        </div>
        {dealer > 0 && (
          <div>
            <dt>Dealer, offline</dt>
            <Bytes of={dealer} />
          </div>
        )}
        <div>
          <dt>Rounds</dt>
          <dd>{prediction === null ? '–' : formatCount(prediction.rounds)}</dd>
        </div>
      </dl>
      <p className={classes.quiet}>
        One batch; of the parties the busiest, online.{' '}
        {offline === 0
          ? 'Nothing is sent offline.'
          : `Offline ${formatBytes(offline)}, before the input is known.`}{' '}
        {preview.data?.earlierWallMs == null
          ? 'No earlier run of this spec: its time is not known yet.'
          : `Earlier runs took ${formatDuration(preview.data.earlierWallMs)} in all (median).`}
      </p>
      {preview.data?.memory != null && <Memory of={preview.data.memory} />}
      {chart === null ? (
        <div style={{ height: 240 }} />
      ) : (
        <>
          <Plot model={chart} />
          <p className={classes.quiet}>{chart.caption}</p>
        </>
      )}
    </div>
  );
}

/** All roles run on this machine, so it has to hold all of them. */
function Memory({ of }: { of: MemoryNeed }) {
  const { partyBytes, ownerBytes, dealerBytes, totalBytes, machineBytes } = of;
  return (
    <p className={classes.quiet} title={exactBytes(totalBytes)}>
      Memory at the peak: about {formatBytes(totalBytes)} of this machine’s{' '}
      {formatBytes(machineBytes)}; {formatBytes(partyBytes)} each party, {formatBytes(ownerBytes)}{' '}
      the owner{dealerBytes > 0 && <>, {formatBytes(dealerBytes)} the dealer</>}.
    </p>
  );
}

function Bytes({ of }: { of: number | null }) {
  if (of === null) return <dd>–</dd>;
  const { value, unit } = bytesQuantity(of);
  return (
    <dd title={exactBytes(of)}>
      {value} <span>{unit}</span>
    </dd>
  );
}
