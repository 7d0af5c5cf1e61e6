/** Which runs Home shows: those of this installation first, shipped ones only in their place, and marked. */
import { expect, test } from 'vitest';
import { exemplary, presetRuns } from '../../app/_home/preset-runs.ts';
import { catalog, doneRun, quadRun, summaryOf } from '../support/fixtures.ts';

const here = summaryOf(doneRun);
const shipped = { ...here, id: 'r_shipped', shipped: true };

test('a run of this installation goes before a shipped one, however new that is', () => {
  expect(exemplary(catalog, [shipped, here])?.id).toBe(here.id);
  expect(exemplary(catalog, [shipped, summaryOf(quadRun)])?.id).toBe(shipped.id);
});

test('a shipped run stands in where nothing was run, under a name that says so', () => {
  const names = presetRuns(catalog, [shipped, summaryOf(quadRun)]).map(({ name }) => name);
  expect(names).toContain('PUMA (shipped)');
  expect(presetRuns(catalog, [shipped, here]).map(({ run }) => run.id)).toEqual([here.id]);
});
