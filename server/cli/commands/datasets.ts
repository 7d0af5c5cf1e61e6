/** `parley datasets list | add | verify`: labelled texts that a run can name. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { sharedFolder } from '../../db/data-folder.ts';
import { addDataset, type AddedDataset } from '../../zoo/add-dataset.ts';
import { licenceOf, requireFreeId } from '../../zoo/add-model.ts';
import { readClassNames } from '../../zoo/dataset-readme.ts';
import { ZooError } from '../../zoo/errors.ts';
import { fetchDataset } from '../../zoo/hub/fetch-snapshot.ts';
import { idOfHub, parseGiven } from '../../zoo/hub/hub-id.ts';
import { hubAccess, readRepository } from '../../zoo/hub/hub-repository.ts';
import { listDatasets, loadSamples } from '../../zoo/registry.ts';
import { tableEndings } from '../../zoo/table-files.ts';
import { formatColumns } from '../costs/columns.ts';
import { exitCodes } from '../exit-codes.ts';
import { untilDone, type FetchLines } from '../fetching.ts';
import { formatTable } from '../format.ts';

export interface DatasetAddOptions {
  readonly file?: string;
  readonly as?: string;
  readonly text?: string;
  readonly pair?: string;
  readonly image?: string;
  readonly label?: string;
  readonly labels?: string;
  readonly samples: number;
  readonly json?: boolean;
}

export async function datasetsListCommand(options: { readonly json?: boolean }): Promise<number> {
  const sets = await listDatasets();
  console.log(
    options.json === true
      ? JSON.stringify(sets, null, 2)
      : formatColumns(
          ['data set', 'samples', 'classes', 'title', 'licence'],
          sets.map(({ id, size, labels, title, licence }) => [
            id,
            String(size),
            labels.slice(0, 5).join(', '),
            title,
            licence,
          ]),
        ),
  );
  return exitCodes.ok;
}

interface Source {
  readonly file: string;
  /** Folder with the card, where there is one. */
  readonly folder: string;
  readonly name: string;
  readonly title: string;
  readonly origin: string;
}

/** The one table of a folder, which may lie in folders of it, as in `data/`. */
function onlyTable(folder: string): string {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const tables = all.filter((name) => tableEndings.includes(extname(name))).sort();
  const [only, ...others] = tables;
  if (only !== undefined && others.length === 0) return only;
  const list = tables.length === 0 ? `none (${tableEndings.join(', ')})` : tables.join(', ');
  throw new ZooError(
    'range',
    `${folder}: a folder; name one of its files with --file PATH; there are ${list}.`,
  );
}

function localSource(path: string, chosen: string | undefined): Source {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const file = isFolder ? join(path, chosen ?? onlyTable(path)) : path;
  if (!existsSync(file)) throw new ZooError('missing', `${file}: there is no such file.`);
  const name = basename(file, extname(file));
  const folder = isFolder ? path : dirname(file);
  return { file, folder, name, title: name, origin: `file ${basename(file)}` };
}

async function sourceOf(
  text: string,
  { file: chosen }: DatasetAddOptions,
  data: string,
  signal: AbortSignal,
  lines: FetchLines,
): Promise<Source> {
  const isFile = existsSync(text) || tableEndings.some((ending) => text.endsWith(ending));
  if (isFile) return localSource(resolve(text), chosen);
  const given = parseGiven(text);
  if (given.kind === 'folder') return localSource(given.folder, chosen);
  const access = hubAccess(signal);
  const repository = await readRepository('dataset', given.id, given.revision, access);
  const { file, folder } = await fetchDataset(
    repository,
    chosen ?? null,
    data,
    access,
    ({ path, doneBytes, ofBytes }) => lines.show(path, doneBytes, ofBytes),
  );
  const path = file.slice(folder.length + 1);
  const origin = `Hugging Face Hub, ${given.id} at ${repository.commit.slice(0, 12)}, ${path}`;
  return { file, folder, name: idOfHub(given.id), title: `${given.id}, ${path}`, origin };
}

function kindOf({ pairs, images }: AddedDataset): string {
  if (images !== undefined) return `images of ${images.width} by ${images.height}`;
  return pairs === true ? 'pairs of texts' : 'texts';
}

export function datasetsAddCommand(text: string, options: DatasetAddOptions): Promise<number> {
  return untilDone(async (signal, lines) => {
    const data = sharedFolder();
    if (options.as !== undefined) await requireFreeId('datasets', options.as, data);
    const { file, folder, name, title, origin } = await sourceOf(
      text,
      options,
      data,
      signal,
      lines,
    );
    const labels = options.labels?.split(',').map((label) => label.trim());
    const named = labels ?? (await readClassNames(folder, options.label ?? 'label'));
    const added = await addDataset(file, {
      id: options.as ?? name,
      dataFolder: data,
      title,
      licence: await licenceOf(folder),
      origin,
      most: options.samples,
      ...(options.text === undefined ? {} : { text: options.text }),
      ...(options.pair === undefined ? {} : { pair: options.pair }),
      ...(options.image === undefined ? {} : { image: options.image }),
      ...(options.label === undefined ? {} : { label: options.label }),
      ...(named === undefined ? {} : { labels: named }),
    });
    lines.end();
    console.log(
      options.json === true
        ? JSON.stringify(added, null, 2)
        : formatTable([
            ['data set', added.id],
            ['classes', added.labels.join(', ')],
            ['samples are', kindOf(added)],
            ['rows', `${added.rows}, ${added.repeated} of them repeated`],
            ['samples kept', String(added.size)],
            ['licence', added.licence],
            ['SHA-256', added.sha256],
          ]),
    );
  });
}

export function datasetsVerifyCommand(
  name: string,
  options: { readonly json?: boolean },
): Promise<number> {
  return untilDone(async () => {
    const sets = await listDatasets();
    const found = sets.find(({ id }) => id === name);
    if (found === undefined) {
      const known = sets.map(({ id }) => id).join(', ');
      throw new ZooError('range', `no data set "${name}"; known: ${known}.`);
    }
    const { size } = found;
    const samples = await loadSamples(name, size, sharedFolder());
    const perClass = found.labels.map(
      (_, label) => samples.filter((sample) => sample.label === label).length,
    );
    console.log(
      options.json === true
        ? JSON.stringify({ id: name, size, perClass }, null, 2)
        : formatTable([
            ['data set', name],
            ['samples', `${size}, all as listed`],
            ['by class', found.labels.map((label, at) => `${label} ${perClass[at]}`).join(', ')],
          ]),
    );
  });
}
