/** One position of a sequence. */
import type { AShare, Protocol } from '../protocol.ts';

/** [batch, length, columns] to [batch, columns]. */
export function tokenAt(mpc: Protocol, x: AShare, position: number): AShare {
  const [batch = 0, , columns = 0] = x.shape;
  const one = mpc.view(x, { slice: { axis: 1, start: position, end: position + 1 } });
  return mpc.view(one, { reshape: [batch, columns] });
}
