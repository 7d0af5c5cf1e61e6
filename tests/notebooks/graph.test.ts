/** Names and what uses them: order, cycles, duplicates, and what a change reaches. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../server/api/schemas/notebook-cells.ts';
import { affectedBy, graphOf } from '../../server/api/schemas/notebook-graph.ts';
import { cellsArbitrary } from './arbitrary.ts';

const js = (id: string, uses: readonly string[], name: string | null = id): Cell => ({
  id,
  kind: 'javascript',
  source: '',
  uses: [...uses],
  ...(name === null ? {} : { name }),
});
const runCell = (id: string, uses: readonly string[]): Cell => ({
  id,
  kind: 'run',
  name: id,
  source: JSON.stringify(uses.map((one) => `{{${one}}}`)),
});

/** Cells v0..vn, each using some that were made before it: no cycle. */
const acyclic: fc.Arbitrary<Cell[]> = fc
  .array(fc.tuple(fc.array(fc.nat(30), { maxLength: 4 }), fc.boolean()), {
    minLength: 1,
    maxLength: 14,
  })
  .map((rows) =>
    rows.map(([uses, isRun], index) => {
      const names = [...new Set(uses.filter((one) => one < index))].map((one) => `v${one}`);
      return isRun ? runCell(`v${index}`, names) : js(`v${index}`, names);
    }),
  );
const shuffled = (cells: Cell[]) =>
  fc.shuffledSubarray(cells, { minLength: cells.length, maxLength: cells.length });

describe('the graph', () => {
  test('orders every cell after all that it uses, wherever it stands on the page', () => {
    fc.assert(
      fc.property(acyclic.chain(shuffled), (cells) => {
        const { order, uses, errors } = graphOf(cells);
        expect(errors.size).toBe(0);
        expect(order.toSorted()).toEqual(cells.map(({ id }) => id).toSorted());
        for (const [id, used] of uses) {
          for (const one of used) expect(order.indexOf(one)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });

  test('the order on the page changes nothing about who uses whom', () => {
    fc.assert(
      fc.property(
        acyclic.chain((cells) => fc.tuple(fc.constant(cells), shuffled(cells))),
        ([cells, other]) => {
          const sorted = (of: Cell[]) =>
            new Map([...graphOf(of).uses].map(([id, used]) => [id, used.toSorted()]));
          expect(sorted(other)).toEqual(sorted(cells));
        },
      ),
    );
  });

  test('an edge back closes a cycle, which is an error of the cells on it and of no other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 4 }),
        (length, tail) => {
          const ring = Array.from({ length }, (_, i) => js(`r${i}`, [`r${(i + 1) % length}`]));
          const after = Array.from({ length: tail }, (_, i) =>
            js(`t${i}`, [i === 0 ? 'r0' : `t${i - 1}`]),
          );
          const { errors } = graphOf([...after, ...ring, js('free', [])]);
          expect([...errors.keys()].toSorted()).toEqual(ring.map(({ id }) => id).toSorted());
          for (const { kind, message } of errors.values()) {
            expect(kind).toBe('cycle');
            expect(message).toContain('uses');
          }
        },
      ),
    );
  });

  test('of two cells with one name the first keeps it and the second has the error', () => {
    const { owners, errors, uses } = graphOf([js('a', [], 'x'), js('b', [], 'x'), js('c', ['x'])]);
    expect(owners.get('x')).toBe('a');
    expect(uses.get('c')).toEqual(['a']);
    expect([...errors].map(([id, { kind }]) => [id, kind])).toEqual([['b', 'duplicate']]);
  });

  test('never fails, whatever the cells', () => {
    fc.assert(
      fc.property(cellsArbitrary, (cells) => {
        const { order, errors } = graphOf(cells);
        const cyclic = [...errors.values()].filter(({ kind }) => kind === 'cycle').length;
        expect(order.length + cyclic).toBe(cells.length);
      }),
    );
  });
});

describe('what a change reaches', () => {
  test('every cell downstream, and no other', () => {
    fc.assert(
      fc.property(acyclic.chain(shuffled), fc.nat(13), (cells, at) => {
        const changed = cells[at % cells.length];
        if (changed === undefined) throw new Error('no cell');
        const { usedBy } = graphOf(cells);
        const below = new Set<string>();
        const visit = (id: string): void => {
          if (below.has(id)) return;
          below.add(id);
          for (const next of usedBy.get(id) ?? []) visit(next);
        };
        visit(changed.id);
        const { recomputed, stale } = affectedBy(cells, changed.id);
        expect([...recomputed, ...stale].toSorted()).toEqual([...below].toSorted());
      }),
    );
  });

  test('a run cell never starts by itself: it and all that rests on it become stale', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(13), (cells, at) => {
        const changed = cells[at % cells.length];
        if (changed === undefined) throw new Error('no cell');
        const { recomputed, stale } = affectedBy(cells, changed.id);
        const kinds = new Map(cells.map(({ id, kind }) => [id, kind]));
        expect(recomputed.filter((id) => kinds.get(id) === 'run')).toEqual([]);
        const { uses } = graphOf(cells);
        for (const id of stale) {
          const because =
            kinds.get(id) === 'run' || (uses.get(id) ?? []).some((one) => stale.includes(one));
          expect(because).toBe(true);
        }
      }),
    );
  });

  test('what is pinned is not reached, nor what rests on it alone', () => {
    const pinned = {
      at: '2026-11-23T12:00:00Z',
      value: {
        kind: 'scalar' as const,
        scalar: { value: 1, format: 'plain' as const, runs: [], classes: [] },
      },
    };
    const cells: Cell[] = [js('a', []), { ...js('b', ['a']), pinned }, js('c', ['b'])];
    expect(affectedBy(cells, 'a')).toEqual({ recomputed: ['a'], stale: [] });
  });
});
