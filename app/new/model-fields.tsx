'use client';
/** Which model reads what: trained checkpoints, shapes with random weights, the data set, the length. */
import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCount, formatPercent } from '../../server/api/schemas/format.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { randomWeightsNote } from '../../server/api/schemas/warnings.ts';
import { reasonAgainstDataset, type SpecDraft } from '../_lib/spec-draft.ts';
import { inputOrder } from './block.tsx';
import { Choices } from './choices.tsx';
import classes from './new-run.module.css';

const lengthTexts = {
  hidden: 'Every text is padded: nobody learns how long it is',
  public:
    'Every party learns how many tokens the longest text of a batch has; only those are computed',
} as const;

interface ModelFieldsProps {
  readonly catalog: Catalog;
  readonly values: SpecDraft;
  readonly errorOf: (field: string) => string | undefined;
  readonly changed: (read: (from: SpecDraft) => unknown) => boolean;
  readonly length: ReactNode;
  readonly onModel: (id: string) => void;
  readonly onDataset: (id: string) => void;
  readonly onLength: (id: string) => void;
}

export function ModelFields(props: ModelFieldsProps) {
  const { catalog, values, errorOf, changed, length, onModel, onDataset, onLength } = props;
  const trained = catalog.models.filter((entry) => !entry.randomWeights);
  const trainedModel = trained.find(({ id }) => id === values.model);
  const shapes = catalog.models.filter((entry) => entry.randomWeights);
  return (
    <>
      <Choices
        label="Checkpoint"
        field="model"
        wide
        value={values.model}
        error={errorOf('model')}
        changed={changed((d) => d.model)}
        choices={trained.map((entry) => ({
          id: entry.id,
          title: entry.title,
          description: (
            <>
              {entry.description}
              {entry.reportedAccuracy !== null && (
                <>
                  {' '}
                  Plaintext {formatPercent(entry.reportedAccuracy.value)} on{' '}
                  {formatCount(entry.reportedAccuracy.n)}{' '}
                  {entry.kind === 'image' ? 'images' : 'reviews'} (reported by its training).
                </>
              )}
            </>
          ),
          source: entry.source,
        }))}
        onChange={onModel}
      />
      {shapes.length > 0 && (
        <Choices
          label={`Shape only, ${randomWeightsNote}`}
          field="shape"
          compact
          value={values.model}
          choices={shapes}
          onChange={onModel}
        />
      )}
      <Choices
        label="Data set"
        field="dataset.id"
        wide
        value={values.dataset.id}
        error={errorOf('dataset.id')}
        changed={changed((d) => d.dataset.id)}
        choices={catalog.datasets.map((entry) => ({
          id: entry.id,
          title: entry.title,
          description: entry.description,
          source: entry.source,
          reason: reasonAgainstDataset(entry.id, values, catalog),
        }))}
        onChange={onDataset}
      />
      <div className={classes.fields}>
        {length}
        {values.length !== undefined || (trainedModel?.padded ?? false) ? (
          <NativeSelect
            id="field-length"
            label="Length"
            description={lengthTexts[values.length === 'public' ? 'public' : 'hidden']}
            inputWrapperOrder={inputOrder}
            value={values.length ?? 'hidden'}
            error={errorOf('length')}
            data-changed={changed((d) => d.length ?? 'hidden') || undefined}
            onChange={(event) => onLength(event.currentTarget.value)}
            data={[
              { value: 'hidden', label: 'hidden' },
              { value: 'public', label: 'public' },
            ]}
          />
        ) : null}
      </div>
    </>
  );
}
