/**
 * The specs of the side-by-side page. Model, data and network are the same for all; the approximations
 * are each paper's, and the protocol is the paper's own or SEMI2K for all three.
 */
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { HeadKindId } from '../api/schemas/spec-ids.ts';
import {
  sideMethods,
  sideSets,
  sideSubjects,
  type SideMethod,
  type SideSet,
  type SideSubject,
} from '../api/schemas/papers-side-by-side.ts';
import { requireProfile } from '../demo/profile-network.ts';
import { hashSpec } from '../runs/spec-hash.ts';

export interface SideChoice {
  readonly spec: RunSpec | null;
  readonly obstacle: string | null;
  readonly words: string;
}

/** PUMA's LAN, 5 Gbit/s and 1 ms: the one network that a paper compares two of the methods on. */
export const sideNetwork = 'puma-lan';

export const sideSamples: Readonly<Record<SideSubject, number | null>> = {
  'minilm-2l-imdb': 16,
  vit_7_4_32: null,
};

export const sideTitles: Readonly<Record<SideSubject, string>> = {
  'minilm-2l-imdb': 'MiniLM, 2 layers, on 16 IMDb reviews of 64 tokens',
  vit_7_4_32:
    'ViT-Lite of 7 layers at CIFAR-10 shape; shape-true, random weights: latency and cost only',
};

const ownVariant: Readonly<Record<SideMethod, RunSpec['protocol']['variant']>> = {
  mpcformer: 'additive/crypten',
  puma: 'replicated/aby3',
  mpcvit: 'additive/semi2k',
};

/** Seven layers of four heads: half ReLU attention, half scaling, as if a search had kept that share. */
const half: HeadKindId[][] = Array.from({ length: 7 }, () => ['relu', 'relu', 'scale', 'scale']);
const quadratic: HeadKindId[][] = Array.from({ length: 7 }, () => Array(4).fill('2quad'));

const words: Readonly<Record<SideSubject, Readonly<Record<SideMethod, string>>>> = {
  'minilm-2l-imdb': {
    mpcformer: 'Quad and 2Quad, with the weights of a student that was distilled for them',
    puma: 'polynomials in pieces for GELU, a clipped power for softmax; weights as trained',
    mpcvit: 'attention that differs from head to head',
  },
  vit_7_4_32: {
    mpcformer: 'Quad, and 2Quad in every head',
    puma: 'polynomials in pieces for GELU, a clipped power for softmax in every head',
    mpcvit: 'ReLU attention in half of the heads, scaling in the other half; GELU through erf',
  },
};

function protocolOf(method: SideMethod, set: SideSet): RunSpec['protocol'] {
  const variant = set === 'own' ? ownVariant[method] : 'additive/semi2k';
  return { variant, ring: { bits: 64, fractionBits: variant === 'additive/crypten' ? 16 : 18 } };
}

function approximationsOf(subject: SideSubject, method: SideMethod): RunSpec['approximations'] {
  const isImage = subject === 'vit_7_4_32';
  if (method === 'puma') return { gelu: 'puma', softmax: 'puma' };
  if (method === 'mpcvit') return { gelu: 'spu-erf', softmax: 'spu', heads: half };
  // The heads say 2Quad; the softmax beside them is used by none.
  return isImage
    ? { gelu: 'quad', softmax: 'puma', heads: quadratic }
    : { gelu: 'quad', softmax: '2quad' };
}

/** One entry of the page: its spec, or why there is none. */
export function sideChoice(subject: SideSubject, method: SideMethod, set: SideSet): SideChoice {
  const isText = subject === 'minilm-2l-imdb';
  const said = words[subject][method];
  if (isText && method === 'mpcvit') {
    const obstacle =
      'MPCViT picks a kind of attention for every head, and only ViT-Lite takes that here: see the image model.';
    return { spec: null, obstacle, words: said };
  }
  const spec: RunSpec = {
    version: 1,
    model: isText && method === 'mpcformer' ? 'minilm-2l-imdb-quad-2quad' : subject,
    dataset: isText ? { id: 'imdb-heldout', samples: 16 } : { id: 'random', samples: 1 },
    sequenceLength: isText ? 64 : 65,
    approximations: approximationsOf(subject, method),
    protocol: protocolOf(method, set),
    network: requireProfile(sideNetwork),
    measurement: { batchSize: 1, repeats: 1 },
    reveal: 'logits',
    seed: { kind: 'random' },
  };
  return { spec, obstacle: null, words: said };
}

/** Every spec of the page, each once. */
export function sideSpecs(): readonly RunSpec[] {
  const found = sideSubjects.flatMap((subject) =>
    sideMethods.flatMap((method) =>
      sideSets.flatMap((set) => sideChoice(subject, method, set).spec ?? []),
    ),
  );
  return [...new Map(found.map((spec) => [hashSpec(spec).hash, spec])).values()];
}
