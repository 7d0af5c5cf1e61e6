/** MPCFormer (Li et al., ICLR 2023), arXiv 2211.01452. */
import type { PaperDefinition } from '../definition.ts';
import { glue, imdb } from './accuracy.ts';
import { costs, functions, headline } from './times.ts';

export const mpcformer: PaperDefinition = {
  slug: 'mpcformer',
  title: 'MPCFormer',
  authors: 'Li et al.',
  venue: 'ICLR 2023',
  arxiv: '2211.01452',
  about:
    'Two parties with CrypTen. GeLU and softmax give way to quadratics that cost little under MPC, and a student is distilled from the model so that accuracy survives.',
  parties: 2,
  assumptions: {
    threatModel: 'Two parties and someone who deals, semi-honest, not colluding.',
    dealer:
      'The published timing lets party 0 deal to itself, which sends nothing and protects nothing; the paper speaks of a third party. The table of bytes says per row which it is.',
    bytes:
      'None printed. CrypTen counts what a party sends and receives; per party sent is half of it.',
    networkPrinted:
      'Not stated in anything that could be read. Two machines with a GPU each, 10 Gbit/s Ethernet, are not verified.',
    networkHere:
      '10 Gbit/s and 0.1 ms RTT (mpcformer-lan, inferred) between processes of one machine, without a GPU.',
  },
  tables: [headline, imdb, glue, functions, costs],
};
