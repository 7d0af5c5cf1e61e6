/** Rows beside others: how many times the time, the bytes and the rounds, and what was promised or published. */
import { z } from 'zod';
import type { Target } from './targets.ts';

const figuresSchema = z.object({
  spec: z.string(),
  onlineMs: z.number(),
  bytesSent: z.number(),
  rounds: z.number(),
  takenAt: z.string(),
});

export type Measured = z.infer<typeof figuresSchema> & { readonly target: Target };

/**
 * A sentence for each row that has another to stand beside.
 * @param stored rows of results/speed.json: where the other row was not measured this time
 */
export function ratiosOf(rows: readonly Measured[], stored: readonly unknown[]): string[] {
  const kept = stored.flatMap((row) => figuresSchema.safeParse(row).data ?? []);
  return rows.flatMap((row) => {
    const { against } = row.target;
    if (against === undefined) return [];
    const now = rows.find(({ spec }) => spec === against.row);
    const other = now ?? kept.find(({ spec }) => spec === against.row);
    if (other === undefined) return [`${row.spec}: ${against.row} was not measured, no ratio`];
    const told = (
      [
        ['online', row.onlineMs / other.onlineMs],
        ['bytes', row.bytesSent / other.bytesSent],
        ['rounds', row.rounds / other.rounds],
      ] as const
    ).map(([what, times]) => {
      const most = against.times?.[what];
      const kind = most === undefined ? '' : times <= most ? ` (<= ${most})` : ` (missed, ${most})`;
      const published = what === 'online' ? against.reported : undefined;
      const paper = published === undefined ? '' : ` (reported ${published.online})`;
      return `${what} x${times.toFixed(2)}${kind}${paper}`;
    });
    const when = now === undefined ? `, measured ${other.takenAt}` : '';
    return [`${row.spec} / ${against.row}${when}: ${told.join(', ')}`];
  });
}
