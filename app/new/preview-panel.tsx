'use client';
/** What the run will cost, what stands against it, and its text for JSON, command line and curl. */
import { Button, Tabs } from '@mantine/core';
import Link from 'next/link';
import { lazy, Suspense } from 'react';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { SweepPrice } from '../../server/api/schemas/sweep.ts';
import { isNote, warningsOf, warningTexts } from '../../server/api/schemas/warnings.ts';
import { formatDuration, plural } from '../../server/api/schemas/format.ts';
import { CopyButton } from '../_components/copy-button.tsx';
import { Icon } from '../_components/icon.tsx';
import { Scroll } from '../_components/scroll.tsx';
import { Notice } from '../_components/states.tsx';
import type { Answer } from '../_lib/api.ts';
import { candidateOf, type Issue, type SpecDraft } from '../_lib/spec-draft.ts';
import { fieldName } from '../_lib/describe-spec.ts';
import { Identical } from './identical.tsx';
import { QuotaNote } from './quota-note.tsx';
import { Price, priceLine, type PreviewAnswer } from './price.tsx';
import classes from './preview-panel.module.css';
import { SweepPriceTable } from './sweep-price.tsx';
import { usePhone } from './use-phone.ts';

const SpecJson = lazy(() => import('./spec-json.tsx'));

interface PreviewPanelProps {
  /** Of a sweep the first run. */
  readonly draft: SpecDraft;
  readonly spec: RunSpec | null;
  readonly issues: readonly Issue[];
  readonly preview: PreviewAnswer;
  readonly sweep: {
    readonly count: number;
    readonly price: Answer<SweepPrice> & { readonly stale: boolean };
  } | null;
  readonly submitting: boolean;
  readonly failure: string | null;
  /** Who will compute, in words. */
  readonly roles: string;
  readonly onIssue: (field: string) => void;
  readonly onSpec: (spec: RunSpec) => void;
}

/** One argument of a shell: single quotes, of which the text's own are taken out and put in again. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export function PreviewPanel(props: PreviewPanelProps) {
  const { draft, spec, issues, preview, sweep, submitting, failure, roles } = props;
  const phone = usePhone();
  const json = JSON.stringify(spec ?? candidateOf(draft), null, 2);
  const name =
    `${draft.model}-${draft.approximations.gelu}-${draft.approximations.softmax}-${draft.network.name}`
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-');
  const file = `${name}.json`;
  const earlier = preview.stale ? 0 : (preview.data?.identicalRuns ?? 0);
  const warnings = spec === null ? [] : warningsOf(spec);
  const curl = `curl -X POST ${window.location.origin}/api/v1/runs \\\n  -H 'content-type: application/json' \\\n  -d ${quoted(JSON.stringify(spec ?? candidateOf(draft)))}`;
  const run = (
    <Button
      type="submit"
      size="md"
      fullWidth={!phone}
      loading={submitting}
      aria-disabled={issues.length > 0}
      {...(issues.length > 0 ? { 'data-disabled': true } : {})}
      leftSection={<Icon name="play" size={16} />}
    >
      {sweep !== null ? `Queue ${plural(sweep.count, 'run')}` : earlier > 0 ? 'Run again' : 'Run'}
    </Button>
  );

  return (
    <aside className={classes.panel} aria-label="Preview">
      <Tabs defaultValue="price" keepMounted={false} className={classes.tabs ?? ''}>
        <Tabs.List>
          <Tabs.Tab value="price">Price</Tabs.Tab>
          <Tabs.Tab value="json">JSON</Tabs.Tab>
          <Tabs.Tab value="cli">CLI</Tabs.Tab>
          <Tabs.Tab value="curl">curl</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="price" className={classes.tab}>
          {sweep !== null && (
            <>
              <SweepPriceTable count={sweep.count} price={sweep.price} />
              <p className={classes.quiet}>Below: the first run of them.</p>
            </>
          )}
          <Price preview={preview} faulty={spec === null} />
          <QuotaNote />
        </Tabs.Panel>
        <Tabs.Panel value="json" className={classes.tab}>
          <Suspense fallback={null}>
            <SpecJson json={json} file={file} onSpec={props.onSpec} />
          </Suspense>
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
        <Tabs.Panel value="curl" className={classes.tab}>
          <p className={classes.quiet}>
            Queues this run over <Link href="/learn/api">the REST interface</Link>:
          </p>
          <Scroll label="curl command" className={classes.code}>
            <pre>{curl}</pre>
          </Scroll>
          <CopyButton value={curl} label="Copy curl" />
        </Tabs.Panel>
      </Tabs>

      <div className={classes.foot}>
        {issues.length > 0 && (
          <output className={classes.issues}>
            <strong>{plural(issues.length, 'thing')} to settle first</strong>
            <ul>
              {issues.map(({ field, message }) => (
                <li key={`${field} ${message}`}>
                  <button type="button" title={field} onClick={() => props.onIssue(field)}>
                    {fieldName(field)}
                  </button>
                  : {message}
                </li>
              ))}
            </ul>
          </output>
        )}
        {issues.length === 0 && sweep === null && earlier > 0 && (
          <Identical ids={preview.data?.identicalRunIds ?? []} count={earlier} />
        )}
        {!phone && run}
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
          <Notice key={warning} tone={isNote(warning) ? 'info' : 'bad'}>
            {warningTexts[warning]}
          </Notice>
        ))}
      </div>
      {phone && (
        <section className={classes.bar} aria-label="Price and start">
          <p aria-busy={preview.stale}>
            {issues.length > 0
              ? `${plural(issues.length, 'thing')} to settle`
              : sweep === null
                ? priceLine(preview.data)
                : `${plural(sweep.count, 'run')}, ${sweep.price.data === undefined ? 'pricing…' : formatDuration(sweep.price.data.totalMs)}`}
          </p>
          {run}
        </section>
      )}
    </aside>
  );
}
