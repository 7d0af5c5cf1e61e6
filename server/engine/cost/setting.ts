/** Where a price is asked for: the variant, the ring and who deals, checked and with their defaults. */
import { EngineError } from '../errors.ts';
import type { CorrelationsId, Ring } from '../plan.ts';
import {
  correlationsOf,
  variantDescriptions,
  type SecureVariantId,
  type VariantDescription,
} from '../protocols/registry.ts';
import type { RingBits } from '../ring/kernels.ts';

export interface SettingRequest {
  readonly variant: string;
  /** Default: 64 bits, with the fraction bits of the variant's framework. */
  readonly bits?: RingBits | undefined;
  readonly fractionBits?: number | undefined;
  /** Only for variants that need correlations; default: dealer. */
  readonly correlations?: CorrelationsId | undefined;
}

export interface Setting {
  readonly variant: SecureVariantId;
  readonly ring: Ring;
  /** Null where the variant needs none. */
  readonly correlations: CorrelationsId | null;
}

/** @throws EngineError 'plan' for an unknown id, with those that are known */
export function requireVariant(id: string): VariantDescription {
  const variant = variantDescriptions.find((candidate) => candidate.id === id);
  if (variant !== undefined) return variant;
  const known = variantDescriptions.map((candidate) => candidate.id).join(', ');
  throw new EngineError(
    'plan',
    `variant is ${JSON.stringify(id)}: not known. Use one of: ${known}.`,
  );
}

/** @throws EngineError 'plan' or 'range', naming field, value and what is known */
export function resolveSetting(request: SettingRequest): Setting {
  const { id, needsCorrelations } = requireVariant(request.variant);
  if (request.correlations !== undefined && !needsCorrelations) {
    throw new EngineError(
      'plan',
      `correlations is ${JSON.stringify(request.correlations)}: ${id} uses none. Leave it out.`,
    );
  }
  const correlations = request.correlations ?? 'dealer';
  return {
    variant: id,
    ring: ringOf(id, request),
    correlations: correlationsOf({ variant: id, correlations }),
  };
}

/** Fraction bits with which the framework behind a variant runs. */
function ringOf(variant: SecureVariantId, request: SettingRequest): Ring {
  const bits = request.bits ?? 64;
  const usual = variant === 'additive/crypten' ? 16 : 18;
  const fractionBits = request.fractionBits ?? (bits === 64 ? usual : 8);
  // Products hold twice the fraction, and scaling by a power of two needs a sign and a bit beyond.
  const most = bits / 2 - 2;
  if (!Number.isInteger(fractionBits) || fractionBits < 1 || fractionBits > most) {
    throw new EngineError(
      'range',
      `fractionBits is ${fractionBits}: a ring of ${bits} bits takes 1 to ${most}.`,
    );
  }
  return { bits, fractionBits };
}
