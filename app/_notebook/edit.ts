/** What an editor does to a notebook: pure steps, each of which can be undone. */
import type { Cell, CellKind, Notebook, Pinned } from '../../server/api/schemas/notebook-cells.ts';
import { mostCells, nameOf } from '../../server/api/schemas/notebook-kinds.ts';
import type { Evaluation } from '../../server/api/schemas/notebook-evaluate.ts';

const mostSteps = 200;

export interface EditState {
  readonly notebook: Notebook;
  readonly past: readonly Notebook[];
  readonly future: readonly Notebook[];
  /** Changes of one cell's text in a row are one step. */
  readonly merging: string | null;
  /** Id of the selected cell. */
  readonly selected: string | null;
  /** The selected cell's text has the keys; else the cells have them. */
  readonly isEditing: boolean;
}

export type EditAction =
  | { readonly type: 'change'; readonly cell: Cell }
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'insert'; readonly cell: Cell; readonly at: number }
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'move'; readonly id: string; readonly by: 1 | -1 }
  | { readonly type: 'pin'; readonly pins: ReadonlyMap<string, Pinned | null> }
  | { readonly type: 'replace'; readonly notebook: Notebook }
  | { readonly type: 'select'; readonly id: string | null; readonly isEditing?: boolean }
  | { readonly type: 'step'; readonly by: 1 | -1 }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' };

export const startEdit = (notebook: Notebook): EditState => ({
  notebook,
  past: [],
  future: [],
  merging: null,
  selected: null,
  isEditing: false,
});

function stepped(state: EditState, notebook: Notebook, merging: string | null = null): EditState {
  const isSame = merging !== null && merging === state.merging;
  const past = isSame ? state.past : [...state.past, state.notebook].slice(-mostSteps);
  return { ...state, notebook, past, future: [], merging };
}

/** The selection stays on a cell that there is. */
function settled(state: EditState, at: number): EditState {
  const { cells } = state.notebook;
  if (cells.some(({ id }) => id === state.selected)) return state;
  const near = cells[Math.min(at, cells.length - 1)];
  return { ...state, selected: near?.id ?? null, isEditing: false };
}

export function edit(state: EditState, action: EditAction): EditState {
  const { notebook, past, future, selected } = state;
  const { cells } = notebook;
  const indexOf = (id: string | null): number => cells.findIndex((cell) => cell.id === id);
  switch (action.type) {
    case 'change': {
      const changed = cells.map((cell) => (cell.id === action.cell.id ? action.cell : cell));
      return stepped(state, { ...notebook, cells: changed }, `cell ${action.cell.id}`);
    }
    case 'title':
      return stepped(state, { ...notebook, title: action.title }, 'title');
    case 'insert': {
      if (cells.length >= mostCells) return state;
      const next = stepped(state, {
        ...notebook,
        cells: cells.toSpliced(action.at, 0, action.cell),
      });
      return { ...next, selected: action.cell.id };
    }
    case 'remove': {
      const at = indexOf(action.id);
      if (at < 0) return state;
      return settled(stepped(state, { ...notebook, cells: cells.toSpliced(at, 1) }), at);
    }
    case 'move': {
      const at = indexOf(action.id);
      const cell = cells[at];
      const to = at + action.by;
      if (cell === undefined || to < 0 || to >= cells.length) return state;
      return stepped(state, { ...notebook, cells: cells.toSpliced(at, 1).toSpliced(to, 0, cell) });
    }
    case 'pin': {
      const pinned = cells.map((cell): Cell => {
        const pin = action.pins.get(cell.id);
        if (pin === undefined) return cell;
        const { pinned: _pinned, ...rest } = cell;
        return pin === null ? rest : { ...rest, pinned: pin };
      });
      return stepped(state, { ...notebook, cells: pinned });
    }
    case 'replace':
      return settled(stepped(state, action.notebook), 0);
    case 'select':
      return { ...state, selected: action.id, isEditing: action.isEditing ?? false, merging: null };
    case 'step': {
      const next = cells[Math.min(cells.length - 1, Math.max(0, indexOf(selected) + action.by))];
      return { ...state, selected: next?.id ?? null, isEditing: false, merging: null };
    }
    case 'undo': {
      const before = past.at(-1);
      if (before === undefined) return state;
      const undone = {
        ...state,
        notebook: before,
        past: past.slice(0, -1),
        future: [notebook, ...future],
        merging: null,
      };
      return settled(undone, indexOf(selected));
    }
    case 'redo': {
      const [after, ...rest] = future;
      if (after === undefined) return state;
      return settled(
        { ...state, notebook: after, past: [...past, notebook], future: rest, merging: null },
        indexOf(selected),
      );
    }
  }
}

/** An id that no cell of the notebook has; time and chance, so that two tabs rarely meet. */
export function freshId({ cells }: Notebook): string {
  const taken = new Set(cells.map(({ id }) => id));
  for (;;) {
    const id = crypto.randomUUID().replaceAll('-', '').slice(0, 8);
    if (!taken.has(id)) return id;
  }
}

/** `runs`, or `runs2` where that is taken. */
export function freshName({ cells }: Notebook, wish: string): string {
  const taken = new Set(cells.map(nameOf));
  for (let index = 1; ; index += 1) {
    const name = index === 1 ? wish : `${wish}${index}`;
    if (!taken.has(name)) return name;
  }
}

/** A new cell of a kind, with what works at once. `spec` is what a run cell starts from. */
export function newCell(notebook: Notebook, kind: CellKind, spec = '{}'): Cell {
  const id = freshId(notebook);
  const name = (wish: string): string => freshName(notebook, wish);
  const table = notebook.cells.findLast((cell) => cell.kind !== 'input' && nameOf(cell) !== null);
  const tableName = table === undefined ? '' : (nameOf(table) ?? '');
  switch (kind) {
    case 'markdown':
      return { id, kind, source: '' };
    case 'query':
      return { id, kind, name: name('runs'), source: 'state:done' };
    case 'chart':
      return {
        id,
        kind,
        chart: 'pareto',
        table: tableName,
        x: 'online_ms_per_sample',
        y: 'secure_accuracy',
        group: 'approximation',
      };
    case 'compare':
      return { id, kind, table: tableName };
    case 'paper':
      return { id, kind, name: name('table'), paper: 'puma', table: 't3' };
    case 'input':
      return {
        id,
        kind,
        name: name('limit'),
        label: 'Limit',
        control: { kind: 'slider', min: 0, max: 100, step: 1, value: 50 },
      };
    case 'run':
      return { id, kind, name: name('mine'), source: spec };
    case 'javascript':
      return {
        id,
        kind,
        name: name('result'),
        uses: tableName === '' ? [] : [tableName],
        source: tableName === '' ? 'return 1;' : `return ${tableName};`,
      };
    case 'assertion':
      return { id, kind, source: tableName === '' ? '1 < 2' : `count(${tableName}) > 0` };
  }
}

/** What cells ask of somebody, frozen as it is now; and which of them have nothing to freeze yet. */
export function pinsOf(
  { cells }: Notebook,
  { results }: Evaluation,
  now: Date,
): { readonly pins: ReadonlyMap<string, Pinned>; readonly without: readonly string[] } {
  const pins = new Map<string, Pinned>();
  const without: string[] = [];
  for (const { id, pinned, kind } of cells) {
    if (pinned !== undefined) continue;
    const result = results.get(id);
    // A chart of runs on another network has an answer of its own; other charts rest on a table.
    const asks = ['query', 'paper', 'run', 'javascript'].includes(kind) || result?.question != null;
    if (!asks) continue;
    const value = result?.outcome.status === 'ok' ? result.outcome.value : null;
    if (value === null) without.push(id);
    else pins.set(id, { at: now.toISOString(), value: structuredClone(value) });
  }
  return { pins, without };
}
