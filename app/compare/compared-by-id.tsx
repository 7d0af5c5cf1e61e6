'use client';
/** A comparison of runs that a page knows by id and by the names that it calls them. */
import { Failure, Waiting } from '../_components/states.tsx';
import { useComparedRuns } from '../_lib/api-compare.ts';
import { Comparison } from './comparison.tsx';

export default function ComparedById({
  runs,
}: {
  readonly runs: readonly { readonly id: string; readonly name: string }[];
}) {
  const { data, error, retry } = useComparedRuns({ ids: runs.map(({ id }) => id) });
  if (error !== null) {
    return <Failure title="The runs cannot be read" reason={error} retry={retry} />;
  }
  if (data === undefined) return <Waiting what="the comparison" height={480} />;
  const found = runs.flatMap(({ id, name }) => {
    const run = data.runs.find((one) => one.id === id);
    return run === undefined ? [] : [{ name, run }];
  });
  return <Comparison runs={found} />;
}
