/** The options of `parley costs --op` as a request. */
import { requireOperation, type OperationRequest } from '../../engine/cost/operation-cost.ts';
import { operationNames } from '../../engine/cost/operations.ts';
import { EngineError } from '../../engine/errors.ts';
import { settingRequest, type CostsOptions } from './options.ts';
import { parseShapes, parseWhole, required } from './parse.ts';

/** @throws EngineError 'plan', 'shape' or 'range' for what is missing or cannot be read */
export function operationRequest(options: CostsOptions): OperationRequest {
  const setting = settingRequest(options);
  const op = required('--op', options.op, operationNames);
  return {
    ...setting,
    op,
    shapes: parseShapes(options.shape ?? missingShape(setting.variant, op)),
    form: options.form,
    turn: options.turn === undefined ? undefined : parseWhole('--turn', options.turn, 0, 1_000_000),
  };
}

/** What the operation takes, and in which forms it comes. */
function missingShape(variant: string, op: string): never {
  const { operation } = requireOperation(variant, op);
  const forms = operation.forms.map(({ id }) => id).join(', ');
  throw new EngineError(
    'shape',
    `--shape is missing: ${op} takes ${operation.usage}. Forms on ${variant}: ${forms}.`,
  );
}
