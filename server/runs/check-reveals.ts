/**
 * What left secrecy in a run, held against what its spec allows: one reveal per inference, the output
 * of the model, to the owner. Every party books its own reveals; one that books anything else has let
 * something out, and the run's numbers are then not shown.
 */
import { elementCount } from '../engine/ring/tensor.ts';
import type { RevealRecord } from '../engine/trace.ts';
import { RunError } from './errors.ts';
import type { RoleResult } from './launch-types.ts';
import { roleName } from './roles.ts';

/** Where the engine books the output. */
const outputPath = 'reveal';

const show = ({ path, to, reason, shape }: RevealRecord): string =>
  `[${shape.join(', ')}] at "${path}" to ${to === 'owner' ? 'the owner' : String(to)} ("${reason}")`;

const isOutput = ({ path, to, shape }: RevealRecord, expected: readonly number[]): boolean =>
  path === outputPath &&
  to === 'owner' &&
  shape.length === expected.length &&
  shape.every((length, axis) => length === expected[axis]);

/**
 * @param outputs shape of the output of each inference, in order
 * @param wordBytes of a ring element: what a party sends per revealed one
 * @throws RunError 'revealed' naming role, place, receiver and shape of the first reveal that is not
 *   allowed, or the inference in which the output was revealed not at all or more than once
 */
export function checkReveals(
  roles: readonly RoleResult[],
  outputs: readonly (readonly number[])[],
  wordBytes: number,
): void {
  const rule = 'Allowed is one reveal per inference, of the output, to the owner';
  for (const { role, traces } of roles) {
    traces.forEach(({ reveals, bytesSentToOwner }, index) => {
      const expected = outputs[index - 1];
      const when = index === 0 ? 'while the weights were shared' : `in inference ${index - 1}`;
      const mayReveal = role !== 'dealer' && expected !== undefined;
      const extra = reveals.find((reveal) => !mayReveal || !isOutput(reveal, expected));
      if (extra !== undefined) {
        const what = `${roleName(role)} revealed ${show(extra)} ${when}`;
        throw new RunError('revealed', `${what}, which the spec does not allow. ${rule}.`);
      }
      const booked = reveals.reduce((sum, { shape }) => sum + wordBytes * elementCount(shape), 0);
      if (bytesSentToOwner !== booked) {
        const what = `${roleName(role)} sent the owner ${bytesSentToOwner} bytes ${when}`;
        throw new RunError(
          'revealed',
          `${what}, of which it booked ${booked} as reveals. ${rule}.`,
        );
      }
      if (mayReveal && reveals.length !== 1) {
        const what = `${roleName(role)} booked ${reveals.length} reveals of the output ${when}`;
        throw new RunError('revealed', `${what}. ${rule}.`);
      }
    });
  }
}
