/** MPCFormer: seconds per function, whole model, headline numbers, and bytes that it does not print. */
import type { CellIncludes, Confidence } from '../../api/schemas/papers.ts';
import {
  cell,
  data,
  heading,
  lacking,
  weights,
  type CellDefinition,
  type TableDefinition,
} from '../definition.ts';
import {
  mpcformerPlan,
  mpcformerTiming,
  type Approximations,
  type BenchmarkFunctions,
  mpcformerAtPuma,
} from '../specs.ts';

type FunctionRow = readonly [
  id: string,
  title: string,
  place: 'gelu' | 'softmax',
  timing: readonly [Approximations['gelu'], Approximations['softmax']],
  total: string,
  comm: string,
];
const functionRows: readonly FunctionRow[] = [
  ['gelu', 'GeLU', 'gelu', ['crypten-erf', 'crypten'], '11', '9.6'],
  ['quad', 'Quad', 'gelu', ['quad-shipped', '2quad-shipped'], '0.5', '0.4'],
  ['softmax', 'Softmax', 'softmax', ['crypten-erf', 'crypten'], '40', '34.1'],
  ['2relu', '2ReLU', 'softmax', ['quad-shipped', '2relu-shipped'], '14.7', '12.8'],
  ['2quad', '2Quad', 'softmax', ['quad-shipped', '2quad-shipped'], '3.2', '1.7'],
];

export const functions: TableDefinition = {
  id: 'functions',
  title: 'Seconds per function, BERT base',
  note: 'All layers together, all of it and the part that is communication. The image prints no length; 512 tokens and one sample follow from the bytes and the speed-ups. Here both are booked at the places of the model: communication is the time in which the slowest party waits.',
  rows: functionRows.map(([id, title]) => heading(id, title)),
  columns: [heading('total', 'total (s)'), heading('comm', 'communication (s)')],
  cells: functionRows.flatMap(([row, , place, [gelu, softmax], total, comm]) =>
    (['total', 'comm'] as const).map((column) =>
      cell({
        row,
        column,
        printed: column === 'total' ? total : comm,
        unit: 's',
        source: "speedup.PNG of the authors' repository, 38cb42c",
        notes: [
          ...(row === 'gelu'
            ? ['Which GeLU was timed is not stated; the bytes fit one by erf or tanh, not a ReLU.']
            : []),
          ...(row === '2quad'
            ? ['As shipped, its division by a sum above 256 does not compute: cost only.']
            : []),
        ],
        reference:
          row === 'softmax'
            ? `mpcformer.functions.gelu.${column}`
            : `mpcformer.functions.softmax.${column}`,
        recipe: {
          kind: 'run',
          spec: mpcformerTiming(gelu, softmax),
          reading: { kind: 'placeSeconds', place, part: column === 'total' ? 'all' : 'wait' },
        },
      }),
    ),
  ),
};

const headlineCell = (
  row: string,
  printed: string,
  unit: CellDefinition['unit'],
  source: string,
  recipe: CellDefinition['recipe'],
  notes: readonly string[] = [],
  confidence: Confidence = 'verified',
): CellDefinition =>
  cell({ row, column: 'value', printed, unit, source, recipe, notes, confidence });

const at128 = (gelu: Approximations['gelu'], softmax: Approximations['softmax']) => ({
  ...mpcformerTiming(gelu, softmax),
  sequenceLength: 128,
});

const plaintext = {
  kind: 'missing',
  missing: [lacking('setting', 'a timing of the float model: runs time the secure one')],
  spec: null,
  ownScale: [],
} as const;
const unread = ['From a figure that could not be read; from memory, not verified.'];

export const headline: TableDefinition = {
  id: 'headline',
  title: 'Headline numbers',
  note: 'From abstract, introduction and figure 2.',
  rows: [
    heading('imdb-speed-up', 'BERT base, IMDb: speed-up'),
    heading('glue-speed-up', 'BERT base, GLUE: speed-up'),
    heading('glue-share', 'BERT base, GLUE: share of the teacher'),
    heading('large-speed-up', 'BERT large, IMDb: speed-up'),
    heading('slowdown', 'earlier private inference: slow-down'),
    heading('seconds-plain', 'BERT base without MPC (s)'),
    heading('seconds-secure', 'BERT base with MPC (s)'),
    heading('figure-total', 'figure 2: total (s)'),
    heading('figure-plain', 'figure 2: plaintext (s)'),
    heading('figure-comm', 'figure 2: share of communication'),
    heading('figure-softmax', 'figure 2: share of Softmax'),
    heading('figure-gelu', 'figure 2: share of GeLU'),
  ],
  columns: [heading('value', 'printed')],
  cells: [
    headlineCell(
      'imdb-speed-up',
      '5.3',
      'x',
      'abstract, arXiv v2',
      {
        kind: 'ratio',
        over: mpcformerTiming('crypten-erf', 'crypten'),
        under: mpcformerTiming('quad-shipped', '2quad-shipped'),
      },
      ['5.26x in the table.'],
    ),
    headlineCell('glue-speed-up', '2.2', 'x', 'abstract, arXiv v2', {
      kind: 'ratio',
      over: at128('crypten-erf', 'crypten'),
      under: at128('quad-shipped', '2quad-shipped'),
    }),
    headlineCell(
      'glue-share',
      '97',
      '%',
      'abstract, arXiv v2',
      {
        kind: 'missing',
        missing: [
          weights(null, 'BERT base with Quad and 2Quad, distilled on the eight tasks'),
          data('nyu-mll/glue', 'the development sets of the eight tasks'),
        ],
        spec: null,
        ownScale: [
          {
            words: 'A two-layer student of 64 tokens, distilled here.',
            preset: 'student-aby3-minilm2-imdb-lan',
          },
        ],
      },
      ["96.6 % with the teacher row's own mean."],
    ),
    headlineCell(
      'large-speed-up',
      '5.93',
      'x',
      'abstract, arXiv v1',
      {
        kind: 'ratio',
        over: mpcformerTiming('crypten-erf', 'crypten', 'bert-large'),
        under: mpcformerTiming('quad-shipped', '2quad-shipped', 'bert-large'),
      },
      ['Dropped from the abstract of v2.'],
    ),
    headlineCell('slowdown', '>60', 'x', 'abstract, arXiv v2', plaintext),
    headlineCell('seconds-plain', '<1', 's', 'introduction', plaintext),
    headlineCell(
      'seconds-secure',
      '60',
      's',
      'introduction',
      {
        kind: 'run',
        spec: mpcformerTiming('crypten-erf', 'crypten'),
        reading: { kind: 'onlineSeconds' },
      },
      ['"About 60".'],
    ),
    headlineCell(
      'figure-total',
      '59.0',
      's',
      'figure 2',
      {
        kind: 'run',
        spec: mpcformerTiming('crypten-erf', 'crypten'),
        reading: { kind: 'onlineSeconds' },
      },
      unread,
      'unverified',
    ),
    headlineCell('figure-plain', '0.3', 's', 'figure 2', plaintext, unread, 'unverified'),
    ...(
      [
        [
          'figure-comm',
          '79.5',
          'a share of one run, which needs one number over another of the same run',
        ],
        ['figure-softmax', '67.8', 'a share of one run; the seconds are in the table of functions'],
        ['figure-gelu', '18.6', 'a share of one run; the seconds are in the table of functions'],
      ] as const
    ).map(([row, printed, words]) =>
      headlineCell(
        row,
        printed,
        '%',
        'figure 2',
        {
          kind: 'missing',
          missing: [lacking('setting', words)],
          spec: null,
          ownScale: [],
        },
        unread,
        'unverified',
      ),
    ),
  ],
};

const bothWays = (dealer: 'included' | 'none'): CellIncludes => ({
  scope: 'perParty',
  direction: 'sentAndReceived',
  phase: 'all',
  dealer,
  prefix: 'decimal',
});

type CostRow = readonly [
  id: string,
  title: string,
  size: 'base' | 'large',
  length: number,
  functions: BenchmarkFunctions,
  correlations: 'dealer' | 'insecureFirstParty',
  gb: string,
  rounds: string,
];
const tanh = { gelu: 'crypten-tanh', softmax: 'crypten' } as const;
const erf = { gelu: 'crypten-erf', softmax: 'crypten' } as const;
const relu = { gelu: 'quad-shipped', softmax: '2relu-shipped' } as const;
const quad = { gelu: 'quad-shipped', softmax: '2quad-shipped' } as const;
const costRows: readonly CostRow[] = [
  [
    'dealer-base-64',
    'base, 64, Softmax + GeLU (tanh), dealer',
    'base',
    64,
    tanh,
    'dealer',
    '5.70',
    '',
  ],
  [
    'dealer-base-128',
    'base, 128, Softmax + GeLU (tanh), dealer',
    'base',
    128,
    tanh,
    'dealer',
    '12.12',
    '',
  ],
  [
    'dealer-base-256',
    'base, 256, Softmax + GeLU (tanh), dealer',
    'base',
    256,
    tanh,
    'dealer',
    '30.4',
    '',
  ],
  [
    'dealer-large-128',
    'large, 128, Softmax + GeLU (tanh), dealer',
    'large',
    128,
    tanh,
    'dealer',
    '32.7',
    '',
  ],
  [
    'base-128-exact',
    'base, 128, Softmax + GeLU (erf)',
    'base',
    128,
    erf,
    'insecureFirstParty',
    '9.33',
    '2208',
  ],
  [
    'base-128-2relu',
    'base, 128, 2ReLU + Quad',
    'base',
    128,
    relu,
    'insecureFirstParty',
    '3.42',
    '984',
  ],
  [
    'base-128-2quad',
    'base, 128, 2Quad + Quad',
    'base',
    128,
    quad,
    'insecureFirstParty',
    '2.40',
    '888',
  ],
  [
    'base-512-exact',
    'base, 512, Softmax + GeLU (erf)',
    'base',
    512,
    erf,
    'insecureFirstParty',
    '68.86',
    '2448',
  ],
  [
    'base-512-2quad',
    'base, 512, 2Quad + Quad',
    'base',
    512,
    quad,
    'insecureFirstParty',
    '6.28',
    '888',
  ],
  [
    'large-128-exact',
    'large, 128, Softmax + GeLU (erf)',
    'large',
    128,
    erf,
    'insecureFirstParty',
    '25.5',
    '4164',
  ],
];

export const costs: TableDefinition = {
  id: 'costs',
  title: 'Bytes and rounds, which the paper does not print',
  note: "One layer of the authors' benchmark program, measured on CrypTen 0.4.0 for this page and scaled to the model: what one party sends and receives, with the dealer's corrections where one is named.",
  rows: costRows.map(([id, title]) => heading(id, title)),
  columns: [heading('gb', 'communication (GB)'), heading('rounds', 'rounds')],
  cells: costRows.flatMap(([row, , size, length, asked, correlations, gb, rounds]) => {
    const dealt = correlations === 'dealer';
    const plans = [mpcformerPlan(size, length, asked, correlations)];
    // Whole runs of this family are of BERT with LayerNorm; the protocol and functions are the same.
    const model = size === 'base' ? 'bert-base' : 'bert-large';
    const spec = dealt
      ? mpcformerAtPuma(model, length)
      : { ...mpcformerTiming(asked.gelu, asked.softmax, model), sequenceLength: length };
    const source = "CrypTen 775868a with the authors' benchmark, measured and scaled";
    const shared = { row, source, confidence: 'derived' } as const;
    return [
      cell({
        ...shared,
        column: 'gb',
        printed: gb,
        unit: 'GB',
        includes: bothWays(dealt ? 'included' : 'none'),
        recipe: {
          kind: 'prediction',
          plans,
          counting: { what: 'bytes', of: dealt ? 'allAndDealer' : 'all', unitBytes: 1e9 },
          familySpec: spec,
        },
      }),
      ...(rounds === ''
        ? []
        : [
            cell({
              ...shared,
              column: 'rounds',
              printed: rounds,
              unit: 'rounds',
              notes: ['In program order: every operation waits for the one before it.'],
              recipe: {
                kind: 'prediction',
                plans,
                counting: { what: 'rounds', of: 'all', unitBytes: 1 },
                familySpec: spec,
              },
            }),
          ]),
    ];
  }),
};
