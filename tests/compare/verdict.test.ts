/** What a comparison says in words: only what its numbers carry. */
import { describe, expect, test } from 'vitest';
import { defaultUnits } from '../../server/api/schemas/compare-units.ts';
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import { verdictOf } from '../../server/api/schemas/compare-verdict.ts';
import type { ComparedRun } from '../../server/api/schemas/compare-run.ts';
import {
  cryptenSpec,
  dealtRun,
  doneRun,
  exactRun,
  pumaSpec,
  quadRun,
  shapeRun,
} from '../support/fixtures.ts';
import { compared, headlineOf, named } from './fixtures.ts';

const say = (...runs: readonly ComparedRun[]) => verdictOf(named(...runs), 0, defaultUnits);
const text = (...runs: readonly ComparedRun[]): string => say(...runs).sentences.join(' ');
const kinds = (...runs: readonly ComparedRun[]): readonly string[] =>
  say(...runs).mismatches.map(({ kind }) => kind);

const puma = compared(doneRun);
const quad = compared(quadRun);

/** The same run with its online time per sample scaled and n inferences. */
function timed(run: ComparedRun, factor: number, n: number): ComparedRun {
  const headline = headlineOf(run);
  const { median, low, high, min, max } = headline.onlineMsPerSample;
  const few = n < 6;
  const onlineMsPerSample = {
    n,
    median: median * factor,
    low: few || low === null ? null : low * factor,
    high: few || high === null ? null : high * factor,
    min: min * factor,
    max: max * factor,
  };
  const onlineMs = { ...headline.onlineMs, n };
  return {
    ...run,
    id: `${run.id}-${factor}`,
    headline: { ...headline, onlineMs, onlineMsPerSample },
  };
}

describe('latency', () => {
  test('parted intervals on one machine are an order, with ratio and intervals', () => {
    const said = text(puma, quad);
    expect(said).toMatch(/^Quad \+ 2Quad is faster, ×0\.\d+ of PUMA: /);
    expect(said).toMatch(/PUMA 1\.55\ss \(n = 8, 95\s% interval 1\.52\ss to 1\.63\ss\)/);
  });

  test('overlapping intervals are a tie', () => {
    const said = text(puma, timed(puma, 1.01, 8));
    expect(said).toContain('a tie, 95 % intervals overlap');
    expect(said).not.toContain('is faster');
  });

  test('fewer than six inferences have no interval, and no order', () => {
    const said = text(puma, timed(puma, 3, 5));
    expect(said).toContain('Too few inferences for an interval, so no order is claimed');
    expect(said).not.toContain('faster');
  });

  test('never "faster" across machines, unknown machines, networks, tasks or links not met', () => {
    const slow = timed(puma, 3, 8);
    const spoiled: readonly ComparedRun[] = [
      { ...slow, machine: 'Apple M4, 10 cores' },
      { ...slow, machine: null },
      { ...slow, linkVerdict: 'not met' },
      { ...slow, shipped: true },
      { ...slow, spec: { ...pumaSpec, network: { ...pumaSpec.network, name: 'wan', rttMs: 40 } } },
      { ...slow, spec: { ...pumaSpec, sequenceLength: 32 } },
      // Two samples do not fill a batch of four.
      { ...slow, spec: { ...pumaSpec, dataset: { ...pumaSpec.dataset, samples: 2 } } },
    ];
    expect(text(puma, slow)).toContain('is faster');
    for (const other of spoiled) {
      expect(text(puma, other)).not.toContain('faster');
      expect(text(puma, other)).toContain('No order is claimed');
    }
    const nobody = { ...slow, machine: null };
    expect(text({ ...puma, machine: null }, nobody)).not.toContain('faster');
  });

  test('of three, the best is the fastest of three and not only faster', () => {
    const said = say(puma, timed(puma, 0.5, 8), timed(puma, 3, 8)).sentences[0] ?? '';
    expect(said).toMatch(/ is the fastest of 3, ×0\.50\d* of PUMA/);
    expect(said).not.toContain('is faster');
  });

  test('several first places are named together', () => {
    const [a, b] = [timed(quad, 1.001, 8), timed(quad, 1.002, 8)];
    const said = say(puma, a, b).sentences[0] ?? '';
    expect(said).toMatch(/2 runs share the first place, .*intervals overlap, ×0\.\d+ of PUMA/);
  });
});

describe('what is exact and what is sampled', () => {
  test('accuracies of 16 reviews tie; bytes and rounds need no interval', () => {
    const said = text(puma, quad);
    expect(said).toContain('Secure accuracy: a tie, 95 % intervals overlap');
    expect(said).toMatch(/Quad \+ 2Quad sends least, ×0\.\d+ of PUMA/);
    expect(said).toMatch(/needs fewest rounds, ×0\.65\d* of PUMA: PUMA 742; Quad \+ 2Quad 486\./);
  });

  test('bytes say of which phase they are, and what a dealer sent is not left out in silence', () => {
    const dealt = compared(dealtRun);
    const said = text(puma, dealt);
    expect(text(puma, quad)).toContain('(sent per party (max), online, per sample).');
    expect(said).toMatch(/Not in these online numbers, .* [\d.]+\sMB sent by the dealer\./);
    expect(text(puma, quad)).not.toContain('by the dealer');
    const both = verdictOf(named(puma, dealt), 0, { ...defaultUnits, phase: 'both' });
    expect(both.sentences.join(' ')).not.toContain('Not in these');
  });

  test('other samples rule out accuracies, not costs', () => {
    const dataset = { ...quad.spec.dataset, samples: 4 };
    const few = { ...quad, spec: { ...quad.spec, dataset } };
    const [first] = say(puma, few).mismatches;
    expect(first?.text).toBe(
      'These runs also differ in reviews: their accuracies do not compare one to one. Times and bytes per sample do.',
    );
    expect(text(puma, few)).toMatch(/is faster/);
    expect(text(puma, few)).toContain('No order is claimed: the samples differ.');
  });

  test('imported numbers stand beside measured ones, without any order', () => {
    const figures = { acc: 0.9, latency: 100, rounds: 10, total: 900 };
    const other: ComparedRun = { ...quad, headline: null, provenance: 'imported', figures };
    const { sentences, mismatches } = say(puma, other);
    expect(mismatches.map(({ kind }) => kind)).toEqual(['origin', 'imported']);
    expect(sentences[0]).toMatch(/100\sms \(imported, as its file says\)\. No order is claimed/);
    expect(sentences.join(' ')).not.toMatch(/fewest|faster|accurate\b/);
    const metric = (id: string) => metricById(metricsOf(defaultUnits), id).of(other);
    expect(metric('rounds')?.value).toBe(10);
    // The file has no bytes, and none are made up from the rounds.
    expect(metric('bytes')).toBeNull();
    const perToken = metricsOf({ ...defaultUnits, per: 'token' });
    expect(metricById(perToken, 'time').of(other)?.value).toBe(100 / quad.spec.sequenceLength);
  });

  test('a run without a result says nothing', () => {
    const waits = { ...quad, headline: null, state: 'queued' as const };
    expect(text(puma, waits)).not.toContain('Quad');
    expect(say(waits).sentences).toEqual([]);
  });
});

describe('mismatches', () => {
  test('none among runs that differ in their functions alone', () => {
    expect(kinds(puma, quad, compared(exactRun))).toEqual([]);
  });

  test('each has its own warning', () => {
    expect(kinds(puma, { ...quad, machine: 'other' })).toEqual(['machine']);
    expect(kinds(puma, { ...quad, commit: 'def' })).toEqual(['commit']);
    expect(kinds(puma, { ...quad, linkVerdict: 'not met' })).toEqual(['link']);
    expect(kinds(puma, { ...quad, provenance: 'imported' })).toEqual(['origin']);
    expect(kinds(puma, timed(puma, 2, 1))).toEqual(['single']);
    const wan = { ...pumaSpec.network, name: 'wan', rttMs: 40 };
    expect(kinds(puma, { ...quad, spec: { ...quad.spec, network: wan } })).toEqual(['network']);
    const four = { ...pumaSpec.dataset, samples: 4 };
    expect(kinds(puma, { ...quad, spec: { ...quad.spec, dataset: four } })).toEqual(['samples']);
    expect(kinds(puma, compared(shapeRun))).toEqual(expect.arrayContaining(['work', 'random']));
  });

  test('protocols compared under other functions, and privacy given up', () => {
    const protocol = { ...cryptenSpec.protocol, correlations: 'insecureFirstParty' as const };
    const other = compared({ ...dealtRun, spec: { ...cryptenSpec, protocol } });
    expect(kinds(compared(exactRun), other)).toEqual(['privacy', 'mixed']);
    expect(kinds(puma, compared({ ...dealtRun, spec: cryptenSpec }))).toEqual([]);
  });
});

describe('a custom variant', () => {
  const custom = compared({
    ...doneRun,
    id: 'custom',
    spec: { ...pumaSpec, protocol: { ...pumaSpec.protocol, truncation: 'fused' } },
  });

  test('is named, whatever it is compared with', () => {
    expect(kinds(puma, custom)).toContain('custom');
    const [said] = say(puma, custom).mismatches.filter(({ kind }) => kind === 'custom');
    expect(said?.text).toMatch(
      /^Custom variant in PUMA.*replicated\/aby3 with fused truncation\. No published system/,
    );
    expect(kinds(puma, quad)).not.toContain('custom');
  });
});
