/**
 * Who uses whom in a notebook. Names make a directed graph without cycles; the order on the page means
 * nothing. A name that two cells have, and a cycle, are errors of the cells that make them; all other
 * cells go on. Browser-safe, pure.
 */
import type { Cell } from './notebook-cells.ts';
import { nameOf } from './notebook-kinds.ts';
import { namesIn, parseExpression, placeholdersOf } from './notebook-expression.ts';

/** Names that an expression uses; none where it cannot be read, which is said where it is evaluated. */
function namesOfText(text: string): readonly string[] {
  try {
    return namesIn(parseExpression(text));
  } catch {
    return [];
  }
}

const namesOfPlaceholders = (text: string): readonly string[] =>
  placeholdersOf(text).flatMap((placeholder) => namesOfText(placeholder.text));

/** Every name that a cell's text mentions, each once, whether a cell has it or not. */
export function mentionedBy(cell: Cell): readonly string[] {
  switch (cell.kind) {
    case 'markdown':
    case 'query':
    case 'run':
      return [...new Set(namesOfPlaceholders(cell.source))];
    case 'assertion':
      return [...new Set(namesOfText(cell.source))];
    case 'chart':
      return [
        ...new Set([
          ...(cell.table === '' ? [] : [cell.table]),
          ...[cell.rtt, cell.rate].flatMap((text) => (text === undefined ? [] : namesOfText(text))),
        ]),
      ];
    case 'compare':
      return cell.table === '' ? [] : [cell.table];
    case 'javascript':
      return [...new Set(cell.uses)];
    case 'paper':
    case 'input':
      return [];
  }
}

export interface GraphError {
  readonly kind: 'duplicate' | 'cycle';
  readonly message: string;
}

export interface Graph {
  /** Cells that come after all that they use; those of a cycle are left out. */
  readonly order: readonly string[];
  /** Ids of the cells that a cell uses, by its id. */
  readonly uses: ReadonlyMap<string, readonly string[]>;
  /** The reverse. */
  readonly usedBy: ReadonlyMap<string, readonly string[]>;
  /** The one cell that has a name. */
  readonly owners: ReadonlyMap<string, string>;
  readonly errors: ReadonlyMap<string, GraphError>;
}

/**
 * The graph of some cells. Of a name that several cells have the first in the list keeps it, so that a
 * copy that was pasted breaks nothing above it; the others get the error.
 */
export function graphOf(cells: readonly Cell[]): Graph {
  const owners = new Map<string, string>();
  const errors = new Map<string, GraphError>();
  for (const cell of cells) {
    const name = nameOf(cell);
    if (name === null) continue;
    if (owners.has(name)) {
      const message = `Another cell is named "${name}" already; give this one another name.`;
      errors.set(cell.id, { kind: 'duplicate', message });
    } else owners.set(name, cell.id);
  }
  const uses = new Map(
    cells.map((cell): [string, readonly string[]] => [
      cell.id,
      [...new Set(mentionedBy(cell).flatMap((name) => owners.get(name) ?? []))],
    ]),
  );
  const usedBy = new Map<string, string[]>(cells.map(({ id }) => [id, []]));
  for (const [id, used] of uses) for (const one of used) usedBy.get(one)?.push(id);

  const open = new Map([...uses].map(([id, used]) => [id, used.length]));
  const ready = cells.filter(({ id }) => open.get(id) === 0).map(({ id }) => id);
  const order: string[] = [];
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.push(id);
    for (const next of usedBy.get(id) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  const sorted = new Set(order);
  const names = new Map(cells.map((cell) => [cell.id, nameOf(cell) ?? 'this cell']));
  for (const cell of cells) {
    if (sorted.has(cell.id)) continue;
    const ring = ringFrom(cell.id, uses);
    // A cell that only uses one of a cycle is not part of it: it waits, and says so when evaluated.
    if (ring === null) order.push(cell.id);
    else {
      const way = [...ring, cell.id].map((id) => names.get(id) ?? id).join(' uses ');
      errors.set(cell.id, {
        kind: 'cycle',
        message: `This cell uses itself: ${way}. Break the circle.`,
      });
    }
  }
  return { order, uses, usedBy, owners, errors };
}

/** The way from a cell back to itself, itself first; null where there is none. */
function ringFrom(
  start: string,
  uses: ReadonlyMap<string, readonly string[]>,
): readonly string[] | null {
  const before = new Map<string, string>();
  const queue = [start];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    for (const next of uses.get(id) ?? []) {
      if (next === start) {
        const way = [id];
        for (let at = id; at !== start;) {
          at = before.get(at) ?? start;
          way.unshift(at);
        }
        return way;
      }
      if (!before.has(next)) {
        before.set(next, id);
        queue.push(next);
      }
    }
  }
  return null;
}

export interface Affected {
  /** Instant cells that follow at once, after all that they use. */
  readonly recomputed: readonly string[];
  /** Run cells that no longer fit, and whatever rests on them. Nothing of it starts by itself. */
  readonly stale: readonly string[];
}

/** What a change of one cell means for the others. A run cell keeps its old result until it is run. */
export function affectedBy(cells: readonly Cell[], changed: string): Affected {
  const graph = graphOf(cells);
  const kinds = new Map(cells.map(({ id, kind }) => [id, kind]));
  const pinned = new Set(cells.filter((cell) => cell.pinned !== undefined).map(({ id }) => id));
  const reached = new Map<string, 'recomputed' | 'stale'>();
  const visit = (id: string, how: 'recomputed' | 'stale'): void => {
    if (reached.get(id) === how || reached.get(id) === 'stale' || pinned.has(id)) return;
    const own = kinds.get(id) === 'run' ? 'stale' : how;
    reached.set(id, own);
    for (const next of graph.usedBy.get(id) ?? []) visit(next, own);
  };
  visit(changed, 'recomputed');
  const of = (how: 'recomputed' | 'stale'): readonly string[] =>
    graph.order.filter((id) => reached.get(id) === how);
  return { recomputed: of('recomputed'), stale: of('stale') };
}
