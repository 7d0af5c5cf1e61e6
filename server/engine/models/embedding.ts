/**
 * Secure embedding (PUMA section 4.3): the one-hot row of a wordpiece id selects from the table. PUMA
 * compares the id with every vocabulary index; where a variant can rotate a dealt row instead, it does.
 * Neither id nor position in the table is ever revealed.
 */
import type { AShare, Protocol } from '../protocol.ts';
import { publicRow } from '../ring/public-tensor.ts';

/** Vocabulary entries compared at once: bounds memory, about 250 bytes per entry and party. */
const maxEntries = 2 ** 21;

/** ids [tokens] (ring integers) and table [vocabulary, hidden] to [tokens, hidden]. */
export async function secureLookup(mpc: Protocol, ids: AShare, table: AShare): Promise<AShare> {
  const tokens = ids.shape[0] ?? 0;
  const vocabulary = table.shape[0] ?? 0;
  const perTile = Math.max(1, Math.floor(maxEntries / vocabulary));
  const rows: AShare[] = [];
  for (let start = 0; start < tokens; start += perTile) {
    const end = Math.min(tokens, start + perTile);
    const tile = mpc.view(ids, { slice: { axis: 0, start, end } });
    // One-hot rows hold integers, so the product keeps the table's scale: no truncation.
    rows.push(await mpc.matmul(await oneHotRows(mpc, tile, vocabulary), table));
  }
  return rows.length === 1 && rows[0] !== undefined ? rows[0] : mpc.concat(rows, 0);
}

/** Ring integers [indices, size] for indices [indices] in [0, size). */
export async function oneHotRows(mpc: Protocol, indices: AShare, size: number): Promise<AShare> {
  if (mpc.oneHot !== null) return mpc.oneHot(indices, size);
  const [count = 0] = indices.shape;
  const column = mpc.view(indices, { reshape: [count, 1] });
  const difference = mpc.addPublic(
    mpc.view(column, { expand: [count, size] }),
    publicRow(mpc.ring.bits, size, (index) => BigInt(-index)),
  );
  return mpc.b2a(await mpc.isZero(difference), 'bit');
}
