/**
 * What an operation means on each variant: the functions of the framework that the variant
 * reproduces. One table per framework; this file only says which is whose.
 */
import { EngineError } from '../errors.ts';
import type { SecureVariantId } from '../protocols/registry.ts';
import type { Operation, OperationForm } from './operation.ts';
import { cryptenOperations } from './operations-crypten.ts';
import { aby3Operations, semi2kOperations } from './operations-spu.ts';

export {
  operationNames,
  type Operation,
  type OperationForm,
  type OperationName,
} from './operation.ts';

const catalogue: { readonly [Variant in SecureVariantId]: readonly Operation[] } = {
  'additive/crypten': cryptenOperations,
  'additive/semi2k': semi2kOperations,
  'additive/fast': aby3Operations,
  'replicated/aby3': aby3Operations,
  'replicated/fast': aby3Operations,
};

export function operationsOf(variant: SecureVariantId): readonly Operation[] {
  return catalogue[variant];
}

/** @throws EngineError('plan') for a name or form that the variant has not, with those that it has */
export function operationOf(
  variant: SecureVariantId,
  name: string,
  form?: string,
): { readonly operation: Operation; readonly form: OperationForm } {
  const operations = operationsOf(variant);
  const operation = operations.find((candidate) => candidate.name === name);
  if (operation === undefined) {
    const known = operations.map((candidate) => candidate.name).join(', ');
    throw new EngineError('plan', `op: ${name} is not known on ${variant}; known: ${known}`);
  }
  if (form === undefined) return { operation, form: operation.forms[0] };
  const found = operation.forms.find((candidate) => candidate.id === form);
  if (found === undefined) {
    const known = operation.forms.map(({ id }) => id).join(', ');
    throw new EngineError('plan', `form: ${form} is not a form of ${name}; known: ${known}`);
  }
  return { operation, form: found };
}
