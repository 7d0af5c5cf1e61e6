'use client';
/** The shortest way to a run: a preset, a number of reviews, Run. */
import { Button, NumberInput, Select } from '@mantine/core';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Catalog } from '../../server/api/schemas/run-view.ts';
import { Icon } from '../_components/icon.tsx';
import { ProvenanceMark } from '../_components/provenance.tsx';
import { useCreateRun, usePreview } from '../_lib/api.ts';
import { checkDraft, draftOf } from '../_lib/check-draft.ts';
import { formatBytes, formatCount, formatDuration, formatLink } from '../_lib/format.ts';
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
  if (draft !== null) draft.dataset.samples = samples;
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
      <NumberInput
        label="Reviews"
        value={samples}
        onChange={setSamples}
        min={1}
        clampBehavior="none"
        allowDecimal={false}
        error={issue}
      />
      <p className={classes.sentence}>
        {preset.spec.model},{' '}
        {catalog.protocols.find((p) => p.id === preset.spec.protocol.variant)?.parties ?? 3}{' '}
        parties, {formatLink(preset.spec.network)}
      </p>
      <p className={classes.estimate} aria-live="polite">
        {price?.prediction != null ? (
          <>
            <ProvenanceMark of="predicted" />{' '}
            <strong>{formatBytes(largest(price.prediction.onlineBytesSent))}</strong> per party and{' '}
            <strong>{formatCount(price.prediction.rounds)}</strong> rounds a batch
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
