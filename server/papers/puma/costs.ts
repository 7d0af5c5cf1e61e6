/** PUMA, tables 3 to 5: seconds and GB of encoders and GPT-2, beside MPCFormer without Quad. */
import type { CellIncludes } from '../../api/schemas/papers.ts';
import {
  cell,
  heading,
  type CellDefinition,
  type RecipeDefinition,
  type TableDefinition,
} from '../definition.ts';
import { shapeModel } from '../../zoo/shape-models.ts';
import type { Plan } from '../../engine/plan.ts';
import { mpcformerAtPuma, mpcformerPlan, pumaPlan, pumaSpec } from '../specs.ts';

export const pumaSource = (table: string): string => `arXiv 2307.12533v3, ${table}`;

/** Inferred: sums over three servers, GB of 2^30 bytes. The paper says neither. */
export const threeServers: CellIncludes = {
  scope: 'total',
  direction: 'sent',
  phase: 'online',
  dealer: 'none',
  prefix: 'binary',
};
const crypten: CellIncludes = {
  scope: 'perParty',
  direction: 'sentAndReceived',
  phase: 'all',
  dealer: 'included',
  prefix: 'decimal',
};
export const inferred =
  'The paper does not say whose bytes it counts, nor which GB. That it is all three servers and 2^30 bytes is concluded from its own rows.';

const rows = [
  heading('mpcformer', 'MPCFormer, without Quad'),
  heading('puma', 'PUMA'),
  heading('ratio', 'ratio'),
];

export const binaryGb = 2 ** 30;
export const bytesDifference = {
  reason: 'unitDefinition',
  words:
    'The printed number lies between what GB of 10^9 and of 2^30 bytes would give; which of them is meant is not said.',
} as const;

/** Printed: seconds and GB of MPCFormer, of PUMA, and the two ratios. */
type Printed = readonly [string, string, string, string, string, string];

interface Column {
  readonly id: string;
  readonly title: string;
  readonly model: string;
  readonly length: number;
  readonly printed: Printed;
}

/** Sizes of MPCFormer's benchmark program by the model that a column names. */
const benchmarkOf: Readonly<Partial<Record<string, 'base' | 'large' | 'roberta'>>> = {
  'bert-base': 'base',
  'bert-large': 'large',
  'roberta-base': 'roberta',
};

/** One layer in place of all where the shares of all need more memory than most machines have. */
const familyModels: Readonly<Record<'puma' | 'mpcformer', Readonly<Record<string, string>>>> = {
  puma: {
    'bert-large': 'bert-large-block',
    'gpt2-medium': 'gpt2-medium-block',
    'gpt2-large': 'gpt2-large-block',
  },
  mpcformer: { 'gpt2-large': 'gpt2-large-block' },
};

/** MPCFormer's own benchmark shape where there is one, else the model as it is. */
function mpcformerBytes({ model, length }: Column): RecipeDefinition {
  const size = benchmarkOf[model] ?? null;
  const functions = { gelu: 'crypten-tanh', softmax: 'crypten' } as const;
  const plan: Plan =
    size === null
      ? {
          variant: 'additive/crypten',
          ring: { bits: 64, fractionBits: 16 },
          model: shapeModel(model).config,
          approximations: functions,
          length,
        }
      : mpcformerPlan(size, length, functions, 'dealer');
  return {
    kind: 'prediction',
    plans: [plan],
    counting: { what: 'bytes', of: 'allAndDealer', unitBytes: 1e9 },
    familySpec: mpcformerAtPuma(familyModels.mpcformer[model] ?? model, length),
  };
}

const ownShape = {
  reason: 'differentFunction',
  words:
    "MPCFormer's benchmark has BatchNorm for LayerNorm and multiplies one-hot rows with the vocabulary in blocks; of this model it is not here, and the model as it is stands for it.",
} as const;

function cellsOf(table: string, paperTable: string, column: Column): CellDefinition[] {
  const { id, model, length, printed } = column;
  const [theirS, theirGb, ownS, ownGb, ratioS, ratioGb] = printed;
  const source = pumaSource(paperTable);
  const s = `${id}-s`;
  const gb = `${id}-gb`;
  const at = (row: string, name: string): string => `puma.${table}.${row}.${name}`;
  const two =
    model === 'gpt2' && length === 32
      ? ['GPT-2 at 32 tokens is 3.774 GB in table 4 and 3.777 GB in table 5.']
      : [];
  const seconds = 'Seconds of three machines with 32 processors each; here all parties share one.';
  return [
    cell({
      row: 'mpcformer',
      column: s,
      printed: theirS,
      unit: 's',
      source,
      notes: ['Rerun by the authors of PUMA on their machines.', seconds],
      reference: at('puma', s),
      recipe: {
        kind: 'run',
        spec: mpcformerAtPuma(model, length),
        reading: { kind: 'onlineSeconds' },
      },
    }),
    cell({
      row: 'mpcformer',
      column: gb,
      printed: theirGb,
      unit: 'GB',
      source,
      includes: crypten,
      notes: [
        "Fits what one party sends and receives, with the dealer's corrections.",
        ...(model === 'roberta-base'
          ? ["MPCFormer's benchmark program as for BERT base, with RoBERTa's 50,265 words."]
          : []),
      ],
      difference: benchmarkOf[model] === undefined ? ownShape : null,
      recipe: mpcformerBytes(column),
    }),
    cell({
      row: 'puma',
      column: s,
      printed: ownS,
      unit: 's',
      source,
      notes: [seconds],
      reference: at('mpcformer', s),
      recipe: { kind: 'run', spec: pumaSpec(model, length), reading: { kind: 'onlineSeconds' } },
    }),
    cell({
      row: 'puma',
      column: gb,
      printed: ownGb,
      unit: 'GB',
      source,
      includes: threeServers,
      notes: [inferred, ...two],
      difference: bytesDifference,
      recipe: {
        kind: 'prediction',
        plans: [pumaPlan(model, length)],
        counting: { what: 'bytes', of: 'all', unitBytes: binaryGb },
        familySpec: pumaSpec(familyModels.puma[model] ?? model, length),
      },
    }),
    cell({
      row: 'ratio',
      column: s,
      printed: ratioS,
      unit: 'x',
      source,
      recipe: { kind: 'ratio', over: at('mpcformer', s), under: at('puma', s) },
    }),
    cell({
      row: 'ratio',
      column: gb,
      printed: ratioGb,
      unit: 'x',
      metric: 'exact',
      source,
      includes: { ...threeServers, prefix: null, scope: 'unknown' },
      notes: [
        'Divides bytes of one party and the dealer by bytes of three parties, and a GB of 10^9 by one of 2^30 bytes, if the readings of both rows are right.',
        ...two,
      ],
      difference: bytesDifference,
      recipe: { kind: 'ratio', over: at('mpcformer', gb), under: at('puma', gb) },
    }),
  ];
}

function tableOf(
  id: string,
  title: string,
  note: string,
  columns: readonly Column[],
): TableDefinition {
  const name = `table ${id.slice(1)}`;
  return {
    id,
    title,
    note,
    rows,
    columns: columns.flatMap((column) => [
      heading(`${column.id}-s`, 'time (s)', column.title),
      heading(`${column.id}-gb`, 'communication (GB)', column.title),
    ]),
    cells: columns.flatMap((column) => cellsOf(id, name, column)),
  };
}

const column = (
  id: string,
  title: string,
  model: string,
  length: number,
  ...printed: Printed
): Column => ({ id, title, model, length, printed });

export const table3 = tableOf(
  't3',
  'Table 3: encoders, 128 tokens',
  'One sample of 128 tokens, 5 Gbit/s, 1 ms RTT.',
  [
    column(
      'bert-base',
      'BERT base',
      'bert-base',
      128,
      '55.320',
      '12.089',
      '33.913',
      '10.773',
      '1.631',
      '1.122',
    ),
    column(
      'roberta-base',
      'RoBERTa base',
      'roberta-base',
      128,
      '57.256',
      '12.373',
      '41.641',
      '11.463',
      '1.375',
      '1.079',
    ),
    column(
      'bert-large',
      'BERT large',
      'bert-large',
      128,
      '141.222',
      '32.577',
      '73.720',
      '27.246',
      '1.916',
      '1.195',
    ),
  ],
);

export const table4 = tableOf(
  't4',
  'Table 4: GPT-2, 32 tokens in, 1 out',
  'One sample of 32 tokens, one token out, 5 Gbit/s, 1 ms RTT.',
  [
    column(
      'gpt2',
      'GPT-2 base',
      'gpt2',
      32,
      '34.889',
      '4.999',
      '15.506',
      '3.774',
      '2.250',
      '1.325',
    ),
    column(
      'gpt2-medium',
      'GPT-2 medium',
      'gpt2-medium',
      32,
      '73.078',
      '11.766',
      '30.272',
      '7.059',
      '2.414',
      '1.667',
    ),
    column(
      'gpt2-large',
      'GPT-2 large',
      'gpt2-large',
      32,
      '129.095',
      '22.522',
      '54.154',
      '11.952',
      '2.383',
      '1.884',
    ),
  ],
);

export const table5 = tableOf(
  't5',
  'Table 5: length of the input',
  'BERT base and GPT-2 base with inputs of three lengths, 5 Gbit/s, 1 ms RTT.',
  [
    column(
      'bert-64',
      'BERT base, 64',
      'bert-base',
      64,
      '36.354',
      '5.707',
      '21.141',
      '4.881',
      '1.720',
      '1.169',
    ),
    column(
      'bert-128',
      'BERT base, 128',
      'bert-base',
      128,
      '55.320',
      '12.089',
      '33.913',
      '10.773',
      '1.631',
      '1.122',
    ),
    column(
      'bert-256',
      'BERT base, 256',
      'bert-base',
      256,
      '112.453',
      '29.927',
      '61.210',
      '26.004',
      '1.837',
      '1.151',
    ),
    column(
      'gpt2-16',
      'GPT-2 base, 16',
      'gpt2',
      16,
      '29.695',
      '4.011',
      '11.056',
      '1.875',
      '2.686',
      '2.139',
    ),
    column(
      'gpt2-32',
      'GPT-2 base, 32',
      'gpt2',
      32,
      '34.889',
      '4.999',
      '15.506',
      '3.777',
      '2.250',
      '1.324',
    ),
    column(
      'gpt2-64',
      'GPT-2 base, 64',
      'gpt2',
      64,
      '43.344',
      '7.318',
      '24.860',
      '7.821',
      '1.744',
      '0.936',
    ),
  ],
);
