/** `parley notebook`: list, run without a page, import and export. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatDate } from '../../api/schemas/format.ts';
import { exportNotebook, notebookFormats, type NotebookFormat } from '../../notebooks/export.ts';
import { importNotebook } from '../../notebooks/import.ts';
import { openJavascript } from '../../notebooks/javascript-child.ts';
import { runHeadless, type CellReport } from '../../notebooks/run-headless.ts';
import {
  createNotebook,
  listNotebooks,
  parseNotebook,
  readNotebookById,
} from '../../notebooks/store.ts';
import { RunError } from '../../runs/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTable } from '../format.ts';
import { writeOut } from '../output.ts';
import { openSession, type Session } from '../session.ts';
import { onStale } from './notebook-runs.ts';

interface JsonOption {
  readonly json?: boolean;
}

export interface NotebookRunOptions extends JsonOption {
  /** Runs what is stale, after its price was said. */
  readonly run?: boolean;
  /** Runs JavaScript cells, each in a process of its own. */
  readonly javascript?: boolean;
}

export interface NotebookExportOptions extends JsonOption {
  readonly format?: string;
  readonly output?: string;
}

async function withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** A file where there is one of that name, else a notebook by its id. */
async function readNamed(session: Session, file: string): Promise<string> {
  const looksLikeFile = file.includes('/') || file.includes('.');
  if (!looksLikeFile) return (await readNotebookById(session.connection.db, file)).text;
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunError('invalid', `${file}: cannot be read (${String(error)}).`);
  });
}

export const notebookListCommand = (options: JsonOption): Promise<number> =>
  withSession(async ({ connection }) => {
    const notebooks = await listNotebooks(connection.db);
    if (options.json === true) console.log(JSON.stringify(notebooks, null, 2));
    else if (notebooks.length === 0) console.log('no notebooks yet');
    else {
      const rows = notebooks.map(
        ({ id, title, shipped, version, updatedAt }) =>
          [
            id,
            `${title} (${shipped ? 'shipped' : `version ${version}, ${formatDate(updatedAt)}`})`,
          ] as const,
      );
      console.log(formatTable(rows));
    }
    return exitCodes.ok;
  });

const marks: Readonly<Record<CellReport['status'], string>> = {
  ok: 'ok     ',
  failed: 'FAILED ',
  error: 'error  ',
  stale: 'stale  ',
  skipped: 'skipped',
};

/** Code 1 where an assertion is false or cannot be judged, or a cell has an error. */
export const notebookRunCommand = (file: string, options: NotebookRunOptions): Promise<number> =>
  withSession(async (session) => {
    const notebook = parseNotebook(await readNamed(session, file));
    const { run: runJavascript, isolation = null } =
      options.javascript === true && notebook.cells.some(({ kind }) => kind === 'javascript')
        ? await openJavascript()
        : {};
    if (isolation !== null) process.stderr.write(`  ${isolation}\n`);
    const { cells, passed } = await runHeadless(
      session.connection.db,
      notebook,
      onStale(session, options.run === true),
      runJavascript,
    );
    if (options.json === true) {
      console.log(JSON.stringify({ title: notebook.title, passed, cells }, null, 2));
    } else {
      for (const { kind, id, name, status, text } of cells) {
        if (kind === 'markdown' && status === 'ok') continue;
        console.log(
          `${marks[status]} ${kind} ${name ?? id}${text === '' ? '' : `: ${text}`}`.replaceAll(
            '\u00a0',
            ' ',
          ),
        );
      }
    }
    return passed ? exitCodes.ok : exitCodes.failed;
  });

/** Prints the new notebook's id. */
export const notebookImportCommand = (file: string, options: JsonOption): Promise<number> =>
  withSession(async (session) => {
    const { text, remarks } = importNotebook(basename(file), await readNamed(session, file));
    const { id, title } = await createNotebook(session.connection.db, text);
    for (const remark of remarks) process.stderr.write(`  ${remark}\n`);
    console.log(options.json === true ? JSON.stringify({ id, title, remarks }, null, 2) : id);
    return exitCodes.ok;
  });

export const notebookExportCommand = (
  file: string,
  options: NotebookExportOptions,
): Promise<number> =>
  withSession(async (session) => {
    const asked = options.json === true ? 'ipynb' : (options.format ?? 'parley');
    const format = notebookFormats.find((one): one is NotebookFormat => one === asked);
    if (format === undefined) {
      throw new RunError('invalid', `--format is "${asked}": use ${notebookFormats.join(', ')}.`);
    }
    const notebook = parseNotebook(await readNamed(session, file));
    const never = (): Promise<boolean> => Promise.resolve(false);
    const { evaluation } = await runHeadless(session.connection.db, notebook, never);
    await writeOut(await exportNotebook(notebook, evaluation, format), options.output);
    return exitCodes.ok;
  });
