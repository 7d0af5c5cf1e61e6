/** What CrypTen 0.4.0 does with rows: maxima, softmax, norms, look-ups; see `operations-crypten.ts`. */
import { embedOneHot } from '../approximations/crypten/embedding.ts';
import { batchNorm, layerNorm } from '../approximations/crypten/layernorm.ts';
import { maxAndArgmax, maxValue } from '../approximations/crypten/maximum.ts';
import * as softmaxes from '../approximations/crypten/softmax.ts';
import {
  form,
  normalisedRows,
  ofOne,
  ofThree,
  ofTwo,
  rows,
  twoMatrices,
  type Operation,
} from './operation.ts';

const functions = 'CrypTen 775868a, common/functions/approximations.py';
const maxima = 'CrypTen 775868a, common/functions/maximum.py, log_reduction';
const benchmark = 'MPCFormer 38cb42c, src/benchmark/utils.py';
const models = 'MPCFormer 38cb42c, src/benchmark/models.py';

const layerNormEpsilon = 1e-12;

export const cryptenRowOperations: readonly Operation[] = [
  {
    name: 'max',
    ...rows,
    forms: [
      form('default', 'Row maximum, its value only', maxima, ofOne(maxValue)),
      form('withArgmax', 'Row maximum and where it is', maxima, ofOne(maxAndArgmax)),
    ],
  },
  {
    name: 'argmax',
    ...rows,
    forms: [
      form(
        'default',
        'One-hot place of the row maximum, ties at random',
        maxima,
        ofOne(maxAndArgmax),
      ),
    ],
  },
  {
    name: 'softmax',
    ...rows,
    forms: [
      form(
        'asShipped',
        'Maximum with the unused argmax, exp, reciprocal',
        functions,
        ofOne((mpc, x) => softmaxes.softmaxAsShipped(mpc, x, null)),
      ),
      form(
        'noArgmax',
        'The same without the unused argmax',
        functions,
        ofOne((mpc, x) => softmaxes.softmaxWithoutArgmax(mpc, x, null)),
      ),
      form(
        'corrected',
        'Without argmax, row sums scaled into the domain of the reciprocal',
        null,
        ofOne((mpc, x) => softmaxes.softmaxCorrected(mpc, x, null)),
      ),
    ],
  },
  {
    name: '2quad',
    ...rows,
    forms: [
      form(
        'asShipped',
        '(x + 5)(x + 5) over the row sum',
        benchmark,
        ofOne((mpc, x) => softmaxes.quadAsShipped(mpc, x, null)),
      ),
      form(
        'corrected',
        '(x + 5)^2 over the row mean, over n',
        null,
        ofOne((mpc, x) => softmaxes.quadCorrected(mpc, x, null)),
      ),
    ],
  },
  {
    name: '2relu',
    ...rows,
    forms: [
      form(
        'asShipped',
        'ReLU(x) over the row sum',
        benchmark,
        ofOne((mpc, x) => softmaxes.reluAsShipped(mpc, x, null)),
      ),
      form(
        'corrected',
        'ReLU(x) over the row mean, over n',
        null,
        ofOne((mpc, x) => softmaxes.reluCorrected(mpc, x, null)),
      ),
    ],
  },
  {
    name: 'layernorm',
    ...normalisedRows,
    forms: [
      form(
        'default',
        'Mean, variance, inverse square root, gamma, beta',
        'Put together from functions of CrypTen 775868a',
        ofThree((mpc, x, gamma, beta) => layerNorm(mpc, x, gamma, beta, layerNormEpsilon)),
      ),
      form(
        'batchNorm',
        'Stand-in with fixed statistics: two products',
        models,
        // The statistics are as long as gamma and beta, which stand for them: only cost is asked.
        ofThree((mpc, x, gamma, beta) =>
          batchNorm(mpc, x, { mean: beta, inverseDeviation: gamma, gamma, beta }),
        ),
      ),
    ],
  },
  {
    name: 'embedding',
    ...twoMatrices,
    forms: [
      form(
        'asShipped',
        'One-hot rows times the table, in 250 blocks',
        models,
        ofTwo((mpc, oneHot, table) => embedOneHot(mpc, oneHot, table)),
      ),
      form(
        'oneProduct',
        'One-hot rows times the table at once',
        null,
        ofTwo((mpc, oneHot, table) => embedOneHot(mpc, oneHot, table, 1)),
      ),
    ],
  },
];
