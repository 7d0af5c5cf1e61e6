/** The index of all procedures. The browser imports its type only. */
import type { AnyProcedure } from '@trpc/server';
import { accountsRouter } from './routers/accounts/index.ts';
import { getCatalog } from './routers/catalog/get.ts';
import { profiles as compareProfiles } from './routers/compare/profiles.ts';
import { runs as compareRuns } from './routers/compare/runs.ts';
import { approximations } from './routers/learn/approximations.ts';
import { calibration, calibrationInOrder } from './routers/learn/calibration.ts';
import { models } from './routers/learn/models.ts';
import { operations } from './routers/learn/operations.ts';
import { protocols } from './routers/learn/protocols.ts';
import { backends as networkBackends } from './routers/networks/backends.ts';
import { list as listNetworks } from './routers/networks/list.ts';
import { remove as removeNetwork } from './routers/networks/remove.ts';
import { save as saveNetwork } from './routers/networks/save.ts';
import { notebooksRouter } from './routers/notebooks/index.ts';
import { papersRouter } from './routers/papers/index.ts';
import { create as createPermalink } from './routers/permalinks/create.ts';
import { get as getPermalink } from './routers/permalinks/get.ts';
import { newer } from './routers/permalinks/newer.ts';
import { list as listPermalinks } from './routers/permalinks/list.ts';
import { publishComparison } from './routers/permalinks/publish-comparison.ts';
import { address as permalinkAddress, published } from './routers/permalinks/published.ts';
import { revoke as revokePermalink } from './routers/permalinks/revoke.ts';
import { annotate } from './routers/results/annotate.ts';
import { constants } from './routers/results/constants.ts';
import { ids } from './routers/results/ids.ts';
import { importFile } from './routers/results/import.ts';
import { list as listResults } from './routers/results/list.ts';
import { restore } from './routers/results/restore.ts';
import { rows } from './routers/results/rows.ts';
import { values } from './routers/results/values.ts';
import { withoutEach } from './routers/results/without-each.ts';
import { artifact } from './routers/runs/artifact.ts';
import { cancel } from './routers/runs/cancel.ts';
import { certificate } from './routers/runs/certificate.ts';
import { citedBy } from './routers/runs/cited-by.ts';
import { create } from './routers/runs/create.ts';
import { createSweepOf } from './routers/runs/create-sweep.ts';
import { events } from './routers/runs/events.ts';
import { foretold } from './routers/runs/foretold.ts';
import { get } from './routers/runs/get.ts';
import { list } from './routers/runs/list.ts';
import { preview } from './routers/runs/preview.ts';
import { priceSweepOf } from './routers/runs/price-sweep.ts';
import { replay } from './routers/runs/replay.ts';
import { systemStatus } from './routers/system/status.ts';
import { setPriority } from './routers/runs/set-priority.ts';
import { cancel as cancelTraining } from './routers/training/cancel.ts';
import { create as createTraining } from './routers/training/create.ts';
import { follow as followTraining } from './routers/training/follow.ts';
import { get as getTraining } from './routers/training/get.ts';
import { list as listTrainings } from './routers/training/list.ts';
import { pareto } from './routers/training/pareto.ts';
import { price as priceTraining } from './routers/training/price.ts';
import { create as createView } from './routers/views/create.ts';
import { list as listViews } from './routers/views/list.ts';
import { remove as removeView } from './routers/views/remove.ts';
import { update as updateView } from './routers/views/update.ts';
import type { procedureNeeds } from './permissions.ts';
import { createCallerFactory, router } from './trpc.ts';

export const appRouter = router({
  accounts: accountsRouter,
  catalog: router({ get: getCatalog }),
  runs: router({
    preview,
    create,
    priceSweep: priceSweepOf,
    createSweep: createSweepOf,
    cancel,
    setPriority,
    get,
    list,
    events,
    artifact,
    certificate,
    replay,
    foretold,
    citedBy,
  }),
  networks: router({
    list: listNetworks,
    save: saveNetwork,
    remove: removeNetwork,
    backends: networkBackends,
  }),
  permalinks: router({
    create: createPermalink,
    get: getPermalink,
    list: listPermalinks,
    revoke: revokePermalink,
    publishComparison,
    newer,
    published,
    address: permalinkAddress,
  }),
  compare: router({ runs: compareRuns, profiles: compareProfiles }),
  results: router({
    list: listResults,
    ids,
    rows,
    withoutEach,
    constants,
    values,
    annotate,
    restore,
    importFile,
  }),
  views: router({
    list: listViews,
    create: createView,
    update: updateView,
    remove: removeView,
  }),
  learn: router({
    protocols,
    operations,
    calibration,
    calibrationInOrder,
    approximations,
    models,
  }),
  papers: papersRouter,
  notebooks: notebooksRouter,
  training: router({
    list: listTrainings,
    get: getTraining,
    follow: followTraining,
    price: priceTraining,
    create: createTraining,
    cancel: cancelTraining,
    pareto,
  }),
  system: router({ status: systemStatus }),
});

export type AppRouter = typeof appRouter;

/** Names of all procedures, `runs.create`. */
type NamesIn<R> = {
  [K in keyof R & string]: R[K] extends AnyProcedure
    ? K
    : R[K] extends object
      ? `${K}.${NamesIn<R[K]>}`
      : never;
}[keyof R & string];
export type ProcedureName = NamesIn<AppRouter['_def']['record']>;

type Unruled = Exclude<ProcedureName, keyof typeof procedureNeeds>;
type Gone = Exclude<keyof typeof procedureNeeds, ProcedureName>;
/** Does not type where a procedure has no rule in permissions.ts, or a rule no procedure. */
export const everyProcedureHasARule: [Unruled, Gone] extends [never, never]
  ? true
  : { readonly unruled: Unruled; readonly gone: Gone } = true;

/** Calls procedures without HTTP: tests and server components. */
export const createCaller = createCallerFactory(appRouter);
