/** PUMA (Dong et al. 2023), arXiv 2307.12533v3: all six tables. */
import type { PaperDefinition } from '../definition.ts';
import { table1, table2 } from './accuracy.ts';
import { table3, table4, table5 } from './costs.ts';
import { table6 } from './llama.ts';

export const puma: PaperDefinition = {
  slug: 'puma',
  title: 'PUMA',
  authors: 'Dong et al.',
  venue: 'arXiv 2023; Security and Safety 2025',
  arxiv: '2307.12533',
  about:
    'Three servers with replicated shares run Transformers as they were trained: GeLU by polynomials in pieces, softmax by a clipped power, the rest exactly. No retraining.',
  parties: 3,
  assumptions: {
    threatModel:
      'Three parties, honest majority, semi-honest: one of them may be curious, none deviates.',
    dealer: 'None; three parties need nobody to deal.',
    bytes:
      'Not defined in the paper. Tables 3 to 5 fit the sum over three parties, table 6 one party, and GB of 2^30 bytes.',
    networkPrinted:
      'About 5 Gbit/s and 1 ms RTT; for LLaMA-7B "20GB" and 0.1 ms. Machines of 32 and 128 threads.',
    networkHere:
      'The same rate and delay, imposed between three processes of one machine (puma-lan, puma-llama-lan with 20 Gbit/s inferred); every run certifies its link.',
  },
  tables: [table1, table2, table3, table4, table5, table6],
};
