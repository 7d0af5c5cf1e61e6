/** Every non-linear function by name; a plan's approximation ids are looked up here and nowhere else. */
import type { GeluId, LayerNormId, SiluId, SoftmaxId } from '../plan.ts';
import * as crypten from './crypten/functions.ts';
import { geluExactFloat, siluExactFloat, softmaxExactFloat } from './exact-float.ts';
import type { Description, ElementFunction, SoftmaxFunction } from './function.ts';
import { geluEven } from './gelu-even.ts';
import { geluSecformer, geluShaft } from './gelu-fourier.ts';
import { geluPuma } from './gelu-puma.ts';
import { geluQuad } from './gelu-quad.ts';
import { geluRelu } from './gelu-relu.ts';
import { geluRemoved } from './gelu-removed.ts';
import { geluTanhSeries } from './gelu-tanh.ts';
import { layerNormExact, layerNormLinear, type NormFunction } from './layernorm-linear.ts';
import { siluPuma } from './silu-puma.ts';
import {
  softmax2Quad,
  softmax2Relu,
  softmaxExponential,
  softmaxPuma,
  softmaxSeries,
} from './softmax.ts';
import { softmaxSecformer } from './softmax-secformer.ts';
import { softmaxShaft } from './softmax-shaft.ts';
import { softmaxTheX } from './softmax-the-x.ts';
import { softmaxSpu } from './spu/attention.ts';
import { geluErf } from './spu/gelu-erf.ts';

export const geluFunctions: { readonly [Id in GeluId]: ElementFunction<Id> } = {
  puma: geluPuma,
  even: geluEven,
  quad: geluQuad,
  'tanh-series': geluTanhSeries,
  'quad-shipped': crypten.geluQuadAsShipped,
  'crypten-tanh': crypten.geluCryptenTanh,
  'crypten-erf': crypten.geluCryptenErf,
  'crypten-erf-corrected': crypten.geluCryptenErfCorrected,
  'crypten-hardtanh': crypten.geluCryptenHardtanh,
  'spu-erf': geluErf,
  secformer: geluSecformer,
  shaft: geluShaft,
  relu: geluRelu,
  removed: geluRemoved,
  'exact-float': geluExactFloat,
};

export const softmaxFunctions: { readonly [Id in SoftmaxId]: SoftmaxFunction<Id> } = {
  puma: softmaxPuma,
  '2quad': softmax2Quad,
  '2relu': softmax2Relu,
  series: softmaxSeries,
  exponential: softmaxExponential,
  crypten: crypten.softmaxCrypten,
  'crypten-no-argmax': crypten.softmaxCryptenNoArgmax,
  'crypten-corrected': crypten.softmaxCryptenCorrected,
  '2quad-shipped': crypten.softmax2QuadAsShipped,
  '2quad-corrected': crypten.softmax2QuadCorrected,
  '2relu-shipped': crypten.softmax2ReluAsShipped,
  '2relu-corrected': crypten.softmax2ReluCorrected,
  shaft: softmaxShaft,
  secformer: softmaxSecformer,
  'the-x': softmaxTheX,
  spu: softmaxSpu,
  'exact-float': softmaxExactFloat,
};

export const siluFunctions: { readonly [Id in SiluId]: ElementFunction<Id> } = {
  puma: siluPuma,
  'exact-float': siluExactFloat,
};

export const layerNormFunctions: { readonly [Id in LayerNormId]: NormFunction<Id> } = {
  exact: layerNormExact,
  linear: layerNormLinear,
};

/** What a secure run may choose; `exact-float` exists in the clear only. */
export const geluDescriptions = secureOnly(geluFunctions);
export const softmaxDescriptions = secureOnly(softmaxFunctions);
export const layerNormDescriptions = secureOnly(layerNormFunctions);

function secureOnly<Id extends string>(
  functions: Readonly<Record<Id, Description<Id>>>,
): readonly Description<Id>[] {
  return Object.values<Description<Id>>(functions)
    .filter(({ id }) => id !== 'exact-float')
    .map(({ id, title, description, source, defect }) => ({
      id,
      title,
      description,
      source,
      ...(defect === undefined ? {} : { defect }),
    }));
}
