/** What a role's channel is opened with. */
import { expect, test, vi } from 'vitest';
import type { Peer } from '../../server/engine/channel.ts';
import { listenTcp } from '../../server/network/tcp-channel.ts';
import { openEndpoint } from '../../server/runs/role-main.ts';
import { fakeLaunch } from '../support/launch-options.ts';

vi.mock(import('../../server/network/tcp-channel.ts'), async (original) => ({
  ...(await original()),
  listenTcp: vi.fn<typeof listenTcp>(),
}));

test('silence is a fault between parties, and not to the owner, who hears nothing for long', async () => {
  const { signal } = new AbortController();
  const { session } = await fakeLaunch('good', '', signal);
  const task = { ...session, sessionId: new Uint8Array(8), authKey: new Uint8Array(32) };
  const limitOf = async (self: Peer) => {
    await openEndpoint(self, task, signal);
    return vi.mocked(listenTcp).mock.lastCall?.[0].receiveTimeoutMs;
  };
  expect(await limitOf(0)).toBe(300_000);
  expect(await limitOf('owner')).toBe(24 * 60 * 60 * 1000);
});
