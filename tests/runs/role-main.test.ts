/** What a role's channel is opened with. */
import { expect, test, vi } from 'vitest';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Peer } from '../../server/engine/channel.ts';
import { listenTcp } from '../../server/network/tcp-channel.ts';
import { defaultLimits } from '../../server/runs/launch-types.ts';
import { openEndpoint } from '../../server/runs/role-main.ts';
import { fakeLaunch } from '../support/launch-options.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

vi.mock(import('../../server/network/tcp-channel.ts'), async (original) => ({
  ...(await original()),
  listenTcp: vi.fn<typeof listenTcp>(),
}));

test('who is connected to whom, on which terms, and for whom silence is a fault', async () => {
  const { signal } = new AbortController();
  const opened = async (self: Peer, spec: RunSpec) => {
    const { session } = await fakeLaunch('good', '', signal, spec);
    const task = { ...session, sessionId: new Uint8Array(8), authKey: new Uint8Array(32) };
    await openEndpoint(self, task, signal);
    const options = vi.mocked(listenTcp).mock.lastCall?.[0];
    if (options === undefined) throw new Error('nothing was opened');
    return options;
  };
  const day = 24 * 60 * 60 * 1000;
  const limitOf = async (self: Peer, peer: Peer, spec: RunSpec) => {
    const { receiveTimeoutMs } = await opened(self, spec);
    return typeof receiveTimeoutMs === 'function' ? receiveTimeoutMs(peer) : receiveTimeoutMs;
  };
  expect(await limitOf(0, 1, smallSpec)).toBe(270_000);
  expect(await limitOf('owner', 0, smallSpec)).toBe(day);
  // Whoever waits for the dealer says so before the worker, who only knows that nobody speaks.
  expect(await limitOf(0, 'dealer', smallAdditiveSpec)).toBe(270_000);
  expect(defaultLimits.silenceMs).toBeGreaterThan(270_000);
  // While it prepares an inference, parties hear nothing from each other, and it nothing from them.
  expect(await limitOf(1, 0, smallAdditiveSpec)).toBe(day);
  expect(await limitOf('dealer', 0, smallAdditiveSpec)).toBe(day);

  // Whom each role is connected to: the dealer never to the owner.
  expect((await opened(2, smallSpec)).peers).toEqual([0, 1, 'owner']);
  expect((await opened(0, smallAdditiveSpec)).peers).toEqual([1, 'dealer', 'owner']);
  expect((await opened('dealer', smallAdditiveSpec)).peers).toEqual([0, 1]);
  expect((await opened('owner', smallAdditiveSpec)).peers).toEqual([0, 1]);

  // What they must have been given alike follows from plan, batches and seed.
  const hashOf = async (spec: RunSpec) => (await opened(0, spec)).terms?.planHash;
  const hash = await hashOf(smallSpec);
  expect(hash).toHaveLength(32);
  expect(await hashOf({ ...smallSpec })).toEqual(hash);
  expect(await hashOf({ ...smallSpec, sequenceLength: 9 })).not.toEqual(hash);
  expect(await hashOf({ ...smallSpec, dataset: { ...smallSpec.dataset, samples: 3 } })).not.toEqual(
    hash,
  );
  expect(await hashOf(smallAdditiveSpec)).not.toEqual(hash);
});
