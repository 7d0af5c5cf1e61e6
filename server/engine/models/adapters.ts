/** A model's own code as a `Model`: one adapter for each kind of input, shared by its architectures. */
import type { OutputId } from '../plan.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { encodeFullTexts, encodePatches, encodeTexts, patchInputs, textInputs } from './batch.ts';
import type {
  BertConfig,
  Gpt2Config,
  LlamaConfig,
  RobertaConfig,
  VitConfig,
  VitLiteConfig,
} from './config.ts';
import { nextTokenShape } from './language-model.ts';
import type { Inference, Model, ReadWeight } from './model.ts';

/** Reads the weights, then is the inference. */
type Loader<Inputs extends readonly (AShare | null)[]> = (
  read: ReadWeight,
) => Promise<(mpc: Protocol, ...inputs: Inputs) => Promise<AShare>>;

/** Inputs: ids and keep, of pairs also types, [batch, length] each; output: logits [batch, labels]. */
export function textClassifier(
  config: BertConfig | RobertaConfig,
  length: number,
  loader: Loader<[ids: AShare, keep: AShare, types: AShare | null]>,
): Model {
  const segments = config.architecture === 'bert' ? (config.segments ?? 1) : 1;
  return {
    load: async (read) => {
      const infer = await loader(read);
      const types = (inputs: readonly AShare[]) => (segments === 2 ? input(inputs, 2) : null);
      return (mpc, inputs) => infer(mpc, input(inputs, 0), input(inputs, 1), types(inputs));
    },
    inputs: (batch, own = length) => textInputs(batch, own, segments),
    encode: (batch) => encodeTexts(config, batch),
    outputShape: (batch) => [batch, config.labels],
  };
}

/** Input: ids [batch, length]; output: logits [batch, vocabulary] or what `output` makes of them. */
export function decoder(
  config: Gpt2Config | LlamaConfig,
  length: number,
  output: OutputId,
  loader: Loader<[ids: AShare]>,
): Model {
  return {
    load: (read) => ofOneInput(loader, read),
    inputs: (batch) => textInputs(batch, length).slice(0, 1),
    encode: (batch) => encodeFullTexts(config, batch),
    outputShape: (batch) => nextTokenShape(output, batch, config.vocabularySize),
  };
}

/** Input: unfolded patches; output: logits [batch, labels]. */
export function imageClassifier(
  config: VitConfig | VitLiteConfig,
  loader: Loader<[patches: AShare]>,
): Model {
  return {
    load: (read) => ofOneInput(loader, read),
    inputs: (batch) => patchInputs(batch, config),
    encode: (batch) => encodePatches(config, batch),
    outputShape: (batch) => [batch, config.labels],
  };
}

async function ofOneInput(loader: Loader<[AShare]>, read: ReadWeight): Promise<Inference> {
  const infer = await loader(read);
  return (mpc, inputs) => infer(mpc, input(inputs, 0));
}

function input(inputs: readonly AShare[], index: number): AShare {
  const found = inputs[index];
  if (found === undefined) throw new RangeError(`input ${index} of the model is missing`);
  return found;
}
