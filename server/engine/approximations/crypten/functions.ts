/** CrypTen's functions by name, for plans: what each is, where it comes from, what is wrong with it. */
import type { Defect, ElementFunction, SoftmaxFunction } from '../function.ts';
import { quadShift } from '../softmax.ts';
import * as gelus from './gelu.ts';
import * as softmaxes from './softmax.ts';

const crypten = 'CrypTen 0.4.0 (commit 775868a)';
const benchmark = 'MPCFormer, src/benchmark (commit 38cb42c)';
const onTheseParties = 'additive/crypten, 16 fraction bits, tests/engine/crypten';

export const geluQuadAsShipped: ElementFunction<'quad-shipped'> = {
  id: 'quad-shipped',
  title: 'Quad as timed',
  description: '0.125 x² + 0.5 x + 0.25: the coefficients of the timing code, for cost only.',
  source: benchmark,
  defect: {
    what: 'The linear and the constant coefficient are exchanged against the paper.',
    measuredError: '0.25 |x - 1| from the Quad that models are distilled with.',
    measuredBy: 'By its formula.',
  },
  evaluate: gelus.quadAsShipped,
};

export const geluCryptenTanh: ElementFunction<'crypten-tanh'> = {
  id: 'crypten-tanh',
  title: 'CrypTen GeLU by tanh',
  description: 'The tanh form; tanh by a sigmoid, that by exp and three Newton steps.',
  source: crypten,
  evaluate: gelus.geluTanh,
};

export const geluCryptenErf: ElementFunction<'crypten-erf'> = {
  id: 'crypten-erf',
  title: 'CrypTen GeLU by erf, as shipped',
  description: 'The erf form; erf by a Taylor series with wrong odd powers, for cost only.',
  source: crypten,
  defect: {
    what: 'Odd powers above 3 are wrong: x^5 gives x^6, x^15 gives x^27.',
    measuredError:
      'erf is off by 0.006 between -0.5 and 1, by 0.23 at -1; erf(1.5) = 0.28, erf(2) = -175.',
    measuredBy: onTheseParties,
  },
  evaluate: gelus.geluErfAsShipped,
};

export const geluCryptenErfCorrected: ElementFunction<'crypten-erf-corrected'> = {
  id: 'crypten-erf-corrected',
  title: 'CrypTen GeLU by erf, corrected',
  description: 'The erf form; the Taylor series with right powers, limited to where it reaches 1.',
  source: null,
  evaluate: gelus.geluErfCorrected,
};

export const geluCryptenHardtanh: ElementFunction<'crypten-hardtanh'> = {
  id: 'crypten-hardtanh',
  title: 'CrypTen GeLU by Hardtanh',
  description: 'The tanh form with Hardtanh in the place of tanh; up to 0.14 from GeLU.',
  source: benchmark,
  evaluate: gelus.geluHardtanh,
};

export const softmaxCrypten: SoftmaxFunction<'crypten'> = {
  id: 'crypten',
  title: 'CrypTen softmax, as shipped',
  description: 'Maximum with an unused argmax, (1 + x/256)^256, ten Newton steps.',
  source: crypten,
  defect: flatRows(),
  evaluate: softmaxes.softmaxAsShipped,
};

export const softmaxCryptenNoArgmax: SoftmaxFunction<'crypten-no-argmax'> = {
  id: 'crypten-no-argmax',
  title: 'CrypTen softmax without argmax',
  description: 'The same function for about half the bytes.',
  source: crypten,
  defect: flatRows(),
  evaluate: softmaxes.softmaxWithoutArgmax,
};

export const softmaxCryptenCorrected: SoftmaxFunction<'crypten-corrected'> = {
  id: 'crypten-corrected',
  title: 'CrypTen softmax, corrected',
  description: 'Without argmax, row sums scaled into the domain of the reciprocal.',
  source: null,
  evaluate: softmaxes.softmaxCorrected,
};

export const softmax2QuadAsShipped: SoftmaxFunction<'2quad-shipped'> = {
  id: '2quad-shipped',
  title: '2Quad as timed',
  description: '(x + 5)² over its row sum by the default reciprocal, for cost only.',
  source: benchmark,
  defect: {
    what: 'The row sum, about 26 n, is beyond the domain of the reciprocal, which ends near 100.',
    measuredError: 'Weights of about 4e9 instead of 0.02 for rows of 128.',
    measuredBy: `Li et al.'s code on ${crypten}; ${onTheseParties}`,
  },
  hiddenScore: -quadShift,
  evaluate: softmaxes.quadAsShipped,
};

export const softmax2QuadCorrected: SoftmaxFunction<'2quad-corrected'> = {
  id: '2quad-corrected',
  title: '2Quad on CrypTen, corrected',
  description: '(x + 5)² over its row mean, then over n, by squares and ten Newton steps.',
  source: null,
  hiddenScore: -quadShift,
  evaluate: softmaxes.quadCorrected,
};

export const softmax2ReluAsShipped: SoftmaxFunction<'2relu-shipped'> = {
  id: '2relu-shipped',
  title: '2ReLU as timed',
  description: 'ReLU(x) over its row sum by the default reciprocal.',
  source: benchmark,
  defect: {
    what: 'The reciprocal of a row sum loses its bits as rows grow.',
    measuredError: '0.0003 for rows of 32, 0.002 for 128, 0.018 for 512, where weights are 0.005.',
    measuredBy: `Li et al.'s code on ${crypten}; ${onTheseParties}`,
  },
  evaluate: softmaxes.reluAsShipped,
};

export const softmax2ReluCorrected: SoftmaxFunction<'2relu-corrected'> = {
  id: '2relu-corrected',
  title: '2ReLU on CrypTen, corrected',
  description: 'ReLU(x) over its row mean, then over n.',
  source: null,
  evaluate: softmaxes.reluCorrected,
};

function flatRows(): Defect {
  return {
    what: 'The reciprocal ends near 100, and so the row sum of exponentials must.',
    measuredError: 'Rows of 512 equal scores come out as noise; about 0.001 on random scores.',
    measuredBy: onTheseParties,
  };
}
