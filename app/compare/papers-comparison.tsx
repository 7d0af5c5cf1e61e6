'use client';
/**
 * MPCFormer, PUMA and MPCViT in one click: the newest finished run of each; what is missing is priced, and
 * run by the same click.
 */
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { formatCount, formatDuration, plural } from '../../server/api/schemas/format.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { RunSummary } from '../../server/api/schemas/run-view.ts';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { Notice } from '../_components/states.tsx';
import { usePreview } from '../_lib/api.ts';
import { useCreateRuns } from '../_lib/api-compare.ts';
import classes from './compare.module.css';

interface Method {
  readonly name: string;
  /** Whether a preset, or a run, is of this paper's method. */
  readonly is: (spec: RunSpec) => boolean;
}

const methods: readonly Method[] = [
  {
    name: 'MPCFormer',
    is: ({ approximations: { gelu, softmax } }) =>
      gelu.startsWith('quad') && softmax.startsWith('2quad'),
  },
  {
    name: 'PUMA',
    is: ({ model, approximations: { gelu, softmax }, protocol }) =>
      !isImage(model) &&
      gelu === 'puma' &&
      softmax === 'puma' &&
      protocol.variant === 'replicated/aby3',
  },
  {
    name: 'MPCViT',
    is: ({ model, protocol }) => isImage(model) && protocol.variant === 'additive/semi2k',
  },
];

const isImage = (model: string): boolean => model.startsWith('vit');

export interface PaperRun {
  readonly name: string;
  /** Newest finished run; null where there is none. */
  readonly runId: string | null;
  /** Preset that makes one; null where none ships. */
  readonly presetId: string | null;
}

/** @param done finished runs, newest first */
export function paperRuns(catalog: Catalog, done: readonly RunSummary[]): readonly PaperRun[] {
  return methods.map(({ name, is }) => ({
    name,
    runId:
      (
        done.find(({ spec, shipped }) => is(spec) && shipped !== true) ??
        done.find(({ spec }) => is(spec))
      )?.id ?? null,
    presetId: catalog.presets.find(({ spec }) => is(spec))?.id ?? null,
  }));
}

export function PapersComparison({
  catalog,
  done,
}: {
  readonly catalog: Catalog;
  readonly done: readonly RunSummary[];
}) {
  const router = useRouter();
  const start = useCreateRuns();
  const found = paperRuns(catalog, done);
  const specOf = (presetId: string | null): RunSpec | undefined =>
    catalog.presets.find(({ id }) => id === presetId)?.spec;
  const missing = found.flatMap(({ runId, presetId }) =>
    runId === null ? (specOf(presetId) ?? []) : [],
  );
  const complete = found.every(({ runId }) => runId !== null);
  const compare = (made: readonly string[]): void => {
    const rest = [...made];
    const ids = found.flatMap(({ runId, presetId }) =>
      runId !== null ? [runId] : specOf(presetId) === undefined ? [] : (rest.shift() ?? []),
    );
    router.push(`/compare?runs=${ids.join(',')}`);
  };
  const ids = found.flatMap(({ runId }) => runId ?? []);
  return (
    <section aria-label="Three papers" className={classes.verdict}>
      <h2>MPCFormer, PUMA and MPCViT</h2>
      <p className={classes.soft}>
        A run of each method, side by side. Their models and networks differ, and the comparison
        says what that rules out. <Link href="/papers">Their tables, cell by cell</Link>, and{' '}
        <Link href="/papers/side-by-side">all three on one model</Link>.
      </p>
      <ul className={classes.papers}>
        {found.map((paper) => (
          <PaperLine
            key={paper.name}
            paper={paper}
            run={done.find(({ id }) => id === paper.runId)}
            spec={specOf(paper.presetId)}
          />
        ))}
      </ul>
      <div className={classes.actions}>
        {complete ? (
          <Button component={Link} href={`/compare?runs=${ids.join(',')}`} size="sm">
            Compare the three
          </Button>
        ) : (
          <>
            <Button
              size="sm"
              loading={start.isPending || start.isSuccess}
              onClick={() => start.mutate(missing, { onSuccess: compare })}
            >
              {ids.length === 0
                ? 'Run and compare the three'
                : `Run the missing ${missing.length === 1 ? 'one' : plural(missing.length, 'run')} and compare`}
            </Button>
            {ids.length >= 2 && (
              <Button
                component={Link}
                href={`/compare?runs=${ids.join(',')}`}
                size="sm"
                variant="default"
              >
                Compare those that have run
              </Button>
            )}
          </>
        )}
      </div>
      {start.error !== null && <Notice tone="bad">{start.error.message}</Notice>}
    </section>
  );
}

/** What there is of one method: its run, or the price of one. */
function PaperLine({
  paper: { name, presetId },
  run,
  spec,
}: {
  readonly paper: PaperRun;
  readonly run: RunSummary | undefined;
  readonly spec: RunSpec | undefined;
}) {
  const price = usePreview(run === undefined ? (spec ?? null) : null);
  if (run !== undefined) {
    const { headline } = run;
    return (
      <li>
        <Link href={`/runs/${run.id}`}>{name}</Link>
        <span>
          <ProvenanceMark of={run.provenance} />
          {run.shipped === true && ', shipped'}
          {headline !== null &&
            `: ${formatDuration(headline.onlineMs.median)} online a batch, ${formatCount(headline.rounds)} rounds`}
        </span>
      </li>
    );
  }
  if (spec === undefined) return <li>{name} has no run, and no preset ships for it.</li>;
  const { prediction = null, latency = null, runMs = null } = price.data ?? {};
  return (
    <li>
      <Link href={`/new?preset=${encodeURIComponent(presetId ?? '')}`}>{name}</Link>
      <span>
        no run yet; <ProvenanceMark of="predicted" />
        {prediction === null
          ? ' price is being computed'
          : `: ${latency === null ? '' : `${formatDuration(latency.onlineMs)} online a batch, `}${formatCount(prediction.rounds)} rounds${runMs === null ? '' : `, ${formatDuration(runMs)} for the whole run`}`}
      </span>
    </li>
  );
}
