'use client';
/** The Run page: waits for the catalog, and for the run that is forked, then shows the form. */
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Stack } from '../_components/panel.tsx';
import { Failure, Notice, Waiting } from '../_components/states.tsx';
import { useCatalog, useRun, type Answer } from '../_lib/api.ts';
import { draftOf, type SpecDraft } from '../_lib/spec-draft.ts';
import { readQuery, unknownChoices, withAskedPoint } from '../_lib/spec-query.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import classes from './new-run.module.css';
import { RunForm } from './run-form.tsx';

export function NewRun() {
  const query = useSearchParams();
  const catalog = useCatalog();
  const fork = query.get('fork');
  return (
    <Stack gap={22}>
      <header className={classes.header}>
        <h1>Set up a run</h1>
        <p>
          Five choices, each with a working default. The price is computed from shapes while you
          choose.
        </p>
      </header>
      {catalog.data === undefined ? (
        <Pending answer={catalog} what="the catalog" />
      ) : fork === null ? (
        <Prefilled catalog={catalog.data} query={query} />
      ) : (
        <Forked catalog={catalog.data} id={fork} query={query} />
      )}
    </Stack>
  );
}

function Prefilled({ catalog, query }: { catalog: Catalog; query: URLSearchParams }) {
  const start = readQuery(query, catalog);
  // Of the address as it came: the form rewrites it at once.
  const [unknown] = useState(() => unknownChoices(query, catalog));
  if (start === null) {
    return <Failure title="No presets" reason="The catalog has no preset to start from." />;
  }
  return (
    <>
      {unknown.map((sentence) => (
        <Notice key={sentence}>{sentence} The form shows the default instead.</Notice>
      ))}
      <RunForm catalog={catalog} presetId={start.presetId} draft={start.draft} base={null} />
    </>
  );
}

interface ForkedProps {
  readonly catalog: Catalog;
  readonly id: string;
  /** A what-if asks for the run on another network. */
  readonly query: URLSearchParams;
}

function Forked({ catalog, id, query }: ForkedProps) {
  const run = useRun(id);
  if (run.data === undefined) return <Pending answer={run} what="the run" />;
  const base: SpecDraft = draftOf(run.data.spec);
  // An address that the form has rewritten says all that was changed since, from a preset on.
  const reopened = query.has('preset') ? readQuery(query, catalog) : null;
  const draft: SpecDraft = reopened?.draft ?? {
    ...base,
    network: withAskedPoint(query, base.network),
  };
  return (
    <RunForm
      catalog={catalog}
      presetId={reopened?.presetId ?? nearestPreset(catalog, run.data)}
      draft={draft}
      base={{ id, draft: base }}
    />
  );
}

/** The preset whose functions and protocol are most like the run's; other settings stand beside it. */
function nearestPreset(catalog: Catalog, { spec }: RunDetail): string {
  const likeness = ({ spec: preset }: Catalog['presets'][number]): number =>
    Number(preset.approximations.gelu === spec.approximations.gelu) +
    Number(preset.approximations.softmax === spec.approximations.softmax) +
    Number(preset.protocol.variant === spec.protocol.variant);
  const [nearest] = catalog.presets.toSorted((a, b) => likeness(b) - likeness(a));
  return nearest?.id ?? '';
}

function Pending({ answer, what }: { answer: Answer<unknown>; what: string }) {
  return answer.error === null ? (
    <Waiting what={what} height={600} />
  ) : (
    <Failure title={`Cannot read ${what}`} reason={answer.error} retry={answer.retry} />
  );
}
