'use client';
/** The Run form: presets, five numbered blocks, and the price beside them. */
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import { sampleWord, samplesTitle } from '../../server/api/schemas/spec-settings.ts';
import { shortHash } from '../../server/api/schemas/format.ts';
import { Notice } from '../_components/states.tsx';
import { useCreateRun, useCreateSweep, usePreview, useSweepPrice } from '../_lib/api.ts';
import { draftOf, withModel, type Issue, type SpecDraft } from '../_lib/spec-draft.ts';
import { rolesInWords } from '../_lib/roles.ts';
import { writeQuery } from '../_lib/spec-query.ts';
import { splitDraft } from '../_lib/sweep-draft.ts';
import { loadCheck, useCheck } from '../_lib/use-check.ts';
import { ApproximationFields } from './approximation-fields.tsx';
import { Block, type BlockFold } from './block.tsx';
import { Choices } from './choices.tsx';
import { ModelFields } from './model-fields.tsx';
import { NetworkFields } from './network-fields.tsx';
import classes from './new-run.module.css';
import { NumberInput } from './number-input.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { ProtocolFields } from './protocol-fields.tsx';
import { partOf, summaryOf, type Part } from './summaries.ts';
import { SweepFields } from './sweep-fields.tsx';
import { usePhone } from './use-phone.ts';

interface RunFormProps {
  readonly catalog: Catalog;
  readonly presetId: string;
  readonly draft: SpecDraft;
  /** The run that is forked: what differs from it is marked. */
  readonly base: { readonly id: string; readonly draft: SpecDraft } | null;
}

export function RunForm({ catalog, presetId: startPreset, draft, base }: RunFormProps) {
  const router = useRouter();
  const phone = usePhone();
  const create = useCreateRun();
  const createSweep = useCreateSweep();
  const [presetId, setPresetId] = useState(startPreset);
  const [checking, setChecking] = useState<'idle' | 'waiting' | 'failed'>('idle');
  const [openParts, setOpenParts] = useState<ReadonlySet<Part>>(new Set());
  const form = useForm<SpecDraft>({ mode: 'controlled', initialValues: draft });
  const values = form.values;
  const [settled] = useDebouncedValue(values, 60);
  const { first, axes, count, tooMany } = useMemo(
    () => splitDraft(values, catalog),
    [values, catalog],
  );
  const check = useCheck(catalog, first);
  const now = useMemo(() => check(first), [first, check]);
  const asked = useMemo(() => {
    const split = splitDraft(settled, catalog);
    const { spec } = check(split.first);
    const sweeping = spec !== null && split.axes.length > 0 && split.tooMany === null;
    return { spec, sweep: sweeping ? { base: spec, axes: [...split.axes] } : null };
  }, [settled, catalog, check]);
  const preview = usePreview(asked.spec);
  const sweepPrice = useSweepPrice(asked.sweep);

  const serverIssues = now.spec !== null && !preview.stale ? (preview.data?.issues ?? []) : [];
  const sweepIssues = axes.length === 0 ? [] : issuesOfSweep(tooMany, sweepPrice);
  const issues: readonly Issue[] = [...now.issues, ...serverIssues, ...sweepIssues];
  const errorOf = (field: string): string | undefined =>
    issues.find((issue) => issue.field === field)?.message;

  const forked = base?.id ?? null;
  const preset = catalog.presets.find((entry) => entry.id === presetId);
  const original = base?.draft ?? (preset === undefined ? draft : draftOf(preset.spec));
  const changed = (read: (from: SpecDraft) => unknown): boolean =>
    JSON.stringify(read(values)) !== JSON.stringify(read(original));

  useEffect(() => {
    const query = writeQuery(presetId, settled, catalog);
    if (forked !== null) query.set('fork', forked);
    window.history.replaceState(window.history.state, '', `/new?${query}`);
  }, [presetId, settled, catalog, forked]);

  const model = catalog.models.find((entry) => entry.id === values.model);
  const words = wordsOf(model, values.dataset.id);
  const protocol = catalog.protocols.find((entry) => entry.id === values.protocol.variant);

  const number = (
    field: string,
    label: string,
    description: string,
    read: (from: SpecDraft) => unknown,
  ): ReactNode => (
    <NumberInput
      form={form}
      field={field}
      label={label}
      description={description}
      error={errorOf(field)}
      changed={changed(read)}
    />
  );
  const setWhole = (next: SpecDraft): void => {
    // What the next draft does not have must not stay of the last one.
    form.setValues({ also: undefined as never, length: undefined as never, ...next });
    if (next.also === undefined) form.setFieldValue('also', undefined);
  };
  const foldOf = (part: Part): BlockFold | null =>
    phone
      ? {
          open: openParts.has(part),
          summary: summaryOf(part, first, now.spec, catalog),
          faulty: issues.some(({ field }) => partOf(field) === part),
          toggle: () => {
            const next = new Set(openParts);
            if (!next.delete(part)) next.add(part);
            setOpenParts(next);
          },
        }
      : null;
  const focusField = (field: string): void => {
    // A field in a closed part cannot take the focus before that is open.
    flushSync(() => setOpenParts(new Set([...openParts, partOf(field)])));
    const target = document.getElementById(`field-${field}`);
    target?.scrollIntoView({ block: 'center' });
    target?.focus();
  };

  const start = (): void => {
    const [firstIssue] = issues;
    if (firstIssue !== undefined) focusField(firstIssue.field);
    else if (now.spec !== null) send(now.spec);
    else startWhenChecked();
  };
  const send = (spec: RunSpec): void => {
    if (axes.length === 0) {
      create.mutate(spec, { onSuccess: ({ id }) => router.push(`/runs/${id}`) });
      return;
    }
    createSweep.mutate(
      { base: spec, axes: [...axes] },
      { onSuccess: ({ tag }) => router.push(`/results?q=${encodeURIComponent(`tag=${tag}`)}`) },
    );
  };
  /** The schema is still on its way: what stands in the form now is what was meant. */
  const startWhenChecked = (): void => {
    setChecking('waiting');
    const checked = async (): Promise<void> => {
      const loadedCheck = await loadCheck();
      const { spec } = loadedCheck(first, catalog);
      // What is wrong with it is listed by then.
      if (spec !== null) send(spec);
    };
    checked().then(
      () => setChecking('idle'),
      () => setChecking('failed'),
    );
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
        <Choices
          label="Preset"
          field="preset"
          wide
          first={phone ? 3 : 6}
          value={base === null ? presetId : ''}
          choices={catalog.presets.map(({ id, title, description, source }) => ({
            id,
            title,
            description,
            source,
          }))}
          onChange={(id) => {
            const chosen = catalog.presets.find((entry) => entry.id === id);
            if (chosen === undefined) return;
            setPresetId(id);
            setWhole(draftOf(chosen.spec));
          }}
        />

        <Block number={1} title="Model" fold={foldOf(1)}>
          <ModelFields
            catalog={catalog}
            values={values}
            errorOf={errorOf}
            changed={changed}
            length={number(
              'sequenceLength',
              words.length,
              words.lengthNote,
              (d) => d.sequenceLength,
            )}
            onModel={(id) => setWhole(withModel(values, id, catalog))}
            onDataset={(id) => form.setFieldValue('dataset.id', id)}
            onLength={(id) => form.setFieldValue('length', id === 'hidden' ? undefined : id)}
          />
        </Block>

        <Block number={2} title="Approximation" fold={foldOf(2)}>
          <ApproximationFields
            catalog={catalog}
            model={model}
            value={values.approximations}
            errorOf={errorOf}
            changed={changed}
            onChange={(value) => form.setFieldValue('approximations', value)}
          />
        </Block>

        <Block number={3} title="Protocol" fold={foldOf(3)}>
          <ProtocolFields
            catalog={catalog}
            form={form}
            errorOf={errorOf}
            changed={changed}
            fractionBits={number(
              'protocol.ring.fractionBits',
              'Fraction bits',
              `Of 64, 15 to 18: more is finer, and leaves less room above; the variant has ${protocol?.defaultFractionBits ?? 18}`,
              (d) => d.protocol.ring.fractionBits,
            )}
            failures={preview.stale ? null : (preview.data?.wrongTruncations ?? null)}
          />
        </Block>

        <Block number={4} title="Network" fold={foldOf(4)}>
          <NetworkFields
            // A preset brings its own network: whether that is a named one is asked anew.
            key={presetId}
            catalog={catalog}
            form={form}
            errorOf={errorOf}
            changed={changed}
          />
        </Block>

        <Block number={5} title="Measurement" fold={foldOf(5)}>
          <div className={classes.fields}>
            {number('dataset.samples', words.samples, words.samplesNote, (d) => d.dataset.samples)}
            {number(
              'measurement.batchSize',
              `${words.samples} per batch`,
              'One inference; costs are per batch',
              (d) => d.measurement.batchSize,
            )}
            {number(
              'measurement.repeats',
              'Repeats',
              'Bytes and rounds must agree between them; of several, the first warms up and is left out of the times',
              (d) => d.measurement.repeats,
            )}
          </div>
          <SweepFields
            catalog={catalog}
            draft={values}
            onChange={(also) => form.setFieldValue('also', also)}
          />
        </Block>
      </div>

      <PreviewPanel
        draft={first}
        spec={now.spec}
        issues={issues}
        preview={preview}
        sweep={axes.length === 0 ? null : { count, price: sweepPrice }}
        submitting={
          checking === 'waiting' ||
          create.isPending ||
          create.isSuccess ||
          createSweep.isPending ||
          createSweep.isSuccess
        }
        failure={
          create.error?.message ??
          createSweep.error?.message ??
          (checking === 'failed' ? checkNotLoaded : null)
        }
        roles={rolesInWords(
          protocol?.parties ?? 3,
          protocol?.needsCorrelations === true && values.protocol.correlations === 'dealer',
        )}
        onIssue={focusField}
        onSpec={(spec: RunSpec) => setWhole(draftOf(spec))}
      />
    </form>
  );
}

const checkNotLoaded =
  'Part of the form could not be fetched. The address holds what you entered: reload the page, then run it.';

/** What stands against a sweep as a whole; its table says it run by run. */
function issuesOfSweep(
  tooMany: string | null,
  { data, stale }: ReturnType<typeof useSweepPrice>,
): readonly Issue[] {
  if (tooMany !== null) return [{ field: 'sweep', message: tooMany }];
  const faulty = stale ? undefined : data?.entries.find(({ issues }) => issues.length > 0);
  const [issue] = faulty?.issues ?? [];
  return issue === undefined ? [] : [{ field: 'sweep', message: issue.message }];
}

/** What the form calls a sample and its length. */
function wordsOf(model: Catalog['models'][number] | undefined, dataset: string) {
  const upTo = model === undefined ? '' : `; this model reads up to ${model.maxLength}`;
  const image = model?.kind === 'image';
  if (model?.randomWeights !== true) {
    const word = image ? 'image' : sampleWord({ dataset: { id: dataset } });
    const padding = model?.labels.length === 0 ? 'No padding' : 'Padding included';
    return {
      samples: image ? 'Images' : samplesTitle(sampleWord({ dataset: { id: dataset } })),
      samplesNote: 'Accuracy is counted over these',
      length: `${word === 'review' ? 'Wordpieces' : 'Tokens'} per ${word}`,
      lengthNote: image ? 'Patches and the class token: fixed' : `${padding}${upTo}`,
    };
  }
  return {
    samples: 'Inputs',
    samplesNote: 'Random ones: there is no accuracy to count',
    length: image ? 'Tokens per image' : 'Tokens per input',
    lengthNote: image ? 'Patches and the class token: fixed' : `No padding${upTo}`,
  };
}
