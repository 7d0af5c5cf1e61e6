'use client';
/** The selected runs next to each other below the table, for a look without leaving the list. */
import { Button } from '@mantine/core';
import { plural } from '../../server/api/schemas/format.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import { Panel, Stack } from '../_components/panel.tsx';
import { Notice } from '../_components/states.tsx';
import { useResultRows } from '../_lib/api-results.ts';
import { distinctNames } from '../_lib/describe-spec.ts';
import { Comparison } from '../compare/comparison.tsx';

/** More do not fit into one picture here; the comparison page takes any number. */
export const mostHere = 12;

export default function SelectedComparison({
  selected,
  onClose,
}: {
  readonly selected: readonly string[];
  readonly onClose: () => void;
}) {
  const here = selected.slice(0, mostHere);
  const { rows, waiting } = useResultRows([here]);
  const found = here.flatMap((id) => rows.get(id) ?? []);
  const missing = waiting ? 0 : here.length - found.length;
  const finished = found.filter((run) => run.headline !== null);
  const names = distinctNames(finished.map((run) => run.spec));
  const named: readonly NamedRun[] = finished.map((run, index) => ({
    run,
    name: names[index] ?? run.id,
  }));
  const more = selected.length - here.length;
  return (
    <Panel
      title="Comparison"
      note={
        named.length < 2
          ? waiting
            ? 'Reading the runs.'
            : 'Select two or more finished runs.'
          : `${plural(named.length, 'run')}, in the order of selection.`
      }
      aside={
        <Button variant="default" size="xs" onClick={onClose}>
          Close
        </Button>
      }
    >
      <Stack gap={14}>
        {more > 0 && (
          <Notice>
            The first {mostHere} of {plural(selected.length, 'run')}; Compare shows all of them.
          </Notice>
        )}
        {missing > 0 && <Notice>Not stored here: {plural(missing, 'selected run')}.</Notice>}
        {finished.length < found.length && (
          <Notice>
            Left out, without a result: {plural(found.length - finished.length, 'selected run')}.
          </Notice>
        )}
        {named.length >= 2 && <Comparison runs={named} />}
      </Stack>
    </Panel>
  );
}
