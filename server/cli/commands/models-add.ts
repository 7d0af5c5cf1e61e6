/** `parley models add ID[@REVISION] | ./FOLDER`: fetch where needed, check, and let runs name the model. */
import { basename } from 'node:path';
import { sharedFolder } from '../../db/data-folder.ts';
import { addModel, requireFreeId } from '../../zoo/add-model.ts';
import { fetchModel } from '../../zoo/hub/fetch-snapshot.ts';
import { idOfHub, parseGiven, type Given } from '../../zoo/hub/hub-id.ts';
import { hubAccess, readRepository } from '../../zoo/hub/hub-repository.ts';
import { untilDone, type FetchLines } from '../fetching.ts';
import { formatTable } from '../format.ts';

export interface ModelAddOptions {
  readonly as?: string;
  readonly json?: boolean;
}

interface Source {
  readonly folder: string;
  readonly title: string;
  readonly source: string;
}

async function sourceOf(
  given: Given,
  data: string,
  signal: AbortSignal,
  lines: FetchLines,
): Promise<Source> {
  if (given.kind === 'folder') {
    const { folder } = given;
    return { folder, title: basename(folder), source: `folder ${basename(folder)}` };
  }
  const access = hubAccess(signal);
  const repository = await readRepository('model', given.id, given.revision, access);
  const { folder } = await fetchModel(repository, data, access, ({ path, doneBytes, ofBytes }) =>
    lines.show(path, doneBytes, ofBytes),
  );
  const source = `Hugging Face Hub, ${given.id} at ${repository.commit.slice(0, 12)}`;
  return { folder, title: given.id, source };
}

export function modelsAddCommand(text: string, options: ModelAddOptions): Promise<number> {
  return untilDone(async (signal, lines) => {
    const given = parseGiven(text);
    const data = sharedFolder();
    const name = given.kind === 'hub' ? idOfHub(given.id) : basename(given.folder);
    const id = options.as ?? name;
    // Before anything is fetched.
    await requireFreeId('models', id, data);
    const { folder, title, source } = await sourceOf(given, data, signal, lines);
    const added = await addModel(folder, {
      id,
      dataFolder: data,
      origin: { title, source },
      signal,
      onProgress: (done, of) => lines.show('checked and copied', done, of),
    });
    lines.end();
    console.log(
      options.json === true
        ? JSON.stringify(added, null, 2)
        : formatTable([
            ['model', added.id],
            ['architecture', added.architecture],
            [
              'classes',
              added.labels.length === 0 ? 'none: continues texts' : added.labels.join(', '),
            ],
            ['tokens, at most', String(added.maxLength)],
            ['parameters', added.parameters.toLocaleString('en-US')],
            ['source', source],
            ['SHA-256', added.sha256],
          ]),
    );
  });
}
