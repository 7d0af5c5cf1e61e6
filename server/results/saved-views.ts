/** Use cases: named views of the results, which outlive the page and the machine's browser. */
import { viewStateSchema, type SavedView, type ViewState } from '../api/schemas/results-view.ts';
import type { Database, Prisma } from '../db/client.ts';
import { newRunId } from '../runs/create-run.ts';
import { RunError } from '../runs/errors.ts';
import { readQuery } from './where-sql.ts';

export const mostViews = 100;

type Row = Prisma.SavedViewGetPayload<object>;

/** A state that an older version stored lacks what came later: the schema's defaults fill it in. */
const toView = ({ id, name, state, updatedAt }: Row): SavedView => ({
  id,
  name,
  state: viewStateSchema.parse(state),
  updatedAt: updatedAt.toISOString(),
});

const notFound = (id: string): RunError =>
  new RunError('notFound', `there is no view ${id}; it may have been deleted.`);

/** In the order of their tabs. */
export async function listViews(db: Database): Promise<SavedView[]> {
  const rows = await db.savedView.findMany({ orderBy: [{ position: 'asc' }, { id: 'asc' }] });
  return rows.map(toView);
}

/** @throws RunError 'notFound' */
export async function readView(db: Database, id: string): Promise<SavedView> {
  const row = await db.savedView.findUnique({ where: { id } });
  if (row === null) throw notFound(id);
  return toView(row);
}

/** Two tabs of one name cannot be told apart, in the page and on the command line. @throws 'conflict' */
async function refuseSameName(
  db: Pick<Database, 'savedView'>,
  name: string,
  except?: string,
): Promise<void> {
  const same = await db.savedView.findFirst({
    where: {
      name: { equals: name, mode: 'insensitive' },
      ...(except === undefined ? {} : { id: { not: except } }),
    },
    select: { name: true },
  });
  if (same === null) return;
  throw new RunError('conflict', `there is a view "${same.name}" already; give it another name.`);
}

/**
 * @throws RunError 'invalid' for a query that cannot be read, 'conflict' when there are too many or
 * another has the name
 */
export async function createView(db: Database, name: string, state: ViewState): Promise<SavedView> {
  readQuery(state.q);
  return db.$transaction(async (tx) => {
    const { _count, _max } = await tx.savedView.aggregate({
      _count: true,
      _max: { position: true },
    });
    if (_count >= mostViews) {
      throw new RunError('conflict', `there are ${mostViews} views already; delete one first.`);
    }
    await refuseSameName(tx, name);
    const position = (_max.position ?? -1) + 1;
    return toView(await tx.savedView.create({ data: { id: newRunId(), name, state, position } }));
  });
}

/** @throws RunError 'notFound', 'invalid' for a query that cannot be read, 'conflict' for a taken name */
export async function updateView(
  db: Database,
  id: string,
  change: { readonly name?: string | undefined; readonly state?: ViewState | undefined },
): Promise<SavedView> {
  if (change.state !== undefined) readQuery(change.state.q);
  const { name, state } = change;
  if (name !== undefined) await refuseSameName(db, name, id);
  const data = {
    ...(name === undefined ? {} : { name }),
    ...(state === undefined ? {} : { state }),
    updatedAt: new Date(),
  };
  const { count } = await db.savedView.updateMany({ where: { id }, data });
  if (count === 0) throw notFound(id);
  return readView(db, id);
}

/** @returns what it was, to make it again. @throws RunError 'notFound' */
export async function deleteView(db: Database, id: string): Promise<SavedView> {
  const view = await readView(db, id);
  await db.savedView.deleteMany({ where: { id } });
  return view;
}
