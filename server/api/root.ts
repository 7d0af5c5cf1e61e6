/** The index of all procedures. The browser imports its type only. */
import { getCatalog } from './routers/catalog/get.ts';
import { operations } from './routers/learn/operations.ts';
import { protocols } from './routers/learn/protocols.ts';
import { create as createPermalink } from './routers/permalinks/create.ts';
import { get as getPermalink } from './routers/permalinks/get.ts';
import { list as listPermalinks } from './routers/permalinks/list.ts';
import { revoke as revokePermalink } from './routers/permalinks/revoke.ts';
import { artifact } from './routers/runs/artifact.ts';
import { cancel } from './routers/runs/cancel.ts';
import { create } from './routers/runs/create.ts';
import { events } from './routers/runs/events.ts';
import { get } from './routers/runs/get.ts';
import { list } from './routers/runs/list.ts';
import { preview } from './routers/runs/preview.ts';
import { systemStatus } from './routers/system/status.ts';
import { createCallerFactory, router } from './trpc.ts';

export const appRouter = router({
  catalog: router({ get: getCatalog }),
  runs: router({ preview, create, cancel, get, list, events, artifact }),
  permalinks: router({
    create: createPermalink,
    get: getPermalink,
    list: listPermalinks,
    revoke: revokePermalink,
  }),
  learn: router({ protocols, operations }),
  system: router({ status: systemStatus }),
});

export type AppRouter = typeof appRouter;

/** Calls procedures without HTTP: tests and server components. */
export const createCaller = createCallerFactory(appRouter);
