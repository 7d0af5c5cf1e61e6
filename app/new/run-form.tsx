'use client';
/** The Run form: presets, five numbered blocks, and the price beside them. */
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { randomWeightsNote } from '../../server/api/schemas/warnings.ts';
import type { Catalog } from '../../server/api/schemas/run-view.ts';
import { ChoiceCards } from '../_components/choice.tsx';
import { NumberField } from '../_components/number-field.tsx';
import { Notice } from '../_components/states.tsx';
import { useCreateRun, usePreview } from '../_lib/api.ts';
import {
  checkDraft,
  draftOf,
  reasonAgainstDataset,
  withModel,
  type Issue,
  type SpecDraft,
} from '../_lib/check-draft.ts';
import { formatCount, formatPercent, shortHash } from '../../server/api/schemas/format.ts';
import { rolesInWords } from '../_lib/roles.ts';
import { writeQuery } from '../_lib/spec-query.ts';
import { Block, inputOrder } from './block.tsx';
import classes from './new-run.module.css';
import { NetworkFields } from './network-fields.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { ProtocolFields } from './protocol-fields.tsx';

interface RunFormProps {
  readonly catalog: Catalog;
  readonly presetId: string;
  readonly draft: SpecDraft;
  /** The run that is forked: what differs from it is marked. */
  readonly base: { readonly id: string; readonly draft: SpecDraft } | null;
}

export function RunForm({ catalog, presetId: startPreset, draft, base }: RunFormProps) {
  const router = useRouter();
  const create = useCreateRun();
  const [presetId, setPresetId] = useState(startPreset);
  const form = useForm<SpecDraft>({ mode: 'controlled', initialValues: draft });
  const values = form.values;
  const [settled] = useDebouncedValue(values, 120);
  const now = useMemo(() => checkDraft(values, catalog), [values, catalog]);
  const { spec } = useMemo(() => checkDraft(settled, catalog), [settled, catalog]);
  const preview = usePreview(spec);

  const serverIssues = now.spec !== null && !preview.stale ? (preview.data?.issues ?? []) : [];
  const issues: readonly Issue[] = [...now.issues, ...serverIssues];
  const errorOf = (field: string): string | undefined =>
    issues.find((issue) => issue.field === field)?.message;

  const preset = catalog.presets.find((entry) => entry.id === presetId);
  const original = base?.draft ?? (preset === undefined ? draft : draftOf(preset.spec));
  const changed = (read: (from: SpecDraft) => unknown): boolean =>
    JSON.stringify(read(values)) !== JSON.stringify(read(original));

  useEffect(() => {
    const query = writeQuery(presetId, settled, catalog).toString();
    window.history.replaceState(window.history.state, '', `/new?${query}`);
  }, [presetId, settled, catalog]);

  const model = catalog.models.find((entry) => entry.id === values.model);
  const trained = catalog.models.filter((entry) => !entry.randomWeights);
  const shapes = catalog.models.filter((entry) => entry.randomWeights);
  const words = wordsOf(model);
  const chooseModel = (id: string): void => form.setValues(withModel(values, id, catalog));
  const protocol = catalog.protocols.find((entry) => entry.id === values.protocol.variant);

  const number = (field: string, label: ReactNode, description: string, isChanged: boolean) => {
    const input = form.getInputProps(field) as {
      readonly value: number | string;
      readonly onChange: (value: number | string) => void;
    };
    return (
      <NumberField
        id={`field-${field}`}
        label={label}
        description={description}
        inputWrapperOrder={inputOrder}
        classNames={isChanged ? { input: classes.changed } : {}}
        value={input.value}
        onChange={input.onChange}
        error={errorOf(field)}
      />
    );
  };

  const start = (): void => {
    if (now.spec === null || serverIssues.length > 0) {
      const first = issues[0];
      if (first !== undefined) focusField(first.field);
      return;
    }
    create.mutate(now.spec, { onSuccess: ({ id }) => router.push(`/runs/${id}`) });
  };

  return (
    <form
      aria-label="Run"
      noValidate
      className={classes.layout}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <div className={classes.blocks}>
        {base !== null && (
          <Notice tone="info">
            Forked from run <code>{shortHash(base.id)}</code>. Fields that you change are outlined.
          </Notice>
        )}
        <ChoiceCards
          label="Preset"
          field="preset"
          wide
          value={base === null ? presetId : ''}
          choices={catalog.presets.map((entry) => ({
            id: entry.id,
            title: entry.title,
            description: entry.description,
            source: entry.source,
          }))}
          onChange={(id) => {
            const chosen = catalog.presets.find((entry) => entry.id === id);
            if (chosen === undefined) return;
            setPresetId(id);
            form.setValues(draftOf(chosen.spec));
          }}
        />

        <Block number={1} title="Model">
          <ChoiceCards
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
                      {formatCount(entry.reportedAccuracy.n)} reviews (reported by its training).
                    </>
                  )}
                </>
              ),
              source: entry.source,
            }))}
            onChange={chooseModel}
          />
          {shapes.length > 0 && (
            <ChoiceCards
              label={`Shape only, ${randomWeightsNote}`}
              field="shape"
              first={3}
              value={values.model}
              choices={shapes}
              onChange={chooseModel}
            />
          )}
          <ChoiceCards
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
            onChange={(id) => form.setFieldValue('dataset.id', id)}
          />
          <div className={classes.fields}>
            {number(
              'sequenceLength',
              words.length,
              words.lengthNote,
              changed((d) => d.sequenceLength),
            )}
          </div>
        </Block>

        <Block number={2} title="Approximation">
          <ChoiceCards
            label="GELU"
            first={3}
            field="approximations.gelu"
            value={values.approximations.gelu}
            error={errorOf('approximations.gelu')}
            changed={changed((d) => d.approximations.gelu)}
            choices={catalog.gelu}
            onChange={(id) => form.setFieldValue('approximations.gelu', id)}
          />
          <ChoiceCards
            label="Softmax"
            first={4}
            field="approximations.softmax"
            value={values.approximations.softmax}
            error={errorOf('approximations.softmax')}
            changed={changed((d) => d.approximations.softmax)}
            choices={catalog.softmax}
            onChange={(id) => form.setFieldValue('approximations.softmax', id)}
          />
        </Block>

        <Block number={3} title="Protocol">
          <ProtocolFields
            catalog={catalog}
            form={form}
            errorOf={errorOf}
            changed={changed}
            fractionBits={number(
              'protocol.ring.fractionBits',
              'Fraction bits',
              'Of 64: more is finer, and leaves less room above',
              changed((d) => d.protocol.ring.fractionBits),
            )}
          />
        </Block>

        <Block number={4} title="Network">
          <NetworkFields
            // A preset brings its own network: whether that is a named one is asked anew.
            key={presetId}
            catalog={catalog}
            form={form}
            errorOf={errorOf}
            changed={changed}
          />
        </Block>

        <Block number={5} title="Measurement">
          <div className={classes.fields}>
            {number(
              'dataset.samples',
              words.samples,
              words.samplesNote,
              changed((d) => d.dataset.samples),
            )}
            {number(
              'measurement.batchSize',
              `${words.samples} per batch`,
              'One inference; costs are per batch',
              changed((d) => d.measurement.batchSize),
            )}
            {number(
              'measurement.repeats',
              'Repeats',
              'Bytes and rounds must agree between them; of several, the first warms up and is left out of the times',
              changed((d) => d.measurement.repeats),
            )}
          </div>
        </Block>
      </div>

      <PreviewPanel
        draft={values}
        spec={now.spec}
        issues={issues}
        preview={preview}
        submitting={create.isPending || create.isSuccess}
        failure={create.error?.message ?? null}
        roles={rolesInWords(
          protocol?.parties ?? 3,
          protocol?.needsCorrelations === true && values.protocol.correlations === 'dealer',
        )}
        onIssue={focusField}
      />
    </form>
  );
}

/** What the form calls a sample and its length. */
function wordsOf(model: Catalog['models'][number] | undefined) {
  const upTo = model === undefined ? '' : `; this model reads up to ${model.maxLength}`;
  if (model?.randomWeights !== true) {
    return {
      samples: 'Reviews',
      samplesNote: 'Accuracy is counted over these',
      length: 'Wordpieces per review',
      lengthNote: `Padding included${upTo}`,
    };
  }
  const image = model.kind === 'image';
  return {
    samples: 'Inputs',
    samplesNote: 'Random ones: there is no accuracy to count',
    length: image ? 'Tokens per image' : 'Tokens per input',
    lengthNote: image ? 'Patches and the class token: fixed' : `No padding${upTo}`,
  };
}

function focusField(field: string): void {
  const target = document.getElementById(`field-${field}`);
  target?.scrollIntoView({ block: 'center' });
  target?.focus();
}
