/** Every non-linear function by name; a plan's approximation ids are looked up here and nowhere else. */
import type { GeluId, SoftmaxId } from '../plan.ts';
import { geluExactFloat, softmaxExactFloat } from './exact-float.ts';
import type { Description, ElementFunction, SoftmaxFunction } from './function.ts';
import { geluPuma } from './gelu-puma.ts';
import { geluQuad } from './gelu-quad.ts';
import { geluTanhSeries } from './gelu-tanh.ts';
import { softmax2Quad, softmaxPuma, softmaxSeries } from './softmax.ts';

export const geluFunctions: { readonly [Id in GeluId]: ElementFunction<Id> } = {
  puma: geluPuma,
  quad: geluQuad,
  'tanh-series': geluTanhSeries,
  'exact-float': geluExactFloat,
};

export const softmaxFunctions: { readonly [Id in SoftmaxId]: SoftmaxFunction<Id> } = {
  puma: softmaxPuma,
  '2quad': softmax2Quad,
  series: softmaxSeries,
  'exact-float': softmaxExactFloat,
};

/** What a secure run may choose; `exact-float` exists in the clear only. */
export const geluDescriptions: readonly Description<GeluId>[] = [
  geluPuma,
  geluQuad,
  geluTanhSeries,
].map(described);
export const softmaxDescriptions: readonly Description<SoftmaxId>[] = [
  softmaxPuma,
  softmax2Quad,
  softmaxSeries,
].map(described);

function described<Id extends string>(fn: Description<Id>): Description<Id> {
  const { id, title, description, source } = fn;
  return { id, title, description, source };
}
