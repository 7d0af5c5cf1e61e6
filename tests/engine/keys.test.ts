/** Who ends up with which key: pairs share one, nobody else has it, and it is bound to the pair. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Generators, Holder } from '../../server/engine/branch.ts';
import type { Channel, Peer } from '../../server/engine/channel.ts';
import { agreeDealerKeys, agreeKeys, dealKeys, partyIds } from '../../server/engine/keys.ts';
import type { CorrelationsId } from '../../server/engine/plan.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';

const kernels = loadKernels();

async function agree(seed: string | null): Promise<Generators[]> {
  const channels = memoryChannels([0, 1, 2, 'owner']);
  dealKeys(channels[3]!, kernels, 3, 2, seed);
  const all = await Promise.all(
    partyIds(3).map((self) =>
      agreeKeys({
        channel: channels[self]!,
        kernels,
        self,
        parties: 3,
        components: 2,
        correlations: null,
        insecureSeed: seed,
      }),
    ),
  );
  await Promise.all(channels.map((channel) => channel.close()));
  return all;
}

/** Two parties; with a dealer, its generators come last. */
async function agreeTwo(
  correlations: CorrelationsId,
  insecureSeed: string | null,
): Promise<Generators[]> {
  const dealt = correlations === 'dealer';
  const peers: Peer[] = dealt ? [0, 1, 'owner', 'dealer'] : [0, 1, 'owner'];
  const channels = memoryChannels(peers);
  const shared = { kernels, parties: 2, correlations, insecureSeed };
  dealKeys(channels[2]!, kernels, 2, 1, insecureSeed);
  const all = await Promise.all([
    ...partyIds(2).map((self) =>
      agreeKeys({ ...shared, channel: channels[self]!, self, components: 1 }),
    ),
    ...(dealt ? [agreeDealerKeys({ ...shared, channel: channels[3]! })] : []),
  ]);
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

test.each([null, 'seed'])(
  'the dealer shares one stream with each party, and none with both (seed %s)',
  async (seed) => {
    const [first, second, dealer] = await agreeTwo('dealer', seed);
    const shared = [draw(first!, 'dealer'), draw(second!, 'dealer'), draw(first!, 1)];
    expect(shared).toEqual([draw(dealer!, 0), draw(dealer!, 1), draw(second!, 0)]);
    const own = [first!, second!, dealer!].map((generators) => draw(generators, 'private'));
    const owners = [draw(first!, 'owner'), draw(second!, 'owner')];
    expect(new Set([...shared, ...own, ...owners]).size).toBe(8);
    // Nor has the dealer a stream with the owner, or one that both parties use.
    expect([...dealer!.keys()].map(String).toSorted()).toEqual(['0', '1', 'private']);
  },
);

test('an insecure first party has the other one’s stream, and the other not its own', async () => {
  const [first, second] = await agreeTwo('insecureFirstParty', null);
  expect(draw(first!, 'dealtToOther')).toBe(draw(second!, 'dealer'));
  expect(second!.has('dealtToOther')).toBe(false);
  const drawn = [draw(first!, 'dealer'), draw(second!, 'dealer'), draw(first!, 1)];
  expect(new Set(drawn).size).toBe(3);
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

const second = (channel: Channel) =>
  ({
    channel,
    kernels,
    self: 1,
    parties: 3,
    components: 2,
    correlations: null,
    insecureSeed: null,
  }) as const;

test('one public key presented by two parties gives two keys', async () => {
  const key = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
  const generators = await agreeKeys(second(channelWithKeys(key)));
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
  await expect(agreeKeys(second(channelWithKeys(key)))).rejects.toThrow(message);
});
