/** Text of the command line to shapes and numbers; every refusal names the option, the value and the fix. */
import { EngineError } from '../../engine/errors.ts';
import type { Shape } from '../../engine/ring/tensor.ts';

/** More elements than any operation of a model has; the sizes of whole numbers stay exact below it. */
const maxElements = 2 ** 40;

/**
 * Shapes of the operands: `128x768,768x768` are two matrices, `1` is one number, `0x4` is empty.
 * @throws EngineError 'shape'
 */
export function parseShapes(text: string): Shape[] {
  return text.split(',').map((part) => {
    const axes = part.trim();
    if (!/^\d{1,15}(x\d{1,15})*$/.test(axes)) {
      throw new EngineError(
        'shape',
        `--shape is ${JSON.stringify(text)}: ${JSON.stringify(axes)} is no shape. Give whole numbers joined by x, and a comma between operands, as in 128x768,768x768.`,
      );
    }
    const shape = axes.split('x').map(Number);
    const elements = shape.reduce((product, length) => product * Math.max(1, length), 1);
    if (elements > maxElements) {
      throw new EngineError('shape', `--shape is ${text}: more than 2^40 elements. Give fewer.`);
    }
    return shape;
  });
}

/** One of the known values. @throws EngineError 'plan' naming them all */
export function parseChoice<T extends string>(
  option: string,
  value: string,
  known: readonly T[],
): T {
  const found = known.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new EngineError(
    'plan',
    `${option} is ${JSON.stringify(value)}: not known. Use ${known.join(' or ')}.`,
  );
}

/** A whole number in a range. @throws EngineError 'range' */
export function parseWhole(option: string, value: string, low: number, high: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= low && number <= high) return number;
  throw new EngineError(
    'range',
    `${option} is ${JSON.stringify(value)}. Give a whole number from ${low} to ${high}.`,
  );
}

/** A value that has to be there. @throws EngineError 'plan' with what could stand there */
export function required(
  option: string,
  value: string | undefined,
  known: readonly string[],
): string {
  if (value !== undefined) return value;
  throw new EngineError('plan', `${option} is missing. Use one of: ${known.join(', ')}.`);
}
