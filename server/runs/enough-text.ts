/** Whether a set's texts are long enough for the windows that a language model is judged on: asked before a run. */
import { sharedFolder } from '../db/data-folder.ts';
import { modelFile } from '../zoo/embedded-files.ts';
import { countWindows } from '../zoo/language-model.ts';
import { loadSamples } from '../zoo/registry.ts';
import { loadPieceReader } from '../zoo/tokenize.ts';

interface Asked {
  readonly model: string;
  readonly dataset: { readonly id: string; readonly size: number };
  /** Windows, and pieces of each beside the one that follows. */
  readonly samples: number;
  readonly length: number;
}

const mostRemembered = 50;
const remembered = new Map<string, Promise<number>>();

/**
 * Windows that there are, counted no further than is asked for.
 * @throws ZooError where model or set are not here
 */
export function windowsThere({ model, dataset, samples, length }: Asked): Promise<number> {
  const folder = sharedFolder();
  const key = JSON.stringify([folder, model, dataset.id, samples, length]);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const counted = loadSamples(dataset.id, dataset.size, folder).then((texts) => {
    const pieces = loadPieceReader(modelFile(folder, model, 'tokenizer.json'));
    const contents = texts.map(({ text }) => text);
    return countWindows(contents, samples, length, pieces);
  });
  // What is not here today may be tomorrow.
  counted.catch(() => remembered.delete(key));
  if (remembered.size >= mostRemembered) remembered.delete([...remembered.keys()][0] ?? '');
  remembered.set(key, counted);
  return counted;
}
