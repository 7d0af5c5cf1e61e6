/** What CrypTen 0.4.0 does element by element, and products; see `operations-crypten.ts`. */
import { hardtanh, isNegative, isZero, relu, where } from '../approximations/crypten/compare.ts';
import { erfAsShipped, erfCorrected } from '../approximations/crypten/erf.ts';
import { exp, expCorrected } from '../approximations/crypten/exp.ts';
import * as gelus from '../approximations/crypten/gelu.ts';
import { log } from '../approximations/crypten/log.ts';
import { sigmoid, silu, tanh } from '../approximations/crypten/logistic.ts';
import * as reciprocals from '../approximations/crypten/reciprocal.ts';
import { inverseSqrt, sqrt } from '../approximations/crypten/roots.ts';
import { geluQuad } from '../approximations/gelu-quad.ts';
import {
  form,
  ofOne,
  ofThree,
  ofTwo,
  oneTensor,
  sameShapes,
  twoMatrices,
  type Operation,
} from './operation.ts';

const beaver = 'CrypTen 775868a, mpc/primitives/beaver.py';
const numbers = 'CrypTen 775868a, mpc/primitives/arithmetic.py';
const mpcTensor = 'CrypTen 775868a, mpc/mpc.py';
const logic = 'CrypTen 775868a, common/functions/logic.py';
const functions = 'CrypTen 775868a, common/functions/approximations.py';
const benchmark = 'MPCFormer 38cb42c, src/benchmark/utils.py';
const models = 'MPCFormer 38cb42c, src/benchmark/models.py';

export const cryptenElementOperations: readonly Operation[] = [
  {
    name: 'mul',
    ...sameShapes(2),
    forms: [
      form(
        'default',
        'Product, not truncated',
        beaver,
        ofTwo((mpc, x, y) => mpc.mul(x, y)),
      ),
    ],
  },
  {
    name: 'square',
    ...oneTensor,
    forms: [
      form(
        'default',
        'Square, not truncated',
        beaver,
        ofOne((mpc, x) => mpc.square(x)),
      ),
    ],
  },
  {
    name: 'matmul',
    ...twoMatrices,
    forms: [
      form(
        'default',
        'Matrix product, not truncated',
        beaver,
        ofTwo((mpc, x, y) => mpc.matmul(x, y)),
      ),
    ],
  },
  {
    name: 'truncate',
    ...oneTensor,
    forms: [
      form(
        'default',
        'Each party divides its own share by 2^f',
        numbers,
        ofOne((mpc, x) => mpc.truncate(x, mpc.ring.fractionBits)),
      ),
    ],
  },
  {
    name: 'ltz',
    ...oneTensor,
    forms: [form('default', '1 where x < 0, as a number', mpcTensor, ofOne(isNegative))],
  },
  {
    name: 'eq',
    ...sameShapes(2),
    forms: [
      form(
        'default',
        '1 where x = y, as a number',
        mpcTensor,
        ofTwo((mpc, x, y) => isZero(mpc, mpc.sub(x, y))),
      ),
    ],
  },
  { name: 'relu', ...oneTensor, forms: [form('default', 'x (x >= 0)', logic, ofOne(relu))] },
  {
    name: 'select',
    ...sameShapes(3),
    forms: [
      form(
        'default',
        'bit x + (1 - bit) y, the bit a number',
        'CrypTen 775868a, where',
        ofThree(where),
      ),
    ],
  },
  {
    name: 'clamp',
    ...oneTensor,
    forms: [
      form(
        'default',
        'x limited to [-1, 1]',
        logic,
        ofOne((mpc, x) => hardtanh(mpc, x)),
      ),
    ],
  },
  {
    name: 'exp',
    ...oneTensor,
    forms: [
      form('default', '(1 + x/256)^256', functions, ofOne(exp)),
      form('corrected', '(1 + max(x, -256)/256)^256', null, ofOne(expCorrected)),
    ],
  },
  {
    name: 'log',
    ...oneTensor,
    forms: [form('default', 'Two Householder steps of order 8', functions, ofOne(log))],
  },
  {
    name: 'reciprocal',
    ...oneTensor,
    forms: [
      form(
        'default',
        'Ten Newton steps of |x|, and the sign',
        functions,
        ofOne(reciprocals.reciprocal),
      ),
      form(
        'allPositive',
        'Ten Newton steps',
        `${functions}, reciprocal_all_pos`,
        ofOne(reciprocals.reciprocalOfPositive),
      ),
      form(
        'corrected',
        'Ten Newton steps of x/32, divided by 32',
        null,
        ofOne((mpc, x) => reciprocals.reciprocalScaled(mpc, x, 5)),
      ),
    ],
  },
  {
    name: 'division',
    ...sameShapes(2),
    forms: [form('default', 'x times the reciprocal of y', mpcTensor, ofTwo(reciprocals.divide))],
  },
  {
    name: 'sqrt',
    ...oneTensor,
    forms: [form('default', 'x times its inverse square root', functions, ofOne(sqrt))],
  },
  {
    name: 'inv_sqrt',
    ...oneTensor,
    forms: [form('default', 'Three Newton steps', functions, ofOne(inverseSqrt))],
  },
  {
    name: 'sigmoid',
    ...oneTensor,
    forms: [form('default', '1 / (1 + exp(-|x|)), mirrored', functions, ofOne(sigmoid))],
  },
  {
    name: 'tanh',
    ...oneTensor,
    forms: [form('default', '2 sigmoid(2x) - 1', functions, ofOne(tanh))],
  },
  {
    name: 'erf',
    ...oneTensor,
    forms: [
      form('asShipped', 'Taylor series with wrong odd powers', functions, ofOne(erfAsShipped)),
      form('corrected', 'Taylor series of x limited to 1.81', null, ofOne(erfCorrected)),
    ],
  },
  {
    name: 'hardtanh',
    ...oneTensor,
    forms: [
      form(
        'default',
        'x limited to [-1, 1]',
        logic,
        ofOne((mpc, x) => hardtanh(mpc, x)),
      ),
    ],
  },
  {
    name: 'gelu',
    ...oneTensor,
    forms: [
      form('tanh', '0.5 x (1 + tanh(...)), tanh by a sigmoid', functions, ofOne(gelus.geluTanh)),
      form(
        'erf',
        '0.5 x (1 + erf(x / sqrt 2)), erf as shipped',
        functions,
        ofOne(gelus.geluErfAsShipped),
      ),
      form('erfCorrected', 'The same with the corrected erf', null, ofOne(gelus.geluErfCorrected)),
      form('hardtanh', 'The tanh form with Hardtanh', benchmark, ofOne(gelus.geluHardtanh)),
      form('relu', 'ReLU in place of GeLU', models, ofOne(relu)),
    ],
  },
  {
    name: 'silu',
    ...oneTensor,
    forms: [form('default', 'x sigmoid(x)', null, ofOne(silu))],
  },
  {
    name: 'quad',
    ...oneTensor,
    forms: [
      form(
        'asShipped',
        '0.125 x x + 0.5 x + 0.25 by a product',
        benchmark,
        ofOne(gelus.quadAsShipped),
      ),
      form(
        'paper',
        '0.125 x^2 + 0.25 x + 0.5 by a square',
        geluQuad.source,
        ofOne((mpc, x) => geluQuad.evaluate(mpc, x)),
      ),
    ],
  },
];
