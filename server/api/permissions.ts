/**
 * What every procedure and every REST path asks of who comes. One table, so that it can be read at
 * once; root.ts does not type without a rule for each procedure, a test holds the REST paths to it, and
 * what has no rule is refused. Where there are no accounts the one person may do everything.
 */
import type { Need } from '../accounts/principal.ts';

export const procedureNeeds = {
  'accounts.me': 'public',
  'accounts.keys': 'self',
  'accounts.createKey': 'self',
  'accounts.revokeKey': 'self',
  'accounts.users': 'administer',
  'accounts.addUser': 'administer',
  'accounts.setRole': 'administer',
  'accounts.setDisabled': 'administer',
  'accounts.setPassword': 'administer',
  'accounts.quota': 'administer',
  'accounts.setQuota': 'administer',
  'accounts.audit': 'administer',

  'catalog.get': 'read',

  'runs.preview': 'read',
  'runs.create': 'run',
  'runs.priceSweep': 'read',
  'runs.createSweep': 'run',
  // Of others' runs: editors only (own-run.ts).
  'runs.cancel': 'run',
  // Of others' runs, and to the front: editors only (own-run.ts).
  'runs.setPriority': 'run',
  'runs.get': 'read',
  'runs.list': 'read',
  'runs.events': 'read',
  'runs.artifact': 'read',
  'runs.certificate': 'read',
  'runs.replay': 'read',
  'runs.foretold': 'read',
  'runs.citedBy': 'read',

  'networks.list': 'read',
  'networks.save': 'edit',
  'networks.remove': 'edit',
  'networks.backends': 'read',

  'permalinks.create': 'edit',
  // The slug is the key: 160 random bits that somebody published.
  'permalinks.get': 'public',
  'permalinks.list': 'read',
  'permalinks.revoke': 'edit',
  'permalinks.publishComparison': 'edit',
  'permalinks.newer': 'read',
  'permalinks.published': 'read',
  'permalinks.address': 'read',

  'compare.runs': 'read',
  'compare.profiles': 'read',

  'results.list': 'read',
  'results.ids': 'read',
  'results.rows': 'read',
  'results.withoutEach': 'read',
  'results.constants': 'read',
  'results.values': 'read',
  'results.annotate': 'edit',
  'results.restore': 'edit',
  'results.importFile': 'edit',

  'views.list': 'read',
  'views.create': 'edit',
  'views.update': 'edit',
  'views.remove': 'edit',

  'learn.protocols': 'read',
  'learn.operations': 'read',
  'learn.calibration': 'read',
  'learn.calibrationInOrder': 'read',
  'learn.approximations': 'read',
  'learn.models': 'read',

  'papers.list': 'read',
  'papers.get': 'read',
  'papers.cell': 'read',
  'papers.findings': 'read',
  'papers.price': 'read',
  'papers.queue': 'run',
  'papers.sideBySide': 'read',
  'papers.queueSide': 'run',

  'notebooks.list': 'read',
  'notebooks.get': 'read',
  'notebooks.create': 'edit',
  'notebooks.save': 'edit',
  'notebooks.fork': 'edit',
  'notebooks.remove': 'edit',
  'notebooks.undelete': 'edit',
  'notebooks.versions': 'read',
  'notebooks.version': 'read',
  'notebooks.keepVersion': 'edit',
  'notebooks.restoreVersion': 'edit',
  'notebooks.answer': 'read',
  'notebooks.publish': 'edit',
  'notebooks.publishLive': 'edit',
  'notebooks.runMissing': 'run',
  'notebooks.missingRuns': 'read',
  'notebooks.unrecorded': 'read',
  'notebooks.record': 'run',
  'notebooks.render': 'read',
  'notebooks.keepResults': 'edit',

  'training.list': 'read',
  'training.get': 'read',
  'training.follow': 'read',
  // It times steps in a process of its own.
  'training.price': 'run',
  'training.create': 'run',
  // Of others' trainings: editors only (own-run.ts).
  'training.cancel': 'run',
  'training.pareto': 'read',

  'system.status': 'read',
} as const satisfies Readonly<Record<string, Need>>;

/** Procedures that use up a quota: asked before anything is queued. */
export const spending: ReadonlySet<string> = new Set([
  'runs.create',
  'runs.createSweep',
  'papers.queue',
  'papers.queueSide',
  'notebooks.runMissing',
  'notebooks.record',
  'training.create',
]);

/** By operation id of /api/v1. */
export const restNeeds: Readonly<Record<string, Need>> = {
  listRuns: 'read',
  createRun: 'run',
  getRun: 'read',
  cancelRun: 'run',
  retryRun: 'run',
  setPriority: 'run',
  followRun: 'read',
  priceSweep: 'read',
  createSweep: 'run',
  resultsCsv: 'read',
  compareRuns: 'read',
  listPermalinks: 'read',
  publish: 'edit',
  readPermalink: 'public',
  revokePermalink: 'edit',
  listModels: 'read',
  listVariants: 'read',
  listNetworks: 'read',
  listPresets: 'read',
  predict: 'read',
  calibration: 'read',
  status: 'read',
};

export const restSpending: ReadonlySet<string> = new Set(['createRun', 'retryRun', 'createSweep']);

/** Where there is no rule nobody may: `administer` would open a forgotten door to some. */
export function needOf(path: string): Need | null {
  const table: Readonly<Record<string, Need>> = procedureNeeds;
  return table[path] ?? null;
}
