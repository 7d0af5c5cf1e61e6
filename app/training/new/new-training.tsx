'use client';
/** "Distill a student" and "Search attention": a form each, with the price before anything starts. */
import { Button, SegmentedControl } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { formatDuration } from '../../../server/api/schemas/format.ts';
import type { TrainingRequest } from '../../../server/api/schemas/training.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Notice } from '../../_components/states.tsx';
import { useCreateTraining, usePriceTraining } from '../../_lib/api-training.ts';
import { PriceTable } from '../price-table.tsx';
import classes from '../training.module.css';
import { firstDrafts, type TrainingDraft } from './draft.ts';
import { DistillFields, SearchFields } from './fields.tsx';
import type { ReadDraft } from './read-draft.ts';

const isKind = (value: string): value is TrainingRequest['kind'] => value in firstDrafts;

type Read = (draft: TrainingDraft) => ReadDraft;

const loadRead = async (): Promise<Read> => (await import('./read-draft.ts')).readDraft;

const touches = ['pointerdown', 'keydown', 'focusin'] as const;

/** Null until the form is touched: the first drafts are right as they are, which a test checks. */
function useRead(): Read | null {
  const [read, setRead] = useState<Read | null>(null);
  useEffect(() => {
    const load = (): void => void loadRead().then((found) => setRead(() => found));
    for (const touch of touches) window.addEventListener(touch, load, { once: true });
    return () => {
      for (const touch of touches) window.removeEventListener(touch, load);
    };
  }, []);
  return read;
}

export function NewTraining() {
  const router = useRouter();
  const [draft, setDraft] = useState(firstDrafts.distillation);
  const price = usePriceTraining();
  const create = useCreateTraining();
  const read = useRead()?.(draft) ?? null;
  const errors = read !== null && 'errors' in read ? read.errors : null;
  const change = (part: Partial<typeof draft>): void => {
    setDraft({ ...draft, ...part });
    // A price is of one recipe only.
    price.reset();
    create.reset();
  };
  const request = async (): Promise<TrainingRequest | null> => {
    const found = (await loadRead())(draft);
    return 'request' in found ? found.request : null;
  };
  const takePrice = async (): Promise<void> => {
    const asked = await request();
    if (asked !== null) price.mutate(asked);
  };
  const start = async (): Promise<void> => {
    const asked = await request();
    if (asked === null) return;
    const { id } = await create.mutateAsync(asked);
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
        <DistillFields draft={draft} errors={errors ?? {}} onChange={change} />
      ) : (
        <SearchFields draft={draft} errors={errors ?? {}} onChange={change} />
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
            disabled={errors !== null}
            onClick={() => void takePrice()}
          >
            Take the price
          </Button>
          <Button
            loading={create.isPending}
            disabled={errors !== null || price.isPending}
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
