/** Shapes: their size, how two of them broadcast, and which axes a gradient must be summed over. */
import { TrainingError } from '../errors.ts';

export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** A negative axis counts from the end. */
export function axisOf(shape: Shape, axis: number): number {
  const found = axis < 0 ? shape.length + axis : axis;
  if (Number.isInteger(found) && found >= 0 && found < shape.length) return found;
  throw new TrainingError('graph', `axis ${axis} is not one of shape [${shape.join(', ')}].`);
}

/** The size along an axis. */
export const sizeAt = (shape: Shape, axis: number): number => shape[axisOf(shape, axis)]!;

/**
 * The shape of an element-wise result: axes aligned at the end, a size of 1 stretched.
 * @throws TrainingError when two sizes differ and neither is 1
 */
export function broadcast(a: Shape, b: Shape, operation: string): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new TrainingError(
      'graph',
      `${operation}: shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast (${left} and ${right}).`,
    );
  });
}

/** Axes of `wide` along which a tensor of shape `narrow` was stretched. */
export function stretchedAxes(wide: Shape, narrow: Shape): number[] {
  const missing = wide.length - narrow.length;
  return wide.flatMap((size, axis) =>
    axis < missing || (narrow[axis - missing] === 1 && size !== 1) ? [axis] : [],
  );
}
