/**
 * Secure embedding (PUMA section 4.3): the wordpiece id is compared with every vocabulary index, the
 * one-hot row selects from the table. Neither id nor position in the table is ever revealed.
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
  const negativeIndex = publicRow(mpc.ring.bits, vocabulary, (index) => BigInt(-index));
  const rows: AShare[] = [];
  for (let start = 0; start < tokens; start += perTile) {
    const end = Math.min(tokens, start + perTile);
    const tile = mpc.view(mpc.view(ids, { slice: { axis: 0, start, end } }), {
      reshape: [end - start, 1],
    });
    const difference = mpc.addPublic(
      mpc.view(tile, { expand: [end - start, vocabulary] }),
      negativeIndex,
    );
    const oneHot = await mpc.b2a(await mpc.isZero(difference), 'bit');
    // The one-hot row holds integers, so the product keeps the table's scale: no truncation.
    rows.push(await mpc.matmul(oneHot, table));
  }
  return rows.length === 1 && rows[0] !== undefined ? rows[0] : mpc.concat(rows, 0);
}
