/** What the owner of a run holds whose model continues texts: weights, windows of the texts, and what follows each. */
import type { Batch } from '../engine/plan.ts';
import { windowsOf, type Window } from '../zoo/language-model.ts';
import { listDatasets, loadLanguageModel, loadSamples } from '../zoo/registry.ts';
import type { OwnerInputs } from './coordinator.ts';
import type { OwnerTask } from './messages.ts';
import { batchSizesOf } from './plan-of-spec.ts';

/** More classes have no names in a result, and their samples are not kept: a vocabulary is no list to read. */
export const mostNamedClasses = 1000;

/** @throws ZooError where the texts of the set are too short for so many windows */
export async function languageOwnerInputs(task: OwnerTask): Promise<OwnerInputs> {
  const { id, samples: count } = task.dataset;
  const { dataFolder, plan } = task;
  const texts = (await listDatasets(dataFolder)).find((entry) => entry.id === id)?.size ?? count;
  const [{ language, pieces, tensors }, samples] = await Promise.all([
    loadLanguageModel(task.model, dataFolder),
    loadSamples(id, texts, dataFolder),
  ]);
  const contents = samples.map(({ text }) => text);
  const windows = windowsOf(contents, count, plan.length, pieces, id);
  const { vocabularySize } = language.config;
  return {
    labels:
      vocabularySize <= mostNamedClasses
        ? pieces.names(vocabularySize)
        : ['the piece that follows'],
    weights: tensors,
    samples: windows.map(({ ids, next }, index) => ({
      id: `${id}-${index}`,
      text: pieces.decode(ids),
      label: next,
    })),
    batches: batchesOf(windows, task.batchSize, plan.length),
    plaintext: 'twin',
  };
}

function batchesOf(windows: readonly Window[], batchSize: number, length: number): Batch[] {
  let at = 0;
  return batchSizesOf(windows.length, batchSize).map((size) => {
    const ids = Int32Array.from(windows.slice(at, at + size).flatMap((window) => window.ids));
    at += size;
    return { size, ids, mask: new Uint8Array(size * length).fill(1) };
  });
}
