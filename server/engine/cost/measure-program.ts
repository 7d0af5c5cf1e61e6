/**
 * One program really run by all its roles at once, and what they sent: the measured twin of
 * `price-program.ts`. The caller makes the channels, since the engine knows no network. Seeds are
 * fixed and all roles share this process, so a result proves a cost and keeps no secret.
 */
import { rootBranch } from '../branch.ts';
import type { Channel, Peer } from '../channel.ts';
import { Dealing } from '../correlations/deal.ts';
import { CorrectionSender, receiveCorrections } from '../correlations/delivery.ts';
import { dealtCorrelations, firstPartyCorrelations } from '../correlations/source.ts';
import { memoryCorrections, type CorrectionStore } from '../correlations/store.ts';
import { EngineError } from '../errors.ts';
import { agreeDealerKeys, agreeKeys, dealKeys, partyIds, type KeyOptions } from '../keys.ts';
import { Ledger } from '../ledger.ts';
import { packMessages } from '../message.ts';
import type { AShare } from '../protocol.ts';
import { costModelOf, createProtocol, ownerSideOf, partiesOf } from '../protocols/registry.ts';
import type { LinkName } from '../protocols/schedule.ts';
import type { Kernels } from '../ring/kernels.ts';
import type { Tensor } from '../ring/tensor.ts';
import { dealEntry } from '../run-dealer.ts';
import { Session } from '../session.ts';
import type { PricedProgram } from './price-program.ts';
import { ShapeProtocol } from './shape-protocol.ts';

export interface MeasuredProgram extends Omit<PricedProgram, 'inputs'> {
  readonly kernels: Kernels;
  /** Ring encoded; shared before counting starts. */
  readonly inputs: readonly Tensor[];
  /** One channel per peer, connected all to all, in this order. */
  readonly channels: (peers: readonly Peer[]) => readonly Channel[];
}

export interface MeasuredCost {
  /** Largest depth of any party: independent work overlaps. */
  readonly roundsOverlapped: number;
  /** Online payload bytes between parties. */
  readonly links: Readonly<Partial<Record<LinkName, number>>>;
  /** Offline payload bytes that party 0 received from the dealer. */
  readonly dealerBytes: number;
}

/** A program without the channels: what every one of its roles has to know. */
export type PlayedProgram = Omit<MeasuredProgram, 'channels'>;

interface Role extends KeyOptions {
  readonly measurement: PlayedProgram;
}

const insecureSeed = 'measured cost';

/** @throws EngineError as the roles do */
export async function measureProgram(measurement: MeasuredProgram): Promise<MeasuredCost> {
  const peers = peersOf(measurement);
  const channels = measurement.channels(peers);
  try {
    const books = await Promise.all(
      peers.map((peer, index) => {
        const channel = channels[index];
        if (channel === undefined) throw new EngineError('channel', `no channel for ${peer}`);
        return playRole(measurement, peer, channel);
      }),
    );
    const parties = books.filter((book) => book !== null);
    return {
      roundsOverlapped: Math.max(0, ...parties.map(({ rounds }) => rounds)),
      links: Object.assign({}, ...parties.map(({ links }) => links)) as MeasuredCost['links'],
      dealerBytes: parties.reduce((sum, { dealt }) => sum + dealt, 0),
    };
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
}

/** Everybody who takes part: the owner of the inputs, the parties, the dealer where there is one. */
export function peersOf({
  variant,
  correlations,
}: Pick<PlayedProgram, 'variant' | 'correlations'>): readonly Peer[] {
  const dealer = correlations === 'dealer' ? ['dealer' as const] : [];
  return ['owner', ...partyIds(partiesOf(variant)), ...dealer];
}

/**
 * One role's part of the program over its channel; a party's book when it is done, else null.
 * @throws EngineError as the roles do
 */
export async function playRole(
  measurement: PlayedProgram,
  peer: Peer,
  channel: Channel,
): Promise<Book | null> {
  const { variant, kernels, correlations } = measurement;
  const parties = partiesOf(variant);
  const role: Role = { measurement, channel, kernels, parties, correlations, insecureSeed };
  if (typeof peer === 'number') return await runParty(role, peer);
  if (peer === 'owner') shareInputs(role);
  else await runDealer(role);
  return null;
}

function shareInputs({ measurement, channel, kernels, parties }: Role): void {
  const { variant, ring, inputs } = measurement;
  const { components, split } = ownerSideOf(variant);
  const generators = dealKeys(channel, kernels, parties, components, insecureSeed);
  for (const [turn, input] of inputs.entries()) {
    for (const { to, bytes } of split(kernels, ring.bits, generators, turn, input.bytes)) {
      channel.send(to, packMessages([{ route: 0, depth: 0, payload: bytes }]));
    }
  }
}

/** What a party sent and received, and how deep its messages went. */
export interface Book {
  readonly rounds: number;
  readonly links: Readonly<Record<string, number>>;
  readonly dealt: number;
}

async function runParty(role: Role, self: Session['party']): Promise<Book> {
  const { measurement, channel, kernels, parties, correlations } = role;
  const { variant, ring, inputs, weights = [], run, turn } = measurement;
  const { components } = ownerSideOf(variant);
  const keys = await agreeKeys({ ...role, self, components });
  const store = countedCorrections();
  const source = () => {
    if (correlations === null) return undefined;
    return correlations === 'dealer'
      ? dealtCorrelations(self, ring.bits, store)
      : firstPartyCorrelations(self, kernels, ring.bits);
  };
  const session = new Session({
    channel,
    kernels,
    ring,
    party: self,
    parties,
    correlations: source(),
  });
  const root = rootBranch(keys);
  const mpc = createProtocol(variant, session, root);
  if (correlations === 'dealer' && self === 0) {
    await receiveCorrections(channel, store, session.ledger, undefined);
  }
  const shares: AShare[] = [];
  for (const [index, { shape }] of inputs.entries()) {
    shares.push(await (weights.includes(index) ? mpc.weight(shape) : mpc.input(shape)));
  }
  session.ledger.take();
  session.ledger.phase = 'online';
  root.depth = 0;
  root.turn = turn;
  await run(mpc, shares);
  session.mailbox.flush();
  if (store.left > 0) {
    throw new EngineError('protocol', `correlations: ${store.left} were left unused`);
  }
  const links: Record<string, number> = {};
  for (const { bytesSentTo } of session.ledger.take().rows) {
    for (const [to, bytes] of Object.entries(bytesSentTo)) {
      if (bytes > 0) links[`${self}>${to}`] = (links[`${self}>${to}`] ?? 0) + bytes;
    }
  }
  return { rounds: root.depth, links, dealt: store.received };
}

/** The same program on shapes, dealing what each operation uses up. */
async function runDealer(role: Role): Promise<void> {
  const { variant, ring, inputs, weights = [], run, turn } = role.measurement;
  const generators = await agreeDealerKeys(role);
  const dealing = new Dealing(role.kernels, ring.bits);
  const sender = new CorrectionSender(role.channel, new Ledger());
  await sender.awaitRequest();
  const model = costModelOf(variant, ring.bits);
  const walk = ShapeProtocol.start(
    model,
    ring,
    ({ query, branch }) => dealEntry(model, dealing, sender, query, branch),
    {
      generators,
      turn: turn - inputs.length * model.turns('input'),
      afterCharge: () => sender.flow(),
    },
  );
  const shares: AShare[] = [];
  for (const [index, { shape }] of inputs.entries()) {
    shares.push(await (weights.includes(index) ? walk.weight(shape) : walk.input(shape)));
  }
  await run(walk, shares);
  await sender.end();
}

/** A store that knows how much was put into it. */
function countedCorrections(): CorrectionStore & { readonly received: number } {
  const store = memoryCorrections();
  let received = 0;
  return {
    put(route, bytes, tag) {
      received += bytes.length;
      store.put(route, bytes, tag);
    },
    take: (route, length, tag) => store.take(route, length, tag),
    get left() {
      return store.left;
    },
    get received() {
      return received;
    },
  };
}
