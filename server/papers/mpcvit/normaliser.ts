/** MPCViT prints no bytes: what its attention's weights cost, out of an independent run's log. */
import type { Quotient } from '../../engine/approximations/spu/attention.ts';
import type { HeadKind } from '../../engine/models/config.ts';
import {
  cell,
  heading,
  lacking,
  type RecipeDefinition,
  type TableDefinition,
} from '../definition.ts';
import { headGrid, mpcvitPlan, mpcvitSpec } from '../specs.ts';
import { shapeModel } from '../../zoo/shape-models.ts';

type Row = readonly [string, string, HeadKind, Quotient, cifar: string, tiny: string];
const rows: readonly Row[] = [
  ['softmax', 'Softmax, a division per score', 'softmax', 'perScore', '101.12', '6103.88'],
  ['softmax-inverse', 'Softmax, a reciprocal per row', 'softmax', 'inverse', '36.87', '2182.29'],
  ['relu', 'ReLU-Softmax, a division per score', 'relu', 'perScore', '77.60', '4679.44'],
  ['relu-inverse', 'ReLU-Softmax, a reciprocal per row', 'relu', 'inverse', '13.35', '757.85'],
  ['2quad', '2Quad, a division per score', '2quad', 'perScore', '70.98', '4279.98'],
  ['2quad-inverse', '2Quad, a reciprocal per row', '2quad', 'inverse', '6.73', '358.39'],
  ['scale', 'ScaleAttn', 'scale', 'perScore', '0.95', '57.07'],
];
const models = [
  ['cifar', 'CIFAR shape', 'vit_7_4_32'],
  ['tiny', 'Tiny-ImageNet shape', 'vit_9_12_64'],
] as const;

function recipeOf(
  model: 'vit_7_4_32' | 'vit_9_12_64',
  kind: HeadKind,
  quotient: Quotient,
): RecipeDefinition {
  if (kind === 'softmax' && quotient !== 'perScore') {
    const words = "a softmax of SPU's functions with one reciprocal per row: plans have the other";
    return { kind: 'missing', missing: [lacking('function', words)], spec: null, ownScale: [] };
  }
  const { layers, heads } = shapeModel(model).config;
  return {
    kind: 'prediction',
    plans: [mpcvitPlan(model, kind, quotient)],
    counting: { what: 'bytes', of: 'party', unitBytes: 1e6, place: '.attention.softmax' },
    familySpec: mpcvitSpec(
      model,
      headGrid(layers, heads, () => kind),
    ),
  };
}

export const normaliser: TableDefinition = {
  id: 'normaliser',
  title: 'Bytes of the attention weights, which the paper does not print',
  note: "MB that one party sends for turning scores into weights, all layers. Reconstructed from the profiler log of an independent re-implementation on the paper's engine, times the scores of the network.",
  rows: rows.map(([id, title]) => heading(id, title)),
  columns: models.map(([id, title]) => heading(id, `${title} (MB)`)),
  cells: rows.flatMap(([row, , kind, quotient, ...printed]) =>
    models.map(([column, , model], index) => {
      return cell({
        row,
        column,
        printed: printed[index] ?? '',
        unit: 'MB',
        source: 'NYU-DICE-Lab/privit 61ea3d2, profiler log, SPU 0.5.0b0',
        confidence: 'derived',
        includes: {
          scope: 'perParty',
          direction: 'sent',
          phase: 'online',
          dealer: 'excluded',
          prefix: 'decimal',
        },
        notes:
          quotient === 'inverse'
            ? [
                'SPU does so only with an option that is off by default; computed from the log, not seen in it.',
              ]
            : [],
        recipe: recipeOf(model, kind, quotient),
      });
    }),
  ),
};
