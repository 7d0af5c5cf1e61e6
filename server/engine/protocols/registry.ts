/** Every protocol variant by name. The only file that imports the protocol folders. */
import { EngineError } from '../errors.ts';
import type { PartyId } from '../channel.ts';
import type { CorrelationsId, Plan, Ring, VariantId } from '../plan.ts';
import type { Protocol } from '../protocol.ts';
import type { Kernels, RingBits } from '../ring/kernels.ts';
import type { Prg } from '../ring/prg.ts';
import type { Branch, Session } from '../session.ts';
import { additiveCostModel } from './additive/cost.ts';
import { additiveProtocol } from './additive/index.ts';
import * as additiveIo from './additive/io.ts';
import * as additive from './additive/realisation.ts';
import { FloatProtocol } from './clear/float.ts';
import { ClearProtocol, type ClearEnds } from './clear/index.ts';
import { ErrorRecord, TwinProtocol } from './clear/twin.ts';
import { replicatedCostModel } from './replicated/cost.ts';
import { replicatedProtocol } from './replicated/index.ts';
import * as replicatedIo from './replicated/io.ts';
import * as replicated from './replicated/realisation.ts';
import type { CostModel } from './schedule.ts';
import type { VariantChoice } from './variant-steps.ts';
export { doublesOf, floatTensor } from './clear/float.ts';
export type { PlaceError } from './clear/twin.ts';

/** How the owner turns a tensor into what it sends to each party, and what it receives into one. */
export interface OwnerSide {
  /** Components of an input that each party holds. */
  readonly components: 1 | 2;
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

export type SecureVariantId = Exclude<VariantId, 'clear'>;

export interface VariantDescription {
  readonly id: SecureVariantId;
  readonly title: string;
  readonly description: string;
  readonly source: string;
  readonly parties: 2 | 3;
  /** Whether somebody has to deal correlated randomness. */
  readonly needsCorrelations: boolean;
  readonly trust: string;
}

interface Variant extends VariantDescription {
  readonly create: (session: Session, branch: Branch) => Protocol;
  readonly costModel: (bits: RingBits) => CostModel;
  readonly owner: OwnerSide;
  /** The same with other steps. */
  readonly withSteps: (choice: VariantChoice) => Variant;
}

type Text = Pick<VariantDescription, 'title' | 'description' | 'source'>;

function replicatedVariant(how: replicated.Realisation, text: Text): Variant {
  return {
    ...text,
    id: how.id,
    parties: 3,
    needsCorrelations: false,
    trust:
      'Semi-honest, honest majority: parties follow the protocol, no two of the three pool what they hold.',
    create: replicatedProtocol(how),
    costModel: (bits) => replicatedCostModel(how, bits),
    owner: { components: 2, split: replicatedIo.splitForParties, join: replicatedIo.joinReveal },
    withSteps: (choice) => replicatedVariant(replicated.withSteps(how, choice), text),
  };
}

function additiveVariant(how: additive.Realisation, text: Text): Variant {
  return {
    ...text,
    id: how.id,
    parties: 2,
    needsCorrelations: true,
    trust:
      'Semi-honest: parties follow the protocol, the two do not pool what they hold, and the dealer pools with neither.',
    create: additiveProtocol(how),
    costModel: (bits) => additiveCostModel(how, bits),
    owner: { components: 1, split: additiveIo.splitForParties, join: additiveIo.joinReveal },
    withSteps: (choice) => additiveVariant(additive.withSteps(how, choice), text),
  };
}

const variants: readonly Variant[] = [
  replicatedVariant(replicated.aby3, {
    title: 'Replicated sharing, ABY3 as SPU 0.5.0 runs it',
    description:
      'Three parties hold two of three components each. The circuits, truncation and bytes of the system with which PUMA was measured.',
    source: 'Araki et al. 2016; ABY3 (Mohassel, Rindal 2018); SPU 0.5.0',
  }),
  replicatedVariant(replicated.fast, {
    title: 'Replicated sharing, fast',
    description:
      'Three parties. Products are truncated before they are shared again, one round and 24 bytes less each; equality works on a masked opening.',
    source: 'Araki et al. 2016; Dalskov, Escudero, Keller 2019',
  }),
  additiveVariant(additive.crypten, {
    title: 'Additive sharing, as CrypTen 0.4.0 runs it',
    description:
      'Two parties and a dealer. The circuits, local truncation and bytes of the system with which MPCFormer was measured.',
    source: 'Beaver 1991; CrypTen (Knott et al. 2021), commit 775868a',
  }),
  additiveVariant(additive.semi2k, {
    title: 'Additive sharing, SEMI2K as SPU 0.5.0 runs it',
    description:
      'Two parties and a dealer. Truncation without wrap errors and the carry tree of the system with which MPCViT was measured.',
    source: 'SPU 0.5.0b0, SEMI2K with two parties',
  }),
  additiveVariant(additive.fast, {
    title: 'Additive sharing, fast',
    description:
      'Two parties and a dealer. Weights are masked once per session, comparisons work on a masked opening, a bit times a number takes one round.',
    source: 'Beaver 1991; Dalskov, Escudero, Keller 2019',
  }),
];

export const variantDescriptions: readonly VariantDescription[] = variants.map(
  ({ id, title, description, source, parties, needsCorrelations, trust }) => ({
    id,
    title,
    description,
    source,
    parties,
    needsCorrelations,
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

/** Who deals in this plan; null where nobody has to. */
export function correlationsOf(
  plan: Pick<Plan, 'variant' | 'correlations'>,
): CorrelationsId | null {
  return variant(plan.variant).needsCorrelations ? (plan.correlations ?? 'dealer') : null;
}

/** A variant by its name alone, or with the steps that a plan replaces. */
export type VariantOrChoice = VariantId | VariantChoice;

function realised(choice: VariantOrChoice): Variant {
  if (typeof choice === 'string') return variant(choice);
  const named = variant(choice.variant);
  const { truncation, comparison, weights } = choice;
  const own = truncation === undefined && comparison === undefined && weights === undefined;
  return own ? named : named.withSteps(choice);
}

/** @throws EngineError 'plan' for a step that the variant cannot have */
export function createProtocol(
  choice: VariantOrChoice,
  session: Session,
  branch: Branch,
): Protocol {
  return realised(choice).create(session, branch);
}

/** @throws EngineError 'plan' for a step that the variant cannot have */
export function costModelOf(choice: VariantOrChoice, bits: RingBits): CostModel {
  return realised(choice).costModel(bits);
}

export function ownerSideOf(id: VariantId): OwnerSide {
  return variant(id).owner;
}

/** The yardstick, which needs no session. */
export function clearProtocol(kernels: Kernels, ring: Ring, ends: ClearEnds): Protocol {
  return new ClearProtocol(kernels, ring, ends);
}

/** The yardstick beside the same functions in float64, with how far they lie apart. */
export function twinProtocol(
  kernels: Kernels,
  ring: Ring,
  fixedEnds: ClearEnds,
  floatEnds: ClearEnds,
): { readonly mpc: Protocol; readonly record: ErrorRecord } {
  const fixed = new ClearProtocol(kernels, ring, fixedEnds);
  const float = new FloatProtocol(kernels, ring, floatEnds);
  const record = new ErrorRecord();
  return { mpc: new TwinProtocol({ fixed, float, record }), record };
}
