'use client';
/** The runs behind a table, side by side, as the Compare page shows them. */
import { comparedNames } from '../../server/api/schemas/spec-settings.ts';
import { plural } from '../../server/api/schemas/format.ts';
import { Failure, Notice, Waiting } from '../_components/states.tsx';
import { useComparedRuns } from '../_lib/api-compare.ts';
import { Comparison } from '../compare/comparison.tsx';

/** More side by side are no comparison any more; the Compare page takes them. */
const mostShown = 30;

export default function CompareOutput({ ids }: { readonly ids: readonly string[] }) {
  const shown = ids.slice(0, mostShown);
  const compared = useComparedRuns({ ids: [...shown] });
  if (compared.data === undefined) {
    return compared.error === null ? (
      <Waiting what="the runs" height={300} />
    ) : (
      <Failure title="The runs cannot be read" reason={compared.error} retry={compared.retry} />
    );
  }
  const { runs, missing } = compared.data;
  const names = comparedNames(runs.map(({ spec }) => spec));
  return (
    <>
      {missing.length > 0 && (
        <Notice>{plural(missing.length, 'run')} of the table no longer exist here.</Notice>
      )}
      {ids.length > mostShown && (
        <Notice tone="info">
          The first {mostShown} of {ids.length} runs.
        </Notice>
      )}
      <Comparison runs={runs.map((run, index) => ({ run, name: names[index] ?? run.id }))} />
    </>
  );
}
