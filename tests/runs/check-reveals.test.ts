/** What a run may reveal: the output of each inference, once, to the owner; all else fails it. */
import { elementCount } from '../../server/engine/ring/tensor.ts';
import { expect, test } from 'vitest';
import type { PartyTrace, RevealRecord } from '../../server/engine/trace.ts';
import { checkReveals } from '../../server/runs/check-reveals.ts';
import type { RoleResult } from '../../server/runs/launch-types.ts';

const output: RevealRecord = {
  path: 'reveal',
  to: 'owner',
  reason: 'output of the model, for the owner of the input',
  shape: [2, 3],
};

/** Reveals of the setup, then of each inference. */
function booked(role: RoleResult['role'], ...reveals: readonly RevealRecord[][]): RoleResult {
  const zero = { setup: 0, offline: 0, online: 0 };
  const traces = reveals.map((own): PartyTrace => ({
    party: role,
    rows: [],
    reveals: own,
    rounds: zero,
    bytesSent: zero,
    bytesSentToOwner: 8 * own.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    offlineMs: 0,
    startedAtMs: 0,
    endedAtMs: 1,
    cpuMs: 0,
    peakRssBytes: 0,
  }));
  return { role, traces, counters: [] };
}

const good = [booked(0, [], [output]), booked(1, [], [output]), booked('dealer', [], [])];
const shapes = [[2, 3]];

test('one output per inference is allowed', () => {
  expect(() => checkReveals(good, shapes, 8)).not.toThrow();
});

test.each<[string, RoleResult, RegExp]>([
  [
    'another place',
    booked(1, [], [output, { ...output, path: 'layer0.attention', reason: 'debugging' }]),
    /^Party 1 revealed \[2, 3\] at "layer0\.attention" to the owner \("debugging"\) in inference 0, which the spec does not allow\./,
  ],
  ['another receiver', booked(1, [], [{ ...output, to: 'all' }]), /^Party 1 revealed .* to all/],
  ['a party', booked(1, [], [{ ...output, to: 0 }]), /^Party 1 revealed .* to 0/],
  ['another shape', booked(1, [], [{ ...output, shape: [3, 2] }]), /^Party 1 revealed \[3, 2\]/],
  [
    'more values',
    booked(1, [], [{ ...output, shape: [2, 3, 1] }]),
    /^Party 1 revealed \[2, 3, 1\]/,
  ],
  ['the output twice', booked(1, [], [output, output]), /^Party 1 booked 2 reveals of the output/],
  ['no output', booked(1, [], []), /^Party 1 booked 0 reveals of the output in inference 0/],
  ['a weight', booked(1, [output], [output]), /^Party 1 revealed .* while the weights were shared/],
  [
    'an inference that was not asked for',
    booked(1, [], [output], [output]),
    /^Party 1 revealed .* in inference 1/,
  ],
  ['by the dealer', booked('dealer', [], [output]), /^The dealer revealed \[2, 3\]/],
])('%s is not', (_, role, message) => {
  const others = good.filter((other) => other.role !== role.role);
  expect(() => checkReveals([...others, role], shapes, 8)).toThrow(
    expect.objectContaining({ name: 'RunError', kind: 'revealed' }) as Error,
  );
  expect(() => checkReveals([...others, role], shapes, 8)).toThrow(message);
});

test('what was sent to the owner beside the reveals is found, too', () => {
  const [party, ...others] = good;
  if (party === undefined) throw new Error('no party');
  const traces = party.traces.map((trace) => ({
    ...trace,
    bytesSentToOwner: trace.bytesSentToOwner + 1024,
  }));
  expect(() => checkReveals([{ ...party, traces }, ...others], shapes, 8)).toThrow(
    /^Party 0 sent the owner 1024 bytes while the weights were shared, of which it booked 0/,
  );
});
