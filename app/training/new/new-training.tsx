'use client';
/** "Distill a student" and "Search attention": a form each, with the price before anything starts. */
import { Button, SegmentedControl } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { formatDuration } from '../../../server/api/schemas/format.ts';
import type { TrainingRequest } from '../../../server/api/schemas/training.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Notice } from '../../_components/states.tsx';
import { useCreateTraining, usePriceTraining } from '../../_lib/api-training.ts';
import { PriceTable } from '../price-table.tsx';
import classes from '../training.module.css';
import { firstDrafts, readDraft } from './draft.ts';
import { DistillFields, SearchFields } from './fields.tsx';

const isKind = (value: string): value is TrainingRequest['kind'] => value in firstDrafts;

export function NewTraining() {
  const router = useRouter();
  const [draft, setDraft] = useState(firstDrafts.distillation);
  const price = usePriceTraining();
  const create = useCreateTraining();
  const read = readDraft(draft);
  const errors = 'errors' in read ? read.errors : {};
  const change = (part: Partial<typeof draft>): void => {
    setDraft({ ...draft, ...part });
    // A price is of one recipe only.
    price.reset();
    create.reset();
  };
  const start = async (): Promise<void> => {
    if (!('request' in read)) return;
    const { id } = await create.mutateAsync(read.request);
    router.push(`/training/${id}`);
  };
  const failure = create.error ?? price.error;
  return (
    <Stack gap={24}>
      <header className={classes.header}>
        <h1>New training</h1>
        <p>
          A student learns its teacher’s hidden states, scores and logits with functions that are
          cheap in secure computation. A search finds which attention heads need softmax’s
          substitute and which may only scale.
        </p>
      </header>
      <SegmentedControl
        aria-label="What to train"
        value={draft.kind}
        onChange={(kind) => {
          if (isKind(kind)) change(firstDrafts[kind]);
        }}
        data={[
          { value: 'distillation', label: 'Distill a student' },
          { value: 'attention-search', label: 'Search attention' },
        ]}
      />
      {draft.kind === 'distillation' ? (
        <DistillFields draft={draft} errors={errors} onChange={change} />
      ) : (
        <SearchFields draft={draft} errors={errors} onChange={change} />
      )}
      <Panel
        title="Price"
        note="A few steps are timed on this machine, as busy as it is now; that takes up to a minute or two."
      >
        {price.data !== undefined && <PriceTable price={price.data} />}
        <div className={classes.actions} style={{ marginTop: 12 }}>
          <Button
            variant="default"
            loading={price.isPending}
            disabled={!('request' in read)}
            onClick={() => {
              if ('request' in read) price.mutate(read.request);
            }}
          >
            Take the price
          </Button>
          <Button
            loading={create.isPending}
            disabled={!('request' in read) || price.isPending}
            onClick={() => void start().catch(() => {})}
          >
            {price.data === undefined
              ? 'Queue, price when it starts'
              : `Queue, about ${formatDuration(1000 * price.data.totalSeconds)}`}
          </Button>
        </div>
        {failure !== null && <Notice tone="bad">{failure.message}</Notice>}
      </Panel>
    </Stack>
  );
}
