/**
 * What is compared: one computation at BERT-base's shapes for 128 tokens, and on each system the way in
 * which it is done there. `matched` rows share protocol family and formula; a fast variant's row says
 * what differs from the peer's.
 */
import { layerNorm } from '../../server/engine/approximations/layernorm.ts';
import { geluFunctions, softmaxFunctions } from '../../server/engine/approximations/registry.ts';
import { relu } from '../../server/engine/circuits/compare.ts';
import type { Program } from '../../server/engine/cost/price-program.ts';
import { Checkpoint } from '../../server/engine/models/checkpoint.ts';
import { encode, encoderLayers } from '../../server/engine/models/encoder.ts';
import type { Functions } from '../../server/engine/models/functions.ts';
import type { GeluId, SoftmaxId } from '../../server/engine/plan.ts';
import type { AShare } from '../../server/engine/protocol.ts';
import type { SecureVariantId } from '../../server/engine/protocols/registry.ts';
import type { Shape } from '../../server/engine/ring/tensor.ts';
import { shapeModel } from '../../server/zoo/shape-models.ts';

export const caseNames = [
  'matmul',
  'relu',
  'gelu',
  'softmax',
  'layernorm',
  'layer',
  'layer-quad',
] as const;
export type CaseName = (typeof caseNames)[number];

export const caseTitles: { readonly [Name in CaseName]: string } = {
  matmul: 'product of two secret matrices, 128x768 by 768x768, with truncation',
  relu: 'ReLU of 128x3072 numbers',
  gelu: 'GeLU of 128x3072 numbers',
  softmax: 'softmax of 12x128 rows of 128 numbers',
  layernorm: 'LayerNorm of 128 rows of 768 numbers',
  layer: 'one BERT-base layer, 128 tokens, GeLU and softmax',
  'layer-quad': 'one BERT-base layer, 128 tokens, Quad and 2Quad (MPCFormer)',
};

/** Whose functions: what PUMA computes, what CrypTen's library offers, what our fast variants take. */
export type Formulas = 'puma' | 'crypten' | 'fast' | 'quad';

const functionIds: {
  readonly [F in Formulas]: { readonly gelu: GeluId; readonly softmax: SoftmaxId };
} = {
  puma: { gelu: 'puma', softmax: 'puma' },
  crypten: { gelu: 'crypten-erf', softmax: 'crypten' },
  fast: { gelu: 'puma', softmax: 'exponential' },
  quad: { gelu: 'quad', softmax: '2quad' },
};

export interface ProgramOfCase {
  readonly inputs: readonly Shape[];
  readonly weights: readonly number[];
  readonly run: Program;
}

const tokens = 128;
const base = shapeModel('bert-base').config;
if (base.architecture !== 'bert') throw new Error('bert-base is no BERT');
const config = { ...base, layers: 1 };

/** Inputs of a layer: x, the mask of real tokens, then the weights as the model reads them. */
const layerWeights: Shape[] = [];
await encoderLayers(
  new Checkpoint((recipe) => {
    layerWeights.push(recipe.shape);
    return Promise.resolve({ shape: recipe.shape } as AShare);
  }),
  'bert',
  config,
);

/** @throws Error for functions that this engine has no name for */
export function programOf(name: CaseName, formulas: Formulas): ProgramOfCase {
  const ids = functionIds[formulas];
  const fns = {
    gelu: geluFunctions[ids.gelu],
    softmax: softmaxFunctions[ids.softmax],
  } as Functions;
  const one = (shape: Shape, run: (...args: Parameters<Program>) => Promise<unknown>) => ({
    inputs: [shape],
    weights: [],
    run,
  });
  const first = (inputs: readonly AShare[], at = 0): AShare => {
    const share = inputs[at];
    if (share === undefined) throw new Error(`${name} has no input ${at}`);
    return share;
  };
  switch (name) {
    case 'matmul':
      return {
        inputs: [
          [tokens, 768],
          [768, 768],
        ],
        weights: [],
        run: (mpc, x) => mpc.matmulTruncate(first(x), first(x, 1), mpc.ring.fractionBits),
      };
    case 'relu':
      return one([tokens, 3072], (mpc, x) => relu(mpc, first(x)));
    case 'gelu':
      return one([tokens, 3072], (mpc, x) => fns.gelu.evaluate(mpc, first(x)));
    case 'softmax':
      return {
        inputs: [
          [12, tokens, tokens],
          [12, tokens, tokens],
        ],
        weights: [],
        run: (mpc, x) => fns.softmax.evaluate(mpc, first(x), first(x, 1)),
      };
    case 'layernorm':
      return {
        inputs: [[tokens, 768], [768], [768]],
        weights: [1, 2],
        run: (mpc, x) => layerNorm(mpc, first(x), first(x, 1), first(x, 2), 1e-12),
      };
    case 'layer':
    case 'layer-quad':
      return {
        inputs: [[1, tokens, 768], [1, tokens], ...layerWeights],
        weights: layerWeights.map((_, index) => index + 2),
        run: async (mpc, [x, keep, ...shares]) => {
          if (x === undefined || keep === undefined) throw new Error('a layer has two inputs');
          const left = [...shares];
          const from = new Checkpoint(() => {
            const share = left.shift();
            return share === undefined
              ? Promise.reject(new Error('more weights are read than were shared'))
              : Promise.resolve(share);
          });
          return await encode(mpc, config, await encoderLayers(from, 'bert', config), fns, x, keep);
        },
      };
  }
}

/** One measurement: a system, how it is set, and what differs from the other rows of the case. */
export type Contender =
  | {
      readonly system: 'parley';
      readonly variant: SecureVariantId;
      readonly formulas: Formulas;
      readonly fractionBits: number;
      readonly remark: string;
    }
  | {
      readonly system: 'crypten';
      /** `tfp`: party 0 makes the triples and knows them; `ttp`: a third process does. */
      readonly provider: 'tfp' | 'ttp';
      readonly remark: string;
    }
  | {
      readonly system: 'spu';
      readonly protocol: 'aby3' | 'semi2k';
      readonly remark: string;
    };

const parley = (variant: SecureVariantId, formulas: Formulas, remark: string): Contender => ({
  system: 'parley',
  variant,
  formulas,
  fractionBits: variant === 'additive/crypten' ? 16 : 18,
  remark,
});

/** In groups of a faithful variant, its origin, and the fast variant of as many parties. */
export function contendersOf(name: CaseName): readonly Contender[] {
  const crypten = (remark: string): Contender => ({ system: 'crypten', provider: 'tfp', remark });
  if (name === 'layer-quad') {
    return [
      parley('additive/crypten', 'quad', 'dealer is a process; its work is not in the time'),
      crypten('party 0 makes its triples within the time; divides by the mean of the row'),
      parley('additive/fast', 'quad', 'dealer as above'),
    ];
  }
  const nonLinear = name !== 'matmul' && name !== 'relu' && name !== 'layernorm';
  return [
    parley('additive/crypten', 'crypten', 'dealer is a process; its work is not in the time'),
    crypten(
      nonLinear ? 'erf and exact softmax; triples within the time' : 'triples within the time',
    ),
    parley('additive/semi2k', 'puma', 'dealer is a process; its work is not in the time'),
    { system: 'spu', protocol: 'semi2k', remark: 'first party makes the triples within the time' },
    parley('additive/fast', nonLinear ? 'fast' : 'puma', 'dealer is a process'),
    parley('replicated/aby3', 'puma', ''),
    { system: 'spu', protocol: 'aby3', remark: '' },
    parley('replicated/fast', nonLinear ? 'fast' : 'puma', ''),
  ];
}
