/** Every protocol variant by name. The only file that imports the protocol folders. */
import { EngineError } from '../errors.ts';
import type { PartyId } from '../channel.ts';
import type { Ring, VariantId } from '../plan.ts';
import type { Protocol } from '../protocol.ts';
import type { Kernels, RingBits } from '../ring/kernels.ts';
import type { Prg } from '../ring/prg.ts';
import type { Branch, Session } from '../session.ts';
import { ClearProtocol, type ClearEnds } from './clear/index.ts';
import { aby3CostModel } from './replicated/cost.ts';
import { replicatedProtocol } from './replicated/index.ts';
import { joinReveal, splitForParties } from './replicated/io.ts';
import type { CostModel } from './schedule.ts';

/** How the owner turns a tensor into what it sends to each party, and what it receives into one. */
export interface OwnerSide {
  readonly split: (
    kernels: Kernels,
    bits: RingBits,
    generators: readonly Prg[],
    turn: number,
    x: Uint8Array,
  ) => { to: PartyId; bytes: Uint8Array }[];
  readonly join: (
    kernels: Kernels,
    bits: RingBits,
    components: readonly Uint8Array[],
  ) => Uint8Array;
}

export interface VariantDescription {
  readonly id: Exclude<VariantId, 'clear'>;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly parties: 2 | 3;
  readonly trust: string;
}

interface Variant extends VariantDescription {
  readonly create: (session: Session, branch: Branch) => Protocol;
  readonly costModel: (bits: RingBits) => CostModel;
  readonly owner: OwnerSide;
}

const variants: readonly Variant[] = [
  {
    id: 'replicated/aby3',
    title: 'Replicated sharing, ABY3 as SPU 0.5.0 runs it',
    description:
      'Three parties hold two of three components each. The circuits, truncation and bytes of the system with which PUMA was measured.',
    source: 'Araki et al. 2016; ABY3 (Mohassel, Rindal 2018); SPU 0.5.0',
    parties: 3,
    trust:
      'Semi-honest, honest majority: parties follow the protocol, no two of the three pool what they hold.',
    create: replicatedProtocol,
    costModel: aby3CostModel,
    owner: { split: splitForParties, join: joinReveal },
  },
];

export const variantDescriptions: readonly VariantDescription[] = variants.map(
  ({ id, title, description, source, parties, trust }) => ({
    id,
    title,
    description,
    source,
    parties,
    trust,
  }),
);

function variant(id: VariantId): Variant {
  const found = variants.find((candidate) => candidate.id === id);
  if (found === undefined) {
    const known = variants.map((candidate) => candidate.id).join(', ');
    throw new EngineError('plan', `protocol variant ${id} has no parties; known: ${known}`);
  }
  return found;
}

export function partiesOf(id: VariantId): number {
  return variant(id).parties;
}

export function createProtocol(id: VariantId, session: Session, branch: Branch): Protocol {
  return variant(id).create(session, branch);
}

export function costModelOf(id: VariantId, bits: RingBits): CostModel {
  return variant(id).costModel(bits);
}

export function ownerSideOf(id: VariantId): OwnerSide {
  return variant(id).owner;
}

/** The yardstick, which needs no session. */
export function clearProtocol(kernels: Kernels, ring: Ring, ends: ClearEnds): Protocol {
  return new ClearProtocol(kernels, ring, ends);
}
