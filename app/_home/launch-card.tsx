'use client';
/** The shortest way to a run: a preset, a number of reviews, Run. */
import { Button, Select } from '@mantine/core';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { hasRandomWeights } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/run-view.ts';
import { Icon } from '../_components/icon.tsx';
import { NumberField } from '../_components/number-field.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { useCreateRun, usePreview } from '../_lib/api.ts';
import { checkDraft, draftOf } from '../_lib/check-draft.ts';
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
  if (draft !== null) {
    draft.dataset.samples = samples;
    // Fewer reviews than the preset's batch: one smaller batch.
    const batch = Number(draft.measurement.batchSize);
    if (Number.isInteger(samples) && Number(samples) >= 1) {
      draft.measurement.batchSize = Math.min(batch, Number(samples));
    }
  }
  const { spec, issues } = draft === null ? { spec: null, issues: [] } : checkDraft(draft, catalog);
  const preview = usePreview(spec);
  if (preset === undefined || draft === null) return null;

  const price = preview.data;
  const issue = issues[0]?.message ?? price?.issues[0]?.message;
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
      <Select
        label="Preset"
        data={catalog.presets.map(({ id, title }) => ({ value: id, label: title }))}
        value={presetId}
        onChange={(id) => id !== null && setPresetId(id)}
        allowDeselect={false}
        description={preset.description}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <NumberField
        label={hasRandomWeights(preset.spec) ? 'Inputs' : 'Reviews'}
        value={samples}
        onChange={setSamples}
        error={issue}
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
        <Link href={`/new?${writeQuery(presetId, draft, catalog).toString()}`}>Adjust first</Link>
      </div>
      {create.error !== null && (
        <p role="alert" className={classes.error}>
          {create.error.message}
        </p>
      )}
    </form>
  );
}
