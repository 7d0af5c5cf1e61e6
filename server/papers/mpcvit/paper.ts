/** MPCViT (Zeng et al., ICCV 2023), arXiv 2211.13955: three data sets. */
import type { PaperDefinition } from '../definition.ts';
import { cifar10Rows } from './cifar-10.ts';
import { cifar100Rows } from './cifar-100.ts';
import { normaliser } from './normaliser.ts';
import { tableOf } from './table.ts';
import { tinyImageNetRows } from './tiny-imagenet.ts';

export const mpcvit: PaperDefinition = {
  slug: 'mpcvit',
  title: 'MPCViT',
  authors: 'Zeng et al.',
  venue: 'ICCV 2023',
  arxiv: '2211.13955',
  about:
    'Two parties with SPU over a WAN. Every head of a Vision Transformer keeps a ReLU attention or gets a linear one; a search decides which, and a student is distilled.',
  parties: 2,
  assumptions: {
    threatModel: 'Two parties, semi-honest, and correlated randomness from elsewhere.',
    dealer:
      'Online phase only, it seems; the engine of that version knew no dealer of its own but party 0.',
    bytes: 'None printed, and none were given when readers asked.',
    networkPrinted: 'A WAN "following Cheetah"; no rate and no delay.',
    networkHere:
      "400 Mbit/s and 40 ms RTT (mpcvit-wan, inferred from Cheetah's script), a dealer of its own, which is not in the online time.",
  },
  tables: [
    tableOf({
      id: 'cifar-10',
      title: 'CIFAR-10',
      model: 'vit_7_4_32',
      hubData: 'uoft-cs/cifar10',
      rows: cifar10Rows,
    }),
    tableOf({
      id: 'cifar-100',
      title: 'CIFAR-100',
      model: 'vit_7_4_32-100',
      hubData: 'uoft-cs/cifar100',
      rows: cifar100Rows,
    }),
    tableOf({
      id: 'tiny-imagenet',
      title: 'Tiny-ImageNet',
      model: 'vit_9_12_64',
      hubData: 'zh-plus/tiny-imagenet',
      rows: tinyImageNetRows,
    }),
    normaliser,
  ],
};
