/**
 * Runs one function as all parties of a protocol, each with its own session over in-process
 * channels, and opens the results the way only a test may: with every party's components at hand.
 */
import { agreeKeys, dealKeys, partyIds } from '../../server/engine/keys.ts';
import { packMessages } from '../../server/engine/message.ts';
import type { Ring, VariantId } from '../../server/engine/plan.ts';
import type { AShare, BShare, Protocol } from '../../server/engine/protocol.ts';
import { ClearProtocol } from '../../server/engine/protocols/clear/index.ts';
import { ArithmeticShare, BooleanShare } from '../../server/engine/protocols/local.ts';
import { createProtocol, partiesOf } from '../../server/engine/protocols/registry.ts';
import { splitForParties } from '../../server/engine/protocols/replicated/io.ts';
import type { Kernels } from '../../server/engine/ring/kernels.ts';
import { elementCount, zeros, type Shape, type Tensor } from '../../server/engine/ring/tensor.ts';
import { Session, type Branch } from '../../server/engine/session.ts';
import type { TraceRow } from '../../server/engine/trace.ts';
import { memoryChannels, type MemoryChannelOptions } from '../../server/network/memory-channel.ts';

export type Program = (mpc: Protocol, inputs: readonly AShare[]) => Promise<AShare | BShare>;

export interface PartyView {
  readonly rows: readonly TraceRow[];
  readonly rounds: number;
  readonly result: AShare | BShare;
}

export interface Simulation {
  /** Ring integers of the result, signed for arithmetic shares. */
  readonly values: bigint[];
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
  const queue = [...inputs];
  const mpc = new ClearProtocol(kernels, ring, {
    nextInput: () => queue.shift() as Tensor,
    revealed: () => undefined,
  });
  const shares: AShare[] = [];
  for (const input of inputs) shares.push(await mpc.input(input.shape));
  const result = await program(mpc, shares);
  return openResults(ring, [result]);
}

export async function simulate(
  variant: VariantId,
  kernels: Kernels,
  ring: Ring,
  inputs: readonly Tensor[],
  program: Program,
  options: { seed?: string | null; turn?: number; channels?: MemoryChannelOptions } = {},
): Promise<Simulation> {
  const parties = partiesOf(variant);
  const seed = options.seed === undefined ? 'simulation' : options.seed;
  const channels = memoryChannels([...partyIds(parties), 'owner'], options.channels ?? {});
  const owner = channels.at(-1);
  if (owner === undefined) throw new Error('no owner channel');
  const generators = dealKeys(owner, kernels, parties, seed);
  inputs.forEach((input, turn) => {
    for (const { to, bytes } of splitForParties(
      kernels,
      ring.bits,
      generators,
      turn,
      input.bytes,
    )) {
      owner.send(to, packMessages([{ route: 0, depth: 0, payload: bytes }]));
    }
  });
  try {
    const views = await Promise.all(
      partyIds(parties).map(async (party): Promise<PartyView> => {
        const channel = channels[party];
        if (channel === undefined) throw new Error(`no channel for ${party}`);
        const keys = await agreeKeys(channel, kernels, party, parties, seed);
        const session = new Session({ channel, kernels, ring, party, parties });
        const root: Branch = { route: 0, generators: keys, depth: 0, turn: 0, forks: 0 };
        const mpc = createProtocol(variant, session, root);
        const shares: AShare[] = [];
        for (const input of inputs) shares.push(await mpc.input(input.shape));
        session.ledger.take();
        session.ledger.phase = 'online';
        root.depth = 0;
        root.turn = options.turn ?? 0;
        const result = await program(mpc, shares);
        session.mailbox.flush();
        return { rows: session.ledger.take().rows, rounds: root.depth, result };
      }),
    );
    const first = views[0]?.result;
    return {
      values: openResults(
        ring,
        views.map((view) => view.result),
      ),
      shape: first?.shape ?? [],
      parties: views,
    };
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
}

/** Adds (or xors) the first component of every party. */
function openResults(ring: Ring, results: readonly (AShare | BShare)[]): bigint[] {
  const first = results[0];
  if (first === undefined) return [];
  const lane = first.domain === 'boolean' ? first.lane : ring.bits;
  const components = results.map((result) => {
    if (!(result instanceof ArithmeticShare) && !(result instanceof BooleanShare)) {
      throw new TypeError('not a share of this engine');
    }
    return readWords((result.components[0] as Tensor).bytes, lane);
  });
  return Array.from({ length: elementCount(first.shape) }, (_, index) => {
    const parts = components.map((words) => words[index] ?? 0n);
    return first.domain === 'boolean'
      ? parts.reduce((all, part) => all ^ part, 0n)
      : BigInt.asIntN(
          ring.bits,
          parts.reduce((all, part) => all + part, 0n),
        );
  });
}

/** Payload bytes by directed link, from the parties' own books. */
export function measuredLinks(parties: readonly PartyView[]): Record<string, number> {
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
