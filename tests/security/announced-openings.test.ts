/**
 * Every operation of every variant opens and receives only what a line of the threat model announces,
 * every line speaks of something that happens, and a party that sees more fails by name.
 */
import { describe, expect, test } from 'vitest';
import { AnnouncedOpenings, seenKind } from '../../server/engine/announced-openings.ts';
import type { Branch } from '../../server/engine/branch.ts';
import type { PartyId } from '../../server/engine/channel.ts';
import { Mailbox } from '../../server/engine/mailbox.ts';
import { packMessages } from '../../server/engine/message.ts';
import type { Opening, Watcher } from '../../server/engine/opening-log.ts';
import type { AShare, Protocol } from '../../server/engine/protocol.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { seenLines, type SecretVariant } from '../../server/engine/protocols/threat-openings.ts';
import { threatModels } from '../../server/engine/protocols/threat-model.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { Talk, type Session } from '../../server/engine/session.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import { operationCases } from '../conformance/operations.ts';
import { ringTensor, simulate, type SimulateOptions } from '../support/simulate.ts';

const kernels = loadKernels();
const ring = { bits: 64, fractionBits: 18 } as const;
const shape = [4, 4];

/** Runs every operation, and a product with a weight; each party watched by what `watch` makes. */
async function runAll(id: SecretVariant, watch: (party: PartyId) => Watcher): Promise<void> {
  for (const { inputs, prepare, run } of operationCases(ring.bits)) {
    const tensors = inputs(ring, shape, () => 0.5);
    const program = async (mpc: Protocol, held: readonly AShare[]) =>
      run(mpc, await prepare(mpc, held));
    await simulate(id, kernels, ring, tensors, program, { watcherOf: watch });
  }
  const square = ringTensor(ring.bits, [2, 2], [1n, -2n, 3n, 4n]);
  const product: Parameters<typeof simulate>[4] = (mpc, [x], [w]) => mpc.matmul(x!, w!);
  await simulate(id, kernels, ring, [square], product, { weights: [square], watcherOf: watch });
}

describe.each(variantDescriptions.map(({ id }) => id))('%s', (id) => {
  test('opens and receives what the threat model announces, and every line is used', async () => {
    const seen = new Set<string>();
    const watches: AnnouncedOpenings[] = [];
    await runAll(id, (party) => {
      const announced = new AnnouncedOpenings(id, party);
      watches.push(announced);
      return {
        opened: (opening) => {
          if (opening.bytes.length > 0) seen.add(`${party} ${opening.op} ${seenKind(opening)}`);
          announced.opened(opening);
        },
        arrived: (arrival) => announced.arrived(arrival),
      };
    });
    for (const watch of watches) watch.settle([]);
    const unused = seenLines[id].flatMap(({ opens, by = [0, 1, 2], text }) =>
      Object.entries(opens).flatMap(([op, kinds]) =>
        kinds
          .filter((kind) => !by.some((party) => seen.has(`${party} ${op} ${kind}`)))
          .map((kind) => `${op} ${kind}: ${text}`),
      ),
    );
    expect(unused).toEqual([]);
  });

  test('shows every line on the page', () => {
    const model = threatModels.find(({ variant }) => variant === id);
    const shown = new Set(model?.roles.flatMap(({ sees }) => sees));
    for (const { text } of seenLines[id]) expect(shown).toContain(text);
  });

  test('a message that no step speaks of is named', async () => {
    const watches: AnnouncedOpenings[] = [];
    await simulateShowing(id, {
      watcherOf: (party) => {
        const watch = new AnnouncedOpenings(id, party);
        watches.push(watch);
        return watch;
      },
    });
    for (const watch of watches) {
      expect(() => watch.settle([])).toThrow(
        /^party \d received 8 bytes more than its steps announce in mul at "leak"\./,
      );
    }
  });

  test('a value that is opened besides is named', () => {
    const watch = new AnnouncedOpenings(id, 1);
    const opening: Opening = {
      kind: 'opened',
      path: 'layer0.attention',
      op: 'reveal',
      route: 0,
      domain: { laneBits: 64, usedBits: 64 },
      masks: [],
      bytes: new Uint8Array(16),
      messages: [],
    };
    expect(() => watch.opened(opening)).toThrow(
      `party 1 opened 16 bytes (64 of 64 bits a lane) in reveal at "layer0.attention", which the threat model of ${id} does not announce.`,
    );
    const half = { laneBits: 64, usedBits: 17 } as const;
    expect(() => watch.opened({ ...opening, op: 'mul', domain: half })).toThrow(/17 of 64 bits/);
  });
});

test.each([
  ['additive/fast', 'mul', 64],
  ['replicated/fast', 'truncate', 8],
] as const)('%s: a mask hides once, and nothing is opened without one', (id, op, bits) => {
  const watch = new AnnouncedOpenings(id, 1);
  const opening: Opening = {
    kind: 'opened',
    path: 'layer0',
    op,
    route: 0,
    domain: { laneBits: bits, usedBits: bits },
    masks: [new Uint8Array(16)],
    bytes: new Uint8Array(16),
    messages: [],
  };
  expect(() => watch.opened({ ...opening, masks: [] })).toThrow(
    'party 1 opened 16 bytes in mul at "layer0" under no mask.'.replace('mul', op),
  );
  expect(() => watch.opened(opening)).not.toThrow();
  expect(() => watch.opened(opening)).toThrow(/under a mask that was used before/);
  const overlapping = new Uint8Array(opening.masks[0]!.buffer, 8, 8);
  expect(() => watch.opened({ ...opening, masks: [overlapping] })).toThrow(/was used before/);
});

test('what one message lacks, another one does not make up for', () => {
  const watch = new AnnouncedOpenings('additive/fast', 1);
  const at = { path: 'layer0', op: 'mul', route: 0 };
  const [first, second] = [new Uint8Array(16), new Uint8Array(16)];
  for (const payload of [first, second]) watch.arrived({ ...at, from: 0, payload });
  const opening = (messages: Uint8Array[]): Opening => ({
    ...at,
    kind: 'opened',
    domain: { laneBits: 64, usedBits: 64 },
    masks: [new Uint8Array(16)],
    bytes: new Uint8Array(16),
    messages,
  });
  watch.opened(opening([first]));
  expect(() => watch.opened(opening([first]))).toThrow(
    /announced 16 bytes more than it received in mul at "layer0"/,
  );
  watch.opened(opening([second.subarray(0, 8)]));
  expect(() => watch.settle([])).toThrow(/received 8 bytes more than its steps announce in mul/);
  watch.opened(opening([second.subarray(8)]));
  expect(() => watch.settle([])).not.toThrow();
});

test('a message that a party sends besides is named, though nobody reads it', async () => {
  const [sender, receiver] = memoryChannels([0, 1]);
  const mailbox = new Mailbox(receiver!);
  const message = (route: number, bytes: number) => ({
    route,
    depth: 1,
    payload: new Uint8Array(bytes),
  });
  sender!.send(1, packMessages([message(0, 8), message(7, 24)]));
  await mailbox.receive(0, 0, 8);
  expect(mailbox.unread()).toEqual(['0: 24 bytes']);
  expect(() => new AnnouncedOpenings('additive/fast', 1).settle(mailbox.unread())).toThrow(
    'party 1 received what no step asked for (sender: size): 0: 24 bytes.',
  );
});

/** A product before which every party shows the next one a number. */
function simulateShowing(id: SecretVariant, options: SimulateOptions): Promise<unknown> {
  const wrapProtocol = (mpc: Protocol, session: Session, branch: Branch): Protocol =>
    new Proxy(mpc, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'mul') return typeof value === 'function' ? value.bind(target) : value;
        return async (x: AShare, y: AShare) => {
          const talk = new Talk(session, branch, 'leak', 'mul');
          talk.send(session.neighbour(1), new Uint8Array(8));
          await talk.receive(session.neighbour(-1), 8);
          return target.mul(x, y);
        };
      },
    });
  const one = ringTensor(ring.bits, [1], [1n]);
  const program: Parameters<typeof simulate>[4] = (mpc, [x]) => mpc.mul(x!, x!);
  return simulate(id, kernels, ring, [one], program, { ...options, wrapProtocol });
}
