/**
 * `parley costs --model bert-base --variant V`: one inference of a published model, of which only the
 * shape matters here; LLaMA-7B takes well under a second.
 */
import {
  geluDescriptions,
  layerNormDescriptions,
  softmaxDescriptions,
} from '../../engine/approximations/registry.ts';
import { EngineError } from '../../engine/errors.ts';
import { resolveSetting } from '../../engine/cost/setting.ts';
import { predictCost } from '../../engine/execute.ts';
import { lengthRange } from '../../engine/models/registry.ts';
import type { Plan } from '../../engine/plan.ts';
import type { SecureVariantId } from '../../engine/protocols/registry.ts';
import { shapeModel, shapeModels } from '../../zoo/shape-models.ts';
import { settingRequest, type CostsOptions } from './options.ts';
import { parseChoice, parseWhole } from './parse.ts';
import { printReport } from './print-report.ts';

/** Wordpieces where nothing else is said, as far as the model takes so many. */
const usualLength = 128;

/** What the paper behind each variant ran; ours are compared with PUMA. */
const usualFunctions: Readonly<
  Record<SecureVariantId, Pick<Plan['approximations'], 'gelu' | 'softmax'>>
> = {
  'replicated/aby3': { gelu: 'puma', softmax: 'puma' },
  'replicated/fast': { gelu: 'puma', softmax: 'puma' },
  'additive/crypten': { gelu: 'crypten-tanh', softmax: 'crypten' },
  'additive/semi2k': { gelu: 'spu-erf', softmax: 'spu' },
  'additive/fast': { gelu: 'puma', softmax: 'puma' },
};

/** @throws EngineError 'plan' or 'range' for what is missing, unknown or does not fit */
export async function printModelCost(options: CostsOptions, json: boolean): Promise<void> {
  const model = parseChoice(
    '--model',
    options.model ?? '',
    shapeModels.map(({ id }) => id),
  );
  const batch = parseWhole('--batch', options.batch ?? '1', 1, 1024);
  const plan = planOf(model, options);
  await printReport({ model, plan, batch, report: await predictCost(plan, batch) }, json);
}

/** @throws EngineError 'plan' for an unknown function, or a model without LayerNorm */
function normOf(
  { norm }: CostsOptions,
  architecture: string,
): Pick<Plan['approximations'], 'layerNorm'> {
  if (norm === undefined) return {};
  if (architecture === 'llama') {
    throw new EngineError('plan', '--norm: LLaMA has no LayerNorm; leave it out');
  }
  const ids = layerNormDescriptions.map(({ id }) => id);
  return { layerNorm: parseChoice('--norm', norm, ids) };
}

function planOf(id: string, options: CostsOptions): Plan {
  const { config } = shapeModel(id);
  const { variant, ring, correlations } = resolveSetting(settingRequest(options));
  const usual = usualFunctions[variant];
  const [least, most] = lengthRange(config);
  const length = options.length ?? String(Math.max(least, Math.min(usualLength, most)));
  return {
    variant,
    ...(correlations === null ? {} : { correlations }),
    ring,
    model: config,
    approximations: {
      gelu: parseChoice(
        '--gelu',
        options.gelu ?? usual.gelu,
        geluDescriptions.map((gelu) => gelu.id),
      ),
      softmax: parseChoice(
        '--softmax',
        options.softmax ?? usual.softmax,
        softmaxDescriptions.map((softmax) => softmax.id),
      ),
      ...normOf(options, config.architecture),
    },
    length: parseWhole('--length', length, least, Math.min(most, 1_000_000)),
    output: parseChoice('--output', options.output ?? 'logits', [
      'logits',
      'argmax',
      'argmax-as-puma',
    ]),
  };
}
