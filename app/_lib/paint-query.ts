/**
 * What is painted layer by layer and head by head, and the lists of a sweep, in the address: short keys,
 * left out where nothing was painted or listed. Anything unknown reaches the form, which refuses it.
 */
import { headKindIds } from '../../server/api/schemas/spec-ids.ts';
import { tokensOf, tokensText } from './token-ranges.ts';
import { pickedFields, type Also, type SpecDraft } from './spec-draft.ts';

/** One letter a kind, in the order of `headKindIds`: softmax, ReLU, scaling, 2Quad. */
const letters = ['s', 'r', 'c', 'q'] as const;

const kindOf = (letter: string): string =>
  headKindIds[letters.indexOf(letter as (typeof letters)[number])] ?? letter;
const letterOf = (kind: string): string =>
  letters[headKindIds.findIndex((id) => id === kind)] ?? kind;

/** `heads=ssrr.ssss` and `layers=puma/puma,quad/2quad`, with tokens that keep a GELU `puma/puma/0-12.20`. */
export function readPaint(query: URLSearchParams, draft: SpecDraft): void {
  const heads = query.get('heads');
  if (heads === 'none') delete draft.approximations.heads;
  else if (heads !== null) {
    draft.approximations.heads = heads
      .split('.')
      .map((layer) => layer.split('').map((letter) => kindOf(letter)));
  }
  const layers = query.get('layers');
  if (layers === 'none') delete draft.approximations.layers;
  else if (layers !== null) {
    draft.approximations.layers = layers.split(',').map((layer) => {
      const [gelu = '', softmax = '', kept = ''] = layer.split('/');
      const geluTokens = tokensOf(kept);
      return { gelu, softmax, ...(geluTokens === undefined ? {} : { geluTokens }) };
    });
  }
}

export function writePaint(query: URLSearchParams, draft: SpecDraft, base: SpecDraft): void {
  const put = (key: string, own: string | undefined, usual: string | undefined): void => {
    if (own !== usual) query.set(key, own ?? 'none');
  };
  put('heads', headsText(draft), headsText(base));
  put('layers', layersText(draft), layersText(base));
}

const headsText = ({ approximations: { heads } }: SpecDraft): string | undefined =>
  heads?.map((layer) => layer.map(letterOf).join('')).join('.');
const layersText = ({ approximations: { layers } }: SpecDraft): string | undefined =>
  layers
    ?.map(({ gelu, softmax, geluTokens }) =>
      [gelu, softmax, ...(geluTokens === undefined ? [] : [tokensText(geluTokens, '.')])].join('/'),
    )
    .join(',');

const alsoKey = (field: string): string => `also.${field.split('.').at(-1) ?? field}`;

/** Null where the address lists nothing. */
export function readAlso(query: URLSearchParams): Also | null {
  const also: Also = {};
  for (const field of pickedFields) {
    const text = query.get(alsoKey(field));
    if (text !== null && text !== '') also[field] = text.split(',');
  }
  return Object.keys(also).length === 0 ? null : also;
}

export function writeAlso(query: URLSearchParams, also: Also): void {
  for (const field of pickedFields) {
    const values = also[field] ?? [];
    if (values.length > 0) query.set(alsoKey(field), values.join(','));
  }
}
