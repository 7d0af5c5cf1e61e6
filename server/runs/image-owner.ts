/** What the owner of a run holds whose model reads images: weights, pixels as the model was trained on them, labels. */
import type { Batch } from '../engine/plan.ts';
import { classifyVit, prepareFloatVit, type FloatVit } from '../zoo/float-vit.ts';
import { decodeImage } from '../zoo/images/decode-image.ts';
import { toChannels } from '../zoo/images/normalise.ts';
import { loadImageModel, loadSamples } from '../zoo/registry.ts';
import { ZooError } from '../zoo/errors.ts';
import type { OwnerInputs } from './coordinator.ts';
import type { OwnerTask } from './messages.ts';
import { batchSizesOf } from './plan-of-spec.ts';

/** @throws ZooError for samples that are no images, or of another size than the model reads */
export async function imageOwnerInputs(task: OwnerTask): Promise<OwnerInputs> {
  const { id, samples: count } = task.dataset;
  const [{ image, tensors }, samples] = await Promise.all([
    loadImageModel(task.model, task.dataFolder),
    loadSamples(id, count, task.dataFolder),
  ]);
  const { config, labels, normalisation } = image;
  const side = config.imageSize;
  const pixels = samples.map((sample) => {
    const where = `${id}, sample ${sample.id}`;
    const decoded = decodeImage(Buffer.from(sample.image ?? '', 'base64'), where);
    if (decoded.width !== side || decoded.height !== side) {
      throw new ZooError(
        'range',
        `${where}: ${decoded.width} by ${decoded.height} pixels, ${task.model} reads ${side} by ${side}.`,
      );
    }
    return toChannels(decoded, normalisation);
  });
  // Made when the first is asked for: the parties get their shares before.
  let model: FloatVit | undefined;
  return {
    labels,
    weights: tensors,
    samples: samples.map((sample) => ({
      id: sample.id,
      text: `image ${sample.id}, ${side} by ${side} pixels`,
      label: sample.label,
    })),
    batches: batchesOf(pixels, task.batchSize),
    ...(config.architecture === 'vit-lite'
      ? // Its own heads, whatever the run painted.
        { plaintext: 'twin' as const, exactModel: config }
      : {
          plaintext: pixels.map((one) => () => {
            model ??= prepareFloatVit(config, tensors);
            return classifyVit(model, one);
          }),
        }),
  };
}

/** Images side by side, in batches of one pass. */
function batchesOf(pixels: readonly Float32Array[], batchSize: number): Batch[] {
  let at = 0;
  return batchSizesOf(pixels.length, batchSize).map((size) => {
    const some = pixels.slice(at, at + size);
    at += size;
    const each = some[0]?.length ?? 0;
    const all = new Float32Array(size * each);
    some.forEach((image, row) => all.set(image, row * each));
    return { size, pixels: all };
  });
}
