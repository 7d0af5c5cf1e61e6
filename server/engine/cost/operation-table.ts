/**
 * Every operation on every variant: declared, measured and published cost side by side, as plain
 * data. Declared is computed here; what was measured is handed in by whoever ran it.
 */
import type { CorrelationsId } from '../plan.ts';
import type { RingBits } from '../ring/kernels.ts';
import { variantDescriptions, type SecureVariantId } from '../protocols/registry.ts';
import type { LinkName } from '../protocols/schedule.ts';
import type { CostFigures } from './figures.ts';
import type { MeasuredCost } from './measure-program.ts';
import { operationCost, type OperationCost, type OperationRequest } from './operation-cost.ts';
import { operationNames, operationsOf } from './operations.ts';
import { compareWithPublished, type PublishedComparison } from './compare-published.ts';
import { publishedCosts } from './published.ts';

/** What was measured, and of what. */
export interface MeasuredOperation extends MeasuredCost {
  readonly variant: SecureVariantId;
  readonly op: string;
  readonly form: string;
  readonly shape: string;
  readonly ring: RingBits;
  readonly fractionBits: number;
  readonly correlations: CorrelationsId | null;
}

export interface OperationTableRow {
  readonly op: string;
  readonly form: string;
  readonly variant: SecureVariantId;
  readonly title: string;
  readonly source: string;
  /** Operands of `declared` and `measured`. */
  readonly shape: string;
  readonly declared: OperationCost;
  /** Null where nobody has measured it. */
  readonly measured: MeasuredCost | null;
  /** Whether measured equals declared, link by link; null where nobody has measured. */
  readonly agrees: boolean | null;
  readonly published: readonly PublishedComparison[];
}

/** Every form of every operation of every variant, with the shapes of the table; by operation. */
export function tableOperations(): (Required<Pick<OperationRequest, 'op' | 'shapes'>> & {
  readonly variant: SecureVariantId;
  readonly form: string;
  /** Whether this is the form that is meant where none is named. */
  readonly isDefault: boolean;
})[] {
  return variantDescriptions
    .flatMap(({ id: variant }) =>
      operationsOf(variant).flatMap((operation) =>
        operation.forms.map((form, index) => ({
          variant,
          op: operation.name,
          form: form.id,
          isDefault: index === 0,
          shapes: operation.example,
        })),
      ),
    )
    .toSorted((a, b) => operationNames.indexOf(a.op) - operationNames.indexOf(b.op));
}

/** One row per form of an operation on a variant. Computing all takes well under a second. */
export async function operationTable(
  measured: readonly MeasuredOperation[] = [],
): Promise<OperationTableRow[]> {
  const rows: OperationTableRow[] = [];
  for (const { variant, op, form, isDefault, shapes } of tableOperations()) {
    const declared = await operationCost({ variant, op, form, shapes });
    const found = measured.find((candidate) => isOf(candidate, declared)) ?? null;
    const published: PublishedComparison[] = [];
    for (const figure of publishedCosts) {
      if (figure.variant !== variant || figure.op !== op) continue;
      if (figure.form === form || (figure.form === null && isDefault)) {
        published.push(await compareWithPublished(figure, form));
      }
    }
    rows.push({
      op,
      form,
      variant,
      title: declared.title,
      source: declared.source,
      shape: declared.shape,
      declared,
      measured: found,
      agrees: found === null ? null : sameCost(declared, found),
      published,
    });
  }
  return rows;
}

/** Whether all rounds and every directed link are the declared ones. */
export function sameCost(declared: CostFigures, measured: MeasuredCost): boolean {
  const links = new Set([...Object.keys(declared.links), ...Object.keys(measured.links)]);
  links.delete('dealer>0');
  const same = [...links].every(
    (link) => (declared.links[link as LinkName] ?? 0) === (measured.links[link as LinkName] ?? 0),
  );
  return (
    same &&
    declared.dealerBytes === measured.dealerBytes &&
    declared.roundsOverlapped === measured.roundsOverlapped
  );
}

function isOf(measured: MeasuredOperation, declared: OperationCost): boolean {
  return (
    measured.variant === declared.variant &&
    measured.op === declared.op &&
    measured.form === declared.form &&
    measured.shape === declared.shape &&
    measured.ring === declared.ring &&
    measured.fractionBits === declared.fractionBits &&
    measured.correlations === declared.correlations
  );
}
