/** Choices of a spec that are well formed but cannot be had together, or not on this machine. */
import { randomDatasetId, type RunSpec } from '../api/schemas/run-spec.ts';
import { formatBytes } from '../api/schemas/format.ts';
import { drawingVariants } from '../api/schemas/spec-steps.ts';
import { EngineError } from '../engine/errors.ts';
import type { ModelConfig } from '../engine/models/config.ts';
import { lengthRange } from '../engine/models/registry.ts';
import { checkLink } from '../network/link.ts';
import { randomInputs } from '../zoo/random-inputs.ts';
import { labelsMisfit } from '../zoo/labels-fit.ts';
import { listDatasets, listModels, type DatasetEntry } from '../zoo/registry.ts';
import { inputKindOf, shapeModels, type ShapeModel } from '../zoo/shape-models.ts';
import { windowsThere } from './enough-text.ts';
import { specIssue, type SpecIssue } from './errors.ts';
import { linkOfSpec } from './link-of-spec.ts';
import { memoryOf } from './price.ts';
import { fitsDataset, modelConfigOf, trainedModelOf } from './run-models.ts';

const idsOf = (entries: readonly { readonly id: string }[]): string =>
  entries.map(({ id }) => id).join(' or ');

/** The spec with what follows from its data set: whether samples are pairs. */
export async function withDataFacts(spec: RunSpec): Promise<RunSpec> {
  if (spec.dataset.pairs === true) return spec;
  const found = (await listDatasets()).find(({ id }) => id === spec.dataset.id);
  return found?.pairs === true ? { ...spec, dataset: { ...spec.dataset, pairs: true } } : spec;
}

/** Whether the spec and its model take what the data set holds. */
async function pairIssues(spec: RunSpec, dataset: DatasetEntry): Promise<SpecIssue[]> {
  const { id, pairs } = dataset;
  if (spec.dataset.pairs === true && pairs !== true) {
    return [specIssue('dataset.pairs', true, `${id} holds single texts`, 'Remove it.')];
  }
  if (pairs !== true) return [];
  const { config } = await trainedModelOf(spec.model);
  // A model of images reads none of it, which is told elsewhere.
  if (config.architecture !== 'bert' || config.typeVocabularySize > 1) return [];
  const problem = `${id} holds pairs of texts, and ${spec.model} has one token type`;
  return [specIssue('dataset.id', id, problem, 'Use a set of single texts, or another model.')];
}

/** @param machineBytes memory of this machine; refused is what all roles together would exceed */
export async function choiceIssues(spec: RunSpec, machineBytes?: number): Promise<SpecIssue[]> {
  const shape = shapeModels.find(({ id }) => id === spec.model);
  const issues = [
    ...(shape === undefined ? await trainedIssues(spec) : shapeIssues(spec, shape)),
    ...linkIssues(spec),
    ...uniformIssues(spec, shape),
    ...(await publicLengthIssues(spec, shape)),
    ...(await paintIssues(spec)),
  ];
  // A plan that does not fit together has no working set.
  if (issues.length > 0 || shape === undefined) return issues;
  return memoryIssues(spec, machineBytes);
}

async function trainedIssues(spec: RunSpec): Promise<SpecIssue[]> {
  const [models, datasets] = await Promise.all([listModels(), listDatasets()]);
  const issues: SpecIssue[] = [];
  const { samples, id: datasetId } = spec.dataset;
  const model = models.find(({ id }) => id === spec.model);
  const dataset = datasets.find(({ id }) => id === datasetId);
  if (model === undefined) {
    const fix = `Use ${idsOf([...models, ...shapeModels])}.`;
    issues.push(specIssue('model', spec.model, 'no model of this name is here', fix));
  }
  if (dataset === undefined) {
    const why =
      datasetId === randomDatasetId
        ? 'random inputs are for models with random weights'
        : 'no data set of this name is here';
    issues.push(specIssue('dataset.id', datasetId, why, `Use ${idsOf(datasets)}.`));
  } else if (samples > dataset.size) {
    const problem = `${dataset.id} has ${dataset.size} samples`;
    issues.push(specIssue('dataset.samples', samples, problem, `Use at most ${dataset.size}.`));
  }
  if (model === undefined) return issues;
  if (dataset !== undefined) issues.push(...(await pairIssues(spec, dataset)));
  const trained = await trainedModelOf(model.id);
  const { config, labels, minLength, maxLength } = trained;
  issues.push(...(config.architecture === 'llama' ? layerNormIssues(spec) : siluIssues(spec)));
  const fits = (entry: DatasetEntry): boolean => fitsDataset(trained, entry);
  if (dataset !== undefined && !fits(dataset) && trained.task === 'continue') {
    const problem = `${model.id} continues single texts, and ${dataset.id} holds ${dataset.kind === 'image' ? 'images' : 'pairs'}`;
    const fix = `Use ${idsOf(datasets.filter(fits))}, or another model.`;
    issues.push(specIssue('dataset.id', dataset.id, problem, fix));
  } else if (dataset !== undefined && !fits(dataset)) {
    const misfit = labelsMisfit(labels, dataset.labels);
    const order = labels.length === dataset.labels.length && misfit !== null ? `: ${misfit}` : '';
    const what = `${model.id} reads ${model.kind} with ${labels.length} labels, ${dataset.id} is ${dataset.kind} with ${dataset.labels.length}${order}`;
    const fix = `Use ${idsOf(datasets.filter(fits))}, or another model.`;
    issues.push(specIssue('dataset.id', dataset.id, what, fix));
  }
  if (dataset?.images !== undefined && 'imageSize' in config) {
    issues.push(...sizeIssues(spec, dataset.images, config.imageSize));
  }
  const distilled = config.architecture === 'vit' && config.distilled === true;
  issues.push(...lengthIssues(spec, minLength, maxLength, distilled));
  // Texts are read only where nothing else is wrong.
  if (issues.length > 0 || dataset === undefined || trained.task !== 'continue') return issues;
  return windowIssues(spec, dataset);
}

/** Only texts that are padded have a length to tell. */
async function publicLengthIssues(
  spec: RunSpec,
  shape: ShapeModel | undefined,
): Promise<SpecIssue[]> {
  if (spec.length !== 'public') return [];
  const issue = (problem: string): SpecIssue[] => [
    specIssue('length', 'public', problem, 'Remove it, or use a model that classifies texts.'),
  ];
  if (shape !== undefined) return issue(`random inputs of ${spec.model} are all of one length`);
  // A model that is not here has been named already.
  const config = await modelConfigOf(spec.model).catch(() => null);
  if (config === null || config.architecture === 'bert' || config.architecture === 'roberta') {
    return [];
  }
  return config.architecture === 'vit' || config.architecture === 'vit-lite'
    ? issue(`every image of ${spec.model} has as many tokens`)
    : issue(`${spec.model} reads windows of one length, of which nothing is padding`);
}

/** A language model is judged on windows of the set's texts, one a sample. */
async function windowIssues(
  { model, dataset, sequenceLength: length }: RunSpec,
  { id, size }: DatasetEntry,
): Promise<SpecIssue[]> {
  const { samples } = dataset;
  const there = await windowsThere({ model, dataset: { id, size }, samples, length });
  if (there >= samples) return [];
  const problem = `the texts of ${id} hold ${there} windows of ${length} tokens and the one that follows`;
  const fix = there === 0 ? 'Use a shorter length.' : `Use at most ${there}, or a shorter length.`;
  return [specIssue('dataset.samples', samples, problem, fix)];
}

/** Images are not resized: what that costs in accuracy would be nobody's figure. */
function sizeIssues(
  { model, dataset }: RunSpec,
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): SpecIssue[] {
  if (width === side && height === side) return [];
  const problem = `${dataset.id} has images of ${width} by ${height}, ${model} reads ${side} by ${side}`;
  return [specIssue('dataset.id', dataset.id, problem, 'Resize them and add the set again.')];
}

function lengthIssues(spec: RunSpec, least: number, most: number, distilled: boolean): SpecIssue[] {
  const { model, sequenceLength } = spec;
  if (sequenceLength >= least && sequenceLength <= most) return [];
  const image = least === most;
  const problem = image
    ? `every image of ${model} is ${most} tokens: ${distilled ? `${most - 2} patches, the class token and the distillation token` : `${most - 1} patches and the class token`}`
    : `${model} was made for at most ${most} wordpieces`;
  const fix = image ? `Use ${most}.` : `Use at most ${most}.`;
  return [specIssue('sequenceLength', sequenceLength, problem, fix)];
}

function shapeIssues(spec: RunSpec, model: ShapeModel): SpecIssue[] {
  const issues: SpecIssue[] =
    model.config.architecture === 'llama' ? layerNormIssues(spec) : siluIssues(spec);
  const { samples, id: datasetId } = spec.dataset;
  if (datasetId !== randomDatasetId) {
    const problem = `${model.id} has random weights, of which no label would be right; it reads random inputs only`;
    const fix = `Use ${randomDatasetId}, or a trained model.`;
    issues.push(specIssue('dataset.id', datasetId, problem, fix));
  } else if (samples > randomInputs.size) {
    const fix = `Use at most ${randomInputs.size}.`;
    issues.push(specIssue('dataset.samples', samples, `there are ${randomInputs.size}`, fix));
  }
  const { sequenceLength } = spec;
  const [least, most] = lengthRange(model.config);
  if (sequenceLength < least || sequenceLength > most) {
    const image = inputKindOf(model) === 'image';
    const problem = image
      ? `every image of ${model.id} is ${most} tokens: ${most - 1} patches and the class token`
      : `${model.id} takes ${least} to ${most} tokens`;
    const fix = sequenceLength > most ? `Use at most ${most}.` : `Use at least ${least}.`;
    const exact = image ? `Use ${most}.` : fix;
    issues.push(specIssue('sequenceLength', sequenceLength, problem, exact));
  }
  return issues;
}

/** What is painted layer by layer or head by head has to fit the model's layers and heads. */
async function paintIssues(spec: RunSpec): Promise<SpecIssue[]> {
  const { layers, heads } = spec.approximations;
  if (layers === undefined && heads === undefined) return [];
  // A model that is not here has been named already.
  const config = await modelConfigOf(spec.model).catch(() => null);
  if (config === null) return [];
  const issues: SpecIssue[] = [];
  if (layers !== undefined && layers.length !== config.layers) {
    const problem = `lists ${layers.length} layers, ${spec.model} has ${config.layers}`;
    const fix = `List ${config.layers}, or leave it out.`;
    issues.push(specIssue('approximations.layers', layers.length, problem, fix));
  }
  issues.push(...tokenIssues(spec, config));
  if (heads === undefined) return issues;
  if (config.architecture !== 'vit-lite') {
    const problem = `the heads of ${spec.model} cannot differ; those of ViT-Lite can`;
    const fix = 'Leave it out, or use a ViT-Lite model.';
    issues.push(specIssue('approximations.heads', heads.length, problem, fix));
  } else if (
    heads.length !== config.layers ||
    heads.some((layer) => layer.length !== config.heads)
  ) {
    const problem = `${spec.model} has ${config.layers} layers of ${config.heads} heads`;
    const shape = `${heads.length} x ${heads.map((layer) => layer.length).join('/')}`;
    const fix = `List ${config.layers} layers with ${config.heads} heads each.`;
    issues.push(specIssue('approximations.heads', shape, problem, fix));
  }
  return issues;
}

/** Positions that keep a GELU: of images only, whose positions are places, and some but not all. */
function tokenIssues(spec: RunSpec, { architecture }: ModelConfig): SpecIssue[] {
  const { layers = [] } = spec.approximations;
  const most = spec.sequenceLength;
  return layers.flatMap(({ gelu, geluTokens }, index) => {
    if (geluTokens === undefined) return [];
    const field = `approximations.layers.${index}.geluTokens`;
    const shown = geluTokens.join(', ');
    if (architecture !== 'vit' && architecture !== 'vit-lite') {
      const problem = `positions of ${spec.model} are words, different ones in every text`;
      return [specIssue(field, shown, problem, 'Remove it, or use a model of images.')];
    }
    if (gelu === 'removed') {
      const problem = 'the GELU of this layer is removed at every token';
      return [specIssue(field, shown, problem, 'Remove the list, or choose another GELU.')];
    }
    const ascending = geluTokens.every(
      (token, at) => at === 0 || token > (geluTokens[at - 1] ?? 0),
    );
    if (ascending && geluTokens.length < most && (geluTokens.at(-1) ?? 0) < most) return [];
    const problem = `${spec.model} has the tokens 0 to ${most - 1}, and a list of all of them says nothing`;
    return [specIssue(field, shown, problem, `List fewer than ${most}, ascending.`)];
  });
}

/** For models without a SiLU. */
function layerNormIssues({ model, approximations: { layerNorm } }: RunSpec): SpecIssue[] {
  if (layerNorm === undefined) return [];
  const problem = `${model} has no LayerNorm`;
  return [specIssue('approximations.layerNorm', layerNorm, problem, 'Remove it.')];
}

/** Of other models the parties need weights beside products by a matrix, and of trained ones accuracy is asked. */
function uniformIssues(spec: RunSpec, shape: ShapeModel | undefined): SpecIssue[] {
  const { weights } = spec.protocol;
  if (weights === undefined || shape?.config.architecture === 'llama') return [];
  const ids = shapeModels.filter(({ config }) => config.architecture === 'llama');
  const problem = `weights of ${spec.model} are shared by their owner`;
  return [specIssue('protocol.weights', weights, problem, `Remove it, or use ${idsOf(ids)}.`)];
}

function siluIssues({ model, approximations: { silu } }: RunSpec): SpecIssue[] {
  if (silu === undefined) return [];
  return [
    specIssue('approximations.silu', silu, `${model} has no SiLU`, 'Remove it, or use llama-7b.'),
  ];
}

function linkIssues({ network }: RunSpec): SpecIssue[] {
  try {
    checkLink(linkOfSpec(network));
    return [];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const field = /\brttMs\b/.test(error.message) ? 'rttMs' : 'bitsPerSecond';
    return [specIssue(`network.${field}`, network[field], error.message, 'Use a link profile.')];
  }
}

async function memoryIssues(spec: RunSpec, machine: number | undefined): Promise<SpecIssue[]> {
  // No need is above a machine without end, and working it out takes long.
  if (machine === Infinity) return [];
  const need = await memoryOf(spec);
  const machineBytes = machine ?? need.machineBytes;
  const { totalBytes, partyBytes, ownerBytes, dealerBytes } = need;
  if (totalBytes <= machineBytes) return [];
  const dealer = dealerBytes > 0 ? `, ${formatBytes(dealerBytes)} the dealer` : '';
  const parts = `${formatBytes(partyBytes)} each party, ${formatBytes(ownerBytes)} the owner${dealer}`;
  const problem = `its roles together need about ${formatBytes(totalBytes)} of memory (${parts}), this machine has ${formatBytes(machineBytes)}`;
  // One component of each weight, and no mask kept with it: the least that a party can hold.
  const leanest: readonly string[] = ['additive/crypten', 'additive/semi2k'];
  const { variant } = spec.protocol;
  const protocol = leanest.includes(variant) ? '' : `, or ${leanest.join(' or ')}`;
  const drawn =
    (await modelConfigOf(spec.model)).architecture === 'llama' && drawingVariants.includes(variant)
      ? ', or protocol.weights "uniform" for its time alone'
      : '';
  const fix = `Use a smaller model or a shorter length${protocol}${drawn}.`;
  return [specIssue('model', spec.model, problem, fix)];
}
