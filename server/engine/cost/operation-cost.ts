/** One operation of the catalogue: which one is meant, and its price from shapes alone. */
import { EngineError } from '../errors.ts';
import type { CorrelationsId } from '../plan.ts';
import type { SecureVariantId, VariantDescription } from '../protocols/registry.ts';
import type { RingBits } from '../ring/kernels.ts';
import type { Shape } from '../ring/tensor.ts';
import type { CostFigures } from './figures.ts';
import { operationOf } from './operations.ts';
import { priceProgram, type PricedProgram } from './price-program.ts';
import { requireVariant, resolveSetting, type SettingRequest } from './setting.ts';

export interface OperationRequest extends SettingRequest {
  readonly op: string;
  /** Default: the one that the variant's framework runs. */
  readonly form?: string | undefined;
  /** Of the operands; operands of one shape may be given once. */
  readonly shapes: readonly Shape[];
  /** First value of the public counter by which asymmetric roles rotate; default 0. */
  readonly turn?: number | undefined;
}

export interface OperationCost extends CostFigures {
  readonly op: string;
  readonly variant: SecureVariantId;
  /** As on the command line: `128x768,768x768`. */
  readonly shape: string;
  readonly form: string;
  /** What is computed, in one line. */
  readonly title: string;
  readonly ring: RingBits;
  readonly fractionBits: number;
  /** Null where the variant needs none. */
  readonly correlations: CorrelationsId | null;
  readonly turn: number;
  /** Whose function this is: file and commit, or paper and section. */
  readonly source: string;
}

/** A request whose choices were found to fit. */
export interface ResolvedOperation extends PricedProgram {
  readonly described: Pick<OperationCost, 'op' | 'shape' | 'form' | 'title' | 'source'>;
}

/**
 * What a variant has under a name.
 * @throws EngineError 'plan' for an unknown variant, operation or form, with those that are known
 */
export function requireOperation(
  id: string,
  op: string,
  form?: string,
): ReturnType<typeof operationOf> & { readonly variant: VariantDescription } {
  const variant = requireVariant(id);
  return { variant, ...operationOf(variant.id, op, form) };
}

/**
 * Checks a request against what exists.
 * @throws EngineError 'plan', 'shape' or 'range', naming field, value and what is known
 */
export function resolveOperation(request: OperationRequest): ResolvedOperation {
  const { variant, operation, form } = requireOperation(request.variant, request.op, request.form);
  return {
    ...resolveSetting(request),
    turn: request.turn ?? 0,
    inputs: operation.inputs(request.shapes),
    weights: form.weights,
    run: form.run,
    described: {
      op: operation.name,
      shape: shapeText(request.shapes),
      form: form.id,
      title: form.title,
      source: form.source ?? variant.source,
    },
  };
}

/** @throws EngineError as `resolveOperation`, and 'shape' where operands do not fit each other */
export async function operationCost(request: OperationRequest): Promise<OperationCost> {
  const resolved = resolveOperation(request);
  const { variant, ring, correlations, turn } = resolved;
  const { op, shape, ...described } = resolved.described;
  return {
    op,
    variant,
    shape,
    ...(await priceOrExplain(resolved, resolved.described)),
    ...described,
    ring: ring.bits,
    fractionBits: ring.fractionBits,
    correlations,
    turn,
  };
}

/** Operands that do not fit each other are found out by the operation itself: add what was given. */
async function priceOrExplain(
  program: PricedProgram,
  { op, shape }: { readonly op: string; readonly shape: string },
): Promise<CostFigures> {
  try {
    return await priceProgram(program);
  } catch (cause) {
    if (!(cause instanceof EngineError) || cause.kind !== 'shape') throw cause;
    const { usage } = operationOf(program.variant, op).operation;
    throw new EngineError(
      'shape',
      `shape is ${shape}: ${op} cannot take it (${cause.message}). Give ${usage}.`,
      { cause },
    );
  }
}

/** `128x768,768x768`; a shape without axes is one number. */
export function shapeText(shapes: readonly Shape[]): string {
  return shapes.map((shape) => (shape.length === 0 ? '1' : shape.join('x'))).join(',');
}
