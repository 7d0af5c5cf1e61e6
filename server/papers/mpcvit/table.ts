/** MPCViT: from a row as printed to cells with recipes. */
import type { Confidence } from '../../api/schemas/papers.ts';
import type { HeadKind } from '../../engine/models/config.ts';
import { shapeModel } from '../../zoo/shape-models.ts';
import {
  cell,
  data,
  heading,
  lacking,
  weights,
  type CellDefinition,
  type RecipeDefinition,
  type TableDefinition,
} from '../definition.ts';
import { headGrid, mpcvitSpec } from '../specs.ts';

export type ViTMethod =
  | 'softmax'
  | 'relu'
  | 'scale'
  | 'hybrid'
  | 'mpcformer'
  | 'the-x'
  | 'linformer'
  | 'mpcvit'
  | 'unsearched'
  | 'fewer-heads'
  | 'plus-token'
  | 'plus-unfused'
  | 'plus-layer'
  | 'plus';

export type ViTRow = readonly [
  id: string,
  title: string,
  method: ViTMethod,
  mu: number | null,
  seconds: string,
  withoutKd: string,
  withKd: string,
  source: string,
  confidence: Confidence,
  note: string,
];

type ViTModel = 'vit_7_4_32' | 'vit_7_4_32-100' | 'vit_9_12_64';

export interface ViTSet {
  readonly id: string;
  readonly title: string;
  readonly model: ViTModel;
  readonly hubData: string;
  readonly rows: readonly ViTRow[];
}

/** R, F and C of the rows' sources. */
const sourceWords: Readonly<Record<string, string>> = {
  R: "README of the authors' repository, 27db5c4",
  F: "plotting script of the authors' repository, 79e3ff3",
  'R,F': "README and plotting script of the authors' repository",
  'F (comment)': "comment in the plotting script of the authors' repository",
};

/** Heads that stay ReLU-Softmax at mu: all of them but int((1 - mu) n). */
export const keptHeads = (all: number, mu: number): number =>
  all - Math.floor((1 - mu) * all + 1e-9);

/**
 * Where the kept heads are is not published but for one case. Any choice of as many heads has the same
 * bytes; here they are filled up layer by layer, so that few layers have any.
 */
function gridOf(model: ViTModel, kept: HeadKind, mu: number): HeadKind[][] {
  const { layers, heads } = shapeModel(model).config;
  const many = keptHeads(layers * heads, mu);
  return headGrid(layers, heads, (layer, head) => (layer * heads + head < many ? kept : 'scale'));
}

/** The heads of the model that the authors' log prints for CIFAR-10 at mu 0.5 (issue 4). */
const foundAtHalf = ['1000', '1111', '1011', '1111', '0011', '0000', '0000'].map((layer) =>
  layer.split('').map((bit): HeadKind => (bit === '1' ? 'relu' : 'scale')),
);

function headsOf(model: ViTModel, method: ViTMethod, mu: number | null): HeadKind[][] | null {
  const { layers, heads } = shapeModel(model).config;
  const all = (kind: HeadKind) => headGrid(layers, heads, () => kind);
  if (method === 'softmax' || method === 'relu' || method === 'scale') return all(method);
  if (method === 'mpcformer') return all('2quad');
  if (method === 'hybrid') return gridOf(model, 'softmax', 0.7);
  if (method !== 'mpcvit' && method !== 'unsearched') return null;
  if (mu === null) return null;
  return method === 'mpcvit' && model === 'vit_7_4_32' && mu === 0.5
    ? foundAtHalf
    : gridOf(model, 'relu', mu);
}

/** The engine removes GeLUs by layer and by token; what the paper removed is not known. */
const plusUnpublished =
  "which tokens keep their GeLU is not published, and the latencies are MPCViT's less constants set by hand";

const absent: Partial<Record<ViTMethod, string>> = {
  'the-x': "the trained layers that THE-X's softmax has in place of the division are not published",
  linformer:
    'of Linformer attention only the shape is here (vit_7_4_32-linformer, ratio 0.3), no weights',
  'fewer-heads': 'which heads are left out is not published, and the latencies are edited by hand',
  'plus-token': plusUnpublished,
  'plus-unfused': plusUnpublished,
  'plus-layer': plusUnpublished,
  plus: plusUnpublished,
};

function latencyRecipe(model: ViTModel, method: ViTMethod, mu: number | null): RecipeDefinition {
  const heads = headsOf(model, method, mu);
  if (heads !== null) {
    return { kind: 'run', spec: mpcvitSpec(model, heads), reading: { kind: 'onlineSeconds' } };
  }
  const words = absent[method] ?? 'the setting is not published';
  return { kind: 'missing', missing: [lacking('function', words)], spec: null, ownScale: [] };
}

function accuracyRecipe(set: ViTSet, row: ViTRow, distilled: boolean): RecipeDefinition {
  const [id, title, method, mu] = row;
  const heads = headsOf(set.model, method, mu);
  const how = distilled ? 'trained with distillation' : 'trained without distillation';
  const why = absent[method];
  return {
    kind: 'missing',
    missing: [
      weights(
        null,
        `${title} on ${set.title}, ${how} (checkpoints are in the authors' repository)`,
      ),
      data(set.hubData, `the test images of ${set.title}`),
      ...(why === undefined ? [] : [lacking('function', why)]),
    ],
    spec:
      heads === null
        ? null
        : {
            ...mpcvitSpec(set.model, heads),
            model: `${set.model}-${id}${distilled ? '-kd' : ''}`,
            dataset: { id: set.id, samples: 500 },
          },
    ownScale: [],
  };
}

export function tableOf(set: ViTSet): TableDefinition {
  return {
    id: set.id,
    title: set.title,
    note: 'Top-1 accuracy in percent, in plaintext; seconds of one image over the WAN, a run of its own. Single runs, no spread reported.',
    rows: set.rows.map(([id, title]) => heading(id, title)),
    columns: [
      heading('without-kd', 'without distillation', 'accuracy (%)'),
      heading('with-kd', 'with distillation', 'accuracy (%)'),
      heading('latency', 'latency (s)'),
    ],
    cells: set.rows.flatMap((row): CellDefinition[] => {
      const [id, , method, mu, seconds, withoutKd, withKd, source, confidence, note] = row;
      const shared = {
        row: id,
        source: sourceWords[source] ?? source,
        confidence: source === 'F (comment)' ? 'unverified' : confidence,
        notes: note === '' ? [] : [note],
      } as const;
      const accuracy = (column: string, printed: string): CellDefinition[] =>
        printed === ''
          ? []
          : [
              cell({
                ...shared,
                column,
                printed,
                unit: '%',
                recipe: accuracyRecipe(set, row, column === 'with-kd'),
              }),
            ];
      return [
        ...accuracy('without-kd', withoutKd),
        ...accuracy('with-kd', withKd),
        ...(seconds === ''
          ? []
          : [
              cell({
                ...shared,
                column: 'latency',
                printed: seconds,
                unit: 's',
                notes: [
                  ...shared.notes,
                  "Here a row is divided by one reciprocal; the paper's engine divides every score.",
                ],
                reference: `mpcvit.${set.id}.${method === 'softmax' ? 'scale' : 'softmax'}.latency`,
                recipe: latencyRecipe(set.model, method, mu),
              }),
            ]),
      ];
    }),
  };
}
