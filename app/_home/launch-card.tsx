'use client';
/** The shortest way to a run: a preset, a number of reviews, Run. */
import { Button, NativeSelect } from '@mantine/core';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import { sampleWord, samplesTitle } from '../../server/api/schemas/spec-settings.ts';
import { maxSamples } from '../../server/api/schemas/spec-ids.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { Icon } from '../_components/icon.tsx';
import { NumberField } from '../_components/number-field.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { useCreateRun, usePreview } from '../_lib/api.ts';
import { draftOf, tooManySamples, type SpecDraft } from '../_lib/spec-draft.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLink,
} from '../../server/api/schemas/format.ts';
import { hasDealer, partyCountOf, rolesInWords } from '../_lib/roles.ts';
import { largest } from '../_lib/statistics.ts';
import { writeQuery } from '../_lib/spec-query.ts';
import classes from './home.module.css';

export function LaunchCard({ catalog }: { catalog: Catalog }) {
  const router = useRouter();
  const create = useCreateRun();
  const [presetId, setPresetId] = useState(catalog.presets[0]?.id ?? '');
  const preset = catalog.presets.find((entry) => entry.id === presetId);
  const [samples, setSamples] = useState<number | string>(
    catalog.presets[0]?.spec.dataset.samples ?? 16,
  );

  const draft = preset === undefined ? null : draftOf(preset.spec);
  const issue = draft === null ? null : reasonAgainst(samples, draft, catalog);
  // A preset is a spec already; one number of it is another.
  const spec =
    preset === undefined || issue !== null ? null : withSamples(preset.spec, Number(samples));
  const preview = usePreview(spec);
  if (preset === undefined || draft === null) return null;
  const adjusted = { ...draft, dataset: { ...draft.dataset, samples } };
  if (spec !== null) adjusted.measurement = { ...spec.measurement };

  const price = preview.data;
  const refused = issue ?? price?.issues[0]?.message;
  const start = (): void => {
    if (spec === null) return;
    create.mutate(spec, { onSuccess: ({ id }) => router.push(`/runs/${id}`) });
  };

  return (
    <form
      className={classes.launch}
      aria-label="Start a run"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <NativeSelect
        label="Preset"
        data={catalog.presets.map(({ id, title }) => ({ value: id, label: title }))}
        value={presetId}
        onChange={(event) => setPresetId(event.currentTarget.value)}
        description={preset.description}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <NumberField
        label={samplesTitle(sampleWord(preset.spec))}
        value={samples}
        onChange={setSamples}
        error={refused}
      />
      <p className={classes.sentence}>
        {preset.spec.model}, {rolesInWords(partyCountOf(preset.spec), hasDealer(preset.spec))},{' '}
        {formatLink(preset.spec.network)}
      </p>
      <p className={classes.estimate} aria-live="polite">
        {price?.prediction != null ? (
          <>
            <ProvenanceMark of="predicted" />{' '}
            <strong>{formatBytes(largest(price.prediction.onlineBytesSent))}</strong> per party and{' '}
            <strong>{formatCount(price.prediction.rounds)}</strong> rounds a batch
            {price.prediction.dealerBytes > 0 && (
              <>, {formatBytes(price.prediction.dealerBytes)} from the dealer</>
            )}
            {price.earlierWallMs !== null && (
              <>; earlier runs took {formatDuration(price.earlierWallMs)}</>
            )}
          </>
        ) : (
          (preview.error ?? 'Computing the cost')
        )}
      </p>
      <div className={classes.launchButtons}>
        <Button
          type="submit"
          size="md"
          disabled={spec === null || (price?.issues.length ?? 0) > 0}
          loading={create.isPending || create.isSuccess}
          leftSection={<Icon name="play" size={16} />}
        >
          Run it
        </Button>
        <Link href={`/new?${writeQuery(presetId, adjusted, catalog).toString()}`}>
          Adjust first
        </Link>
      </div>
      {create.error !== null && (
        <p role="alert" className={classes.error}>
          {create.error.message}
        </p>
      )}
    </form>
  );
}

/** Fewer samples than the preset's batch are one smaller batch. */
function withSamples(spec: RunSpec, samples: number): RunSpec {
  const batchSize = Math.min(spec.measurement.batchSize, samples);
  return {
    ...spec,
    dataset: { ...spec.dataset, samples },
    measurement: { ...spec.measurement, batchSize },
  };
}

/** What is wrong with the one number that can be typed here, or null. */
function reasonAgainst(
  samples: number | string,
  draft: SpecDraft,
  catalog: Catalog,
): string | null {
  if (samples === '') return 'Fill this in.';
  if (!Number.isInteger(samples)) return `${samples} is not a whole number.`;
  const count = Number(samples);
  if (count < 1) return `${formatCount(count)} is too small: at least 1.`;
  const more = tooManySamples({ ...draft, dataset: { ...draft.dataset, samples } }, catalog);
  if (more !== null) return more;
  return count > maxSamples
    ? `${formatCount(count)} is too large: at most ${formatCount(maxSamples)}.`
    : null;
}
