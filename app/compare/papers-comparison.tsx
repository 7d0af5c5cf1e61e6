'use client';
/** MPCFormer, PUMA and MPCViT in one click: the newest finished run of each, or how to get it. */
import { Button } from '@mantine/core';
import Link from 'next/link';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog, RunSummary } from '../../server/api/schemas/run-view.ts';
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
    runId: done.find(({ spec }) => is(spec))?.id ?? null,
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
  const found = paperRuns(catalog, done);
  const ids = found.flatMap(({ runId }) => runId ?? []);
  const missing = found.filter(({ runId }) => runId === null);
  return (
    <section aria-label="Three papers" className={classes.verdict}>
      <h2>MPCFormer, PUMA and MPCViT</h2>
      <p className={classes.soft}>
        The newest finished run of each method here, side by side. Their models and networks differ,
        and the comparison says what that rules out.
      </p>
      <div className={classes.actions}>
        {ids.length >= 2 ? (
          <Button component={Link} href={`/compare?runs=${ids.join(',')}`} size="sm">
            {missing.length === 0 ? 'Compare the three' : 'Compare those that have run'}
          </Button>
        ) : (
          <Button size="sm" disabled>
            Compare the three
          </Button>
        )}
        {missing.map(({ name, presetId }) =>
          presetId === null ? (
            <span key={name} className={classes.soft}>
              {name} has no run, and no preset ships for it.
            </span>
          ) : (
            <Button
              key={name}
              component={Link}
              href={`/new?preset=${encodeURIComponent(presetId)}`}
              size="sm"
              variant="default"
            >
              {name} has no run yet: run it
            </Button>
          ),
        )}
      </div>
    </section>
  );
}
