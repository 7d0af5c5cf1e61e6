/** Who ends up with which key: pairs share one, nobody else has it, and it is bound to the pair. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Channel } from '../../server/engine/channel.ts';
import { agreeKeys, dealKeys, partyIds } from '../../server/engine/keys.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import type { Generators, Holder } from '../../server/engine/session.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';

const kernels = loadKernels();

async function agree(seed: string | null): Promise<Generators[]> {
  const channels = memoryChannels([0, 1, 2, 'owner']);
  dealKeys(channels[3]!, kernels, 3, seed);
  const all = await Promise.all(
    partyIds(3).map((party) => agreeKeys(channels[party]!, kernels, party, 3, seed)),
  );
  await Promise.all(channels.map((channel) => channel.close()));
  return all;
}

const draw = (generators: Generators, holder: Holder) =>
  Buffer.from(generators.get(holder)!.bytes(16)).toString('hex');

test.each([null, 'seed'])(
  'pairs draw the same, everything else is different (seed %s)',
  async (seed) => {
    const all = await agree(seed);
    const pairs = [
      [draw(all[0]!, 1), draw(all[1]!, 0)],
      [draw(all[1]!, 2), draw(all[2]!, 1)],
      [draw(all[0]!, 2), draw(all[2]!, 0)],
      // Component j of an input is known to parties j and j - 1.
      [draw(all[0]!, 'owner'), draw(all[2]!, 'ownerNext')],
      [draw(all[1]!, 'owner'), draw(all[0]!, 'ownerNext')],
      [draw(all[2]!, 'owner'), draw(all[1]!, 'ownerNext')],
    ];
    for (const [left, right] of pairs) expect(left).toBe(right);
    const own = all.map((generators) => draw(generators, 'private'));
    expect(new Set([...pairs.map(([left]) => left), ...own]).size).toBe(9);
  },
);

test('random keys are new in every session, seeded ones are not', async () => {
  const first = async (seed: string | null) => draw((await agree(seed))[0]!, 1);
  expect(await first(null)).not.toBe(await first(null));
  expect(await first('a')).toBe(await first('a'));
  expect(await first('a')).not.toBe(await first('b'));
});

function channelWithKeys(first: Uint8Array): Channel {
  return {
    self: 1,
    peers: [0, 2, 'owner'],
    send: () => undefined,
    receive: async (from) => (from === 'owner' ? new Uint8Array(32) : first),
    counters: () => [],
    close: async () => undefined,
  };
}

test('one public key presented by two parties gives two keys', async () => {
  const key = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
  const generators = await agreeKeys(channelWithKeys(key), kernels, 1, 3, null);
  expect(draw(generators, 0)).not.toBe(draw(generators, 2));
});

test.each([
  ['a short one', new Uint8Array(12), 'party 0 sent 12 bytes for a public key'],
  ['noise', new Uint8Array(44).fill(7), 'party 0 sent no X25519 public key'],
  [
    'a key of another curve',
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }),
    'party 0 sent no X25519 public key',
  ],
])('a public key that is none is refused: %s', async (_, key, message) => {
  await expect(agreeKeys(channelWithKeys(key), kernels, 1, 3, null)).rejects.toThrow(message);
});
