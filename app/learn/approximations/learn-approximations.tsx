'use client';
/** Learn > Approximations: everything that can stand in for a non-linear function, on one card each. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ApproximationEntry } from '../../../server/api/routers/learn/approximations.ts';
import { plural } from '../../../server/api/schemas/format.ts';
import { Panel, Stack } from '../../_components/panel.tsx';
import { Failure, Waiting } from '../../_components/states.tsx';
import { useApproximations } from '../../_lib/api-learn.ts';
import classes from '../protocols/learn.module.css';
import { ApproximationCard } from './approximation-card.tsx';
import { OverviewTable } from './overview-table.tsx';

const kinds: Readonly<Record<ApproximationEntry['kind'], string>> = {
  gelu: 'GeLU',
  silu: 'SiLU',
  softmax: 'Softmax',
  head: 'Heads of MPCViT',
  layernorm: 'LayerNorm',
};

export function LearnApproximations() {
  const answer = useApproximations();
  return (
    <Stack gap={28}>
      <header className={classes.header}>
        <h1>Approximations</h1>
        <p>
          GeLU, SiLU, softmax and LayerNorm are dear in secure computation, so something stands in
          for them. Some stand-ins are close enough for any model; others are other functions, and
          models have to be trained with them. Each with its formula, its error and its cost.
        </p>
      </header>
      {answer.data !== undefined ? (
        <Gallery entries={answer.data} />
      ) : answer.error !== null ? (
        <Failure
          title="The approximations cannot be read"
          reason={answer.error}
          retry={answer.retry}
        />
      ) : (
        <Waiting what="the approximations" height={900} />
      )}
    </Stack>
  );
}

function Gallery({ entries }: { entries: readonly ApproximationEntry[] }) {
  const [kind, setKind] = useState<ApproximationEntry['kind']>('gelu');
  const shown = entries.filter((entry) => entry.kind === kind);
  const [chosen, setChosen] = useState<string | null>(null);
  const entry = shown.find(({ key }) => key === chosen) ?? shown[0];
  return (
    <>
      <div className={classes.filters}>
        <NativeSelect
          label="Stands in for"
          data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
          value={kind}
          onChange={({ currentTarget }) =>
            setKind(currentTarget.value as ApproximationEntry['kind'])
          }
        />
        <NativeSelect
          label="Approximation"
          data={shown.map(({ key, title }) => ({ value: key, label: title }))}
          value={entry?.key ?? ''}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        />
        <output className={classes.count}>{plural(shown.length, 'approximation')}</output>
      </div>
      {entry !== undefined && <ApproximationCard key={entry.key} entry={entry} />}
      <Panel
        title={`All for ${kinds[kind]}`}
        note="Errors are against the exact function, inside of the domain, also where models have to be trained with the stand-in. Of softmax the mean is over sizes of scores, of the largest error at each. Where a source states no domain, it is the range that was tested."
      >
        <OverviewTable entries={shown} />
      </Panel>
    </>
  );
}
