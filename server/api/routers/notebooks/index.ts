/** Procedures of the notebooks. */
import { router } from '../../trpc.ts';
import { answer } from './answer.ts';
import { create } from './create.ts';
import { fork } from './fork.ts';
import { get } from './get.ts';
import { keepResults } from './keep-results.ts';
import { list } from './list.ts';
import { missing } from './missing-runs.ts';
import { publish } from './publish.ts';
import { publishLiveOf } from './publish-live.ts';
import { record, unrecorded } from './recordings.ts';
import { render } from './render.ts';
import { remove, undelete } from './remove.ts';
import { runMissing } from './run-missing.ts';
import { save } from './save.ts';
import { keepVersion, restoreVersionOf, version, versions } from './versions.ts';

export const notebooksRouter = router({
  list,
  get,
  create,
  save,
  fork,
  remove,
  undelete,
  versions,
  version,
  keepVersion,
  restoreVersion: restoreVersionOf,
  answer,
  render,
  publish,
  publishLive: publishLiveOf,
  runMissing,
  missingRuns: missing,
  keepResults,
  unrecorded,
  record,
});
