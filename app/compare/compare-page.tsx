'use client';
/** The comparison page: the set of runs at the left, what they say at the right. */
import { lazy, Suspense, useMemo } from 'react';
import { defaultChart } from '../../server/api/schemas/compare-chart.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import { plural } from '../../server/api/schemas/format.ts';
import { comparedNames } from '../../server/api/schemas/spec-settings.ts';
import { Empty, Failure, Notice, Waiting } from '../_components/states.tsx';
import { useComparedRuns } from '../_lib/api-compare.ts';
import classes from './compare.module.css';
import { Comparison } from './comparison.tsx';
import { ExportComparison } from './export-comparison.tsx';
import { RunRail } from './run-rail.tsx';
import { ShareComparison } from './share-comparison.tsx';
import { useCompareState } from './use-compare-state.ts';

const CrossoverPanel = lazy(async () => ({
  default: (await import('../_replay/crossover-panel.tsx')).CrossoverPanel,
}));

export function ComparePage() {
  const [state, change] = useCompareState();
  const asked =
    state.runs.length > 0 ? { ids: [...state.runs] } : state.q === null ? null : { q: state.q };
  const answer = useComparedRuns(asked);
  const { data } = answer;
  const all: readonly NamedRun[] = useMemo(() => {
    const runs = asked === null ? [] : (data?.runs ?? []);
    const names = comparedNames(runs.map(({ spec }) => spec));
    return runs.map((run, index) => ({ run, name: names[index] ?? run.id }));
    // `asked` is a new object in every pass; whether there is one is what matters.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [data, asked === null]);
  const shown = useMemo(
    () => all.filter(({ run }) => !state.hidden.includes(run.id)),
    [all, state.hidden],
  );
  const base = shown.some(({ run }) => run.id === state.base)
    ? state.base
    : (shown[0]?.run.id ?? null);
  const missing = asked === null ? [] : (data?.missing ?? []);

  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div>
          <h1>Compare</h1>
          <p className={classes.soft}>
            {state.q !== null && state.runs.length === 0
              ? `${plural(all.length, 'run')} that ${state.q === '' ? 'are stored' : `fit ${state.q}`}.`
              : `${plural(all.length, 'run')}${state.hidden.length > 0 ? `, ${all.length - shown.length} hidden` : ''}.`}
          </p>
        </div>
        {shown.length > 0 && (
          <div className={classes.actions}>
            <ExportComparison state={{ ...state, base }} />
            <ShareComparison
              ids={shown.map(({ run }) => run.id)}
              base={base}
              units={state.units}
              chart={state.chart ?? defaultChart}
            />
          </div>
        )}
      </header>
      <RunRail
        runs={all}
        awaited={state.runs.length}
        base={base}
        hidden={state.hidden}
        onRuns={(runs) => change({ runs, q: null })}
        onHidden={(hidden) => change({ hidden })}
        onBase={(id) => change({ base: id })}
      />
      <div className={classes.main}>
        {missing.length > 0 && (
          <Notice>
            Not stored here: {missing.slice(0, 10).join(', ')}
            {missing.length > 10 && ` and ${missing.length - 10} more`}.
          </Notice>
        )}
        {asked !== null && answer.waiting ? (
          <Waiting what="the runs" height={640} />
        ) : answer.error !== null ? (
          <Failure title="The runs cannot be read" reason={answer.error} retry={answer.retry} />
        ) : shown.length === 0 ? (
          <Empty
            title="Nothing to compare yet"
            action={{ href: '/results', word: 'Choose among the results' }}
          >
            Add runs by search at the left, or select two or more in the results. Their accuracy,
            latency, bytes and rounds will stand next to each other here.
          </Empty>
        ) : (
          <>
            <Comparison
              runs={shown}
              base={base}
              units={state.units}
              onUnits={(units) => change({ units })}
              chart={state.chart ?? defaultChart}
              onChart={(chart) => change({ chart })}
              onOnly={(ids) =>
                change({
                  hidden: all.flatMap(({ run }) => (ids.includes(run.id) ? [] : [run.id])),
                })
              }
            />
            <ByNetwork runs={shown} />
          </>
        )}
      </div>
    </div>
  );
}

/** For exactly two finished runs: which of them wins on which network. */
function ByNetwork({ runs }: { runs: readonly NamedRun[] }) {
  const [first, second, ...more] = runs.filter(({ run }) => run.headline !== null);
  if (first === undefined || second === undefined || more.length > 0) return null;
  return (
    <Suspense fallback={<Waiting what="the recordings" height={420} />}>
      <CrossoverPanel
        first={{ id: first.run.id, name: first.name }}
        second={{ id: second.run.id, name: second.name }}
      />
    </Suspense>
  );
}
