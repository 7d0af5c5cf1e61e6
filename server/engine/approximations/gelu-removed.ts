/**
 * No GeLU at all: what MPCViT+ leaves of it in the layers that its search picks (Zeng et al. 2023). Chosen for
 * some layers of a plan, it costs nothing there, and the two linear layers around it are one matrix that the
 * model's owner multiplies out before sharing (models/feed-forward.ts). Models have to be trained with it.
 */
import type { ElementFunction } from './function.ts';

export const geluRemoved: ElementFunction<'removed'> = {
  id: 'removed',
  title: 'GeLU removed',
  description:
    'x itself, for single layers of models trained so. The two linear layers around it become one product, multiplied out before sharing.',
  source: 'MPCViT+ (Zeng et al. 2023), layer-wise removal',
  evaluate: (_, x) => Promise.resolve(x),
};
