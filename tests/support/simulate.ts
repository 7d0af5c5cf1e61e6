/**
 * Runs one function as all parties of a protocol, each with its own session over in-process
 * channels, and opens the results the way only a test may: with every party's components at hand.
 */
import { rootBranch, type Generators } from '../../server/engine/branch.ts';
import type { PartyId, Peer } from '../../server/engine/channel.ts';
import { Dealing } from '../../server/engine/correlations/deal.ts';
import { CorrectionSender, receiveCorrections } from '../../server/engine/correlations/delivery.ts';
import {
  dealtCorrelations,
  firstPartyCorrelations,
  type CorrelationSource,
} from '../../server/engine/correlations/source.ts';
import { memoryCorrections, type CorrectionStore } from '../../server/engine/correlations/store.ts';
import { ShapeProtocol } from '../../server/engine/cost/shape-protocol.ts';
import {
  agreeDealerKeys,
  agreeKeys,
  dealKeys,
  partyIds,
  type KeyOptions,
} from '../../server/engine/keys.ts';
import { Ledger } from '../../server/engine/ledger.ts';
import { packMessages } from '../../server/engine/message.ts';
import type { Watcher } from '../../server/engine/opening-log.ts';
import type { CorrelationsId, Ring } from '../../server/engine/plan.ts';
import type { AShare, BShare, Protocol } from '../../server/engine/protocol.ts';
import { ClearProtocol } from '../../server/engine/protocols/clear/index.ts';
import { ArithmeticShare, BooleanShare } from '../../server/engine/protocols/shares.ts';
import {
  correlationsOf,
  costModelOf,
  createProtocol,
  ownerSideOf,
  partiesOf,
  type SecureVariantId,
} from '../../server/engine/protocols/registry.ts';
import type { VariantChoice } from '../../server/engine/protocols/variant-steps.ts';
import { dealEntry } from '../../server/engine/run-dealer.ts';
import type { Kernels } from '../../server/engine/ring/kernels.ts';
import { zeros, type Shape, type Tensor } from '../../server/engine/ring/tensor.ts';
import { Words } from '../../server/engine/ring/words.ts';
import { Session, type Branch } from '../../server/engine/session.ts';
import type { TraceRow } from '../../server/engine/trace.ts';
import { memoryChannels, type MemoryChannelOptions } from '../../server/network/memory-channel.ts';

/** `weights` are there once per session: `SimulateOptions.weights`, shared before the inputs. */
export type Program = (
  mpc: Protocol,
  inputs: readonly AShare[],
  weights: readonly AShare[],
) => Promise<AShare | BShare>;

export interface PartyView {
  /** Of what came before the program: weights and inputs. */
  readonly setup: readonly TraceRow[];
  readonly rows: readonly TraceRow[];
  readonly rounds: number;
  readonly result: AShare | BShare;
}

export interface Simulation {
  /** Ring integers of the result, signed for arithmetic shares. */
  readonly values: bigint[];
  /** The same as bytes, little-endian. */
  readonly bytes: Uint8Array;
  /** Bytes of corrections that party 0 was sent. */
  readonly dealerBytes: number;
  readonly shape: Shape;
  readonly parties: readonly PartyView[];
}

/** Tensor of ring integers. */
export function ringTensor(bits: 32 | 64, shape: Shape, values: readonly bigint[]): Tensor {
  const out = zeros(bits, shape);
  const view = new DataView(out.bytes.buffer);
  values.forEach((value, index) => {
    if (bits === 64) view.setBigInt64(index * 8, BigInt.asIntN(64, value), true);
    else view.setInt32(index * 4, Number(BigInt.asIntN(32, value)), true);
  });
  return out;
}

export function readWords(bytes: Uint8Array, laneBits: number): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = laneBits / 8;
  return Array.from({ length: bytes.length / width }, (_, index) => {
    let value = 0n;
    for (let byte = width - 1; byte >= 0; byte--) {
      value = (value << 8n) | BigInt(view.getUint8(index * width + byte));
    }
    return value;
  });
}

export async function runClear(
  kernels: Kernels,
  ring: Ring,
  inputs: readonly Tensor[],
  program: Program,
): Promise<bigint[]> {
  const result = await clearResult(kernels, ring, inputs, program);
  return readResult(ring, result, openResults(kernels, ring, [result]));
}

/** As `runClear`, as bytes. */
export async function runClearBytes(
  kernels: Kernels,
  ring: Ring,
  inputs: readonly Tensor[],
  program: Program,
): Promise<Uint8Array> {
  return openResults(kernels, ring, [await clearResult(kernels, ring, inputs, program)]);
}

async function clearResult(
  kernels: Kernels,
  ring: Ring,
  inputs: readonly Tensor[],
  program: Program,
): Promise<AShare | BShare> {
  const queue = [...inputs];
  const mpc = new ClearProtocol(kernels, ring, {
    nextInput: () => queue.shift() as Tensor,
    revealed: () => undefined,
  });
  const shares: AShare[] = [];
  for (const input of inputs) shares.push(await mpc.input(input.shape));
  return program(mpc, shares, []);
}

/** A variant with other steps than its own. */
export type SecureChoice = VariantChoice & { readonly variant: SecureVariantId };

export interface SimulateOptions {
  readonly seed?: string | null;
  readonly turn?: number;
  readonly channels?: MemoryChannelOptions;
  readonly correlations?: CorrelationsId;
  readonly weights?: readonly Tensor[];
  /** Watches what each party receives and opens, from the first weight on. */
  readonly watcherOf?: (party: PartyId) => Watcher;
  /** Puts something between the program and a party's protocol: how tests plant a fault. */
  readonly wrapProtocol?: (mpc: Protocol, session: Session, branch: Branch) => Protocol;
  /** Puts something between a party and its correlations: how tests plant a fault. */
  readonly wrapSource?: (party: PartyId, source: CorrelationSource) => CorrelationSource;
  readonly wrapKeys?: (party: PartyId, keys: Generators) => Generators;
  readonly wrapStore?: (store: CorrectionStore) => CorrectionStore;
  /** What the dealer believes the program to be; default: the same. */
  readonly dealerProgram?: Program;
}

export async function simulate(
  choice: SecureVariantId | SecureChoice,
  kernels: Kernels,
  ring: Ring,
  inputs: readonly Tensor[],
  program: Program,
  options: SimulateOptions = {},
): Promise<Simulation> {
  const variant = typeof choice === 'string' ? choice : choice.variant;
  const parties = partiesOf(variant);
  const insecureSeed = options.seed === undefined ? 'simulation' : options.seed;
  const correlations = correlationsOf({ variant, correlations: options.correlations ?? 'dealer' });
  const { components, split } = ownerSideOf(variant);
  const ids = partyIds(parties);
  const peers: Peer[] = [
    ...ids,
    'owner',
    ...(correlations === 'dealer' ? ['dealer' as const] : []),
  ];
  const channels = memoryChannels(peers, options.channels ?? {});
  const channelOf = (peer: Peer) => {
    const channel = channels[peers.indexOf(peer)];
    if (channel === undefined) throw new Error(`no channel for ${peer}`);
    return channel;
  };
  const owner = channelOf('owner');
  const generators = dealKeys(owner, kernels, parties, components, insecureSeed);
  const weights = options.weights ?? [];
  let dealerBytes = 0;
  const drawn = typeof choice !== 'string' && choice.weights === 'uniform';
  [...weights, ...inputs].forEach((input, turn) => {
    // Nobody sends these: `weights` only says their shapes.
    if (drawn && turn < weights.length) return;
    for (const { to, bytes } of split(kernels, ring.bits, generators, turn, input.bytes)) {
      owner.send(to, packMessages([{ route: 0, depth: 0, payload: bytes }]));
    }
  });
  const keyOptions = { kernels, parties, correlations, insecureSeed };
  try {
    const dealing =
      correlations === 'dealer'
        ? dealFor(choice, kernels, ring, inputs, options.dealerProgram ?? program, {
            weights,
            ...keyOptions,
            channel: channelOf('dealer'),
          })
        : Promise.resolve();
    const [views] = await Promise.all([
      Promise.all(
        ids.map(async (party): Promise<PartyView> => {
          const channel = channelOf(party);
          const keys = await agreeKeys({ ...keyOptions, channel, self: party, components });
          const kept = memoryCorrections();
          const counted: CorrectionStore = {
            put: (route, bytes, ...rest) => {
              dealerBytes += bytes.length;
              kept.put(route, bytes, ...rest);
            },
            take: (...args) => kept.take(...args),
            get left() {
              return kept.left;
            },
          };
          const store = options.wrapStore?.(counted) ?? counted;
          const source =
            correlations === null
              ? undefined
              : correlations === 'dealer'
                ? dealtCorrelations(party, ring.bits, store)
                : firstPartyCorrelations(party, kernels, ring.bits);
          const session = new Session({
            channel,
            kernels,
            ring,
            party,
            parties,
            correlations:
              source === undefined ? undefined : (options.wrapSource?.(party, source) ?? source),
            watcher: options.watcherOf?.(party),
          });
          const root = rootBranch(options.wrapKeys?.(party, keys) ?? keys);
          const real = createProtocol(choice, session, root);
          const mpc = options.wrapProtocol?.(real, session, root) ?? real;
          if (correlations === 'dealer' && party === 0) {
            await receiveCorrections(channel, store, session.ledger, undefined);
          }
          const held: AShare[] = [];
          for (const { shape } of weights) held.push(await mpc.weight(shape));
          const shares: AShare[] = [];
          for (const input of inputs) shares.push(await mpc.input(input.shape));
          const setup = session.ledger.take().rows;
          session.ledger.phase = 'online';
          root.depth = 0;
          root.turn = options.turn ?? 0;
          const result = await program(mpc, shares, held);
          session.mailbox.flush();
          if (store.left > 0) throw new Error(`${store.left} corrections were left unused`);
          return { setup, rows: session.ledger.take().rows, rounds: root.depth, result };
        }),
      ),
      dealing,
    ]);
    const first = views[0]?.result;
    const bytes = openResults(
      kernels,
      ring,
      views.map((view) => view.result),
    );
    if (first === undefined) throw new RangeError('a protocol has parties');
    return {
      get values() {
        return readResult(ring, first, bytes);
      },
      bytes,
      dealerBytes,
      shape: first.shape,
      parties: views,
    };
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
}

/** The dealer's part: the same program on shapes. */
async function dealFor(
  variant: SecureVariantId | SecureChoice,
  kernels: Kernels,
  ring: Ring,
  inputs: readonly Tensor[],
  program: Program,
  options: KeyOptions & { readonly weights: readonly Tensor[] },
): Promise<void> {
  const generators = await agreeDealerKeys(options);
  const dealing = new Dealing(kernels, ring.bits);
  const sender = new CorrectionSender(options.channel, new Ledger());
  await sender.awaitRequest();
  const model = costModelOf(variant, ring.bits);
  const walk = ShapeProtocol.start(
    model,
    ring,
    ({ query, branch }) => dealEntry(model, dealing, sender, query, branch),
    { generators },
  );
  const held: AShare[] = [];
  for (const { shape } of options.weights) held.push(await walk.weight(shape));
  const shares: AShare[] = [];
  for (const input of inputs) shares.push(await walk.input(input.shape));
  await program(walk, shares, held);
  await sender.end();
}

/** Adds (or xors) the first component of every party. */
function openResults(
  kernels: Kernels,
  ring: Ring,
  results: readonly (AShare | BShare)[],
): Uint8Array {
  const words = new Words(kernels, ring.bits);
  return results
    .map((result) => {
      if (!(result instanceof ArithmeticShare) && !(result instanceof BooleanShare)) {
        throw new TypeError('not a share of this engine');
      }
      return (result.components[0] as Tensor).bytes;
    })
    .reduce((all, part) =>
      results[0]?.domain === 'boolean' ? words.xor(all, part) : words.add(all, part),
    );
}

function readResult(ring: Ring, like: AShare | BShare, bytes: Uint8Array): bigint[] {
  if (like.domain === 'boolean') return readWords(bytes, like.lane);
  return readWords(bytes, ring.bits).map((word) => BigInt.asIntN(ring.bits, word));
}

/** Payload bytes by directed link, from the parties' own books. */
export function measuredLinks(
  parties: readonly { readonly rows: readonly TraceRow[] }[],
): Record<string, number> {
  const links: Record<string, number> = {};
  parties.forEach((view, from) => {
    for (const row of view.rows) {
      for (const [to, bytes] of Object.entries(row.bytesSentTo)) {
        if (bytes > 0) links[`${from}>${to}`] = (links[`${from}>${to}`] ?? 0) + bytes;
      }
    }
  });
  return links;
}
