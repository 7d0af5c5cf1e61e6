/** PUMA, tables 1 and 2 and footnote 3: accuracy and perplexity, plaintext beside secure. */
import {
  cell,
  data,
  heading,
  lacking,
  weights,
  type CellDefinition,
  type RecipeDefinition,
  type TableDefinition,
} from '../definition.ts';
import { paperSpec } from '../specs.ts';
import { pumaSource } from './costs.ts';

const ownScale = [
  {
    words:
      "A two-layer model on film reviews under PUMA's protocol and functions, beside plaintext.",
    preset: 'puma-minilm2-imdb-200',
  },
];

const models = [
  { id: 'bert-base', title: 'BERT base', hub: 'google-bert/bert-base-cased' },
  { id: 'roberta-base', title: 'RoBERTa base', hub: 'FacebookAI/roberta-base' },
  { id: 'bert-large', title: 'BERT large', hub: 'google-bert/bert-large-cased' },
] as const;
const tasks = ['cola', 'rte', 'qnli'] as const;
const titles = { cola: 'CoLA (Matthews)', rte: 'RTE', qnli: 'QNLI' } as const;

/** Plaintext, then PUMA; by model, then task. */
const printed = {
  plaintext: [
    ['.616', '.700', '.916'],
    ['.629', '.805', '.920'],
    ['.686', '.755', '.922'],
  ],
  puma: [
    ['.613', '.700', '.916'],
    ['.618', '.805', '.918'],
    ['.690', '.747', '.918'],
  ],
} as const;

function tuned(model: (typeof models)[number], task: string): RecipeDefinition {
  return {
    kind: 'missing',
    missing: [
      weights(model.hub, `${model.title} fine-tuned on ${task.toUpperCase()}`),
      data('nyu-mll/glue', `the validation set of ${task.toUpperCase()}, 500 items of it`),
    ],
    spec: paperSpec({
      model: `${model.id}-${task}`,
      dataset: { id: `glue-${task}`, samples: 500 },
      sequenceLength: 128,
      approximations: { gelu: 'puma', softmax: 'puma' },
      variant: 'replicated/aby3',
      network: 'puma-lan',
      fractionBits: 18,
    }),
    ownScale,
  };
}

const glueCells: CellDefinition[] = (['plaintext', 'puma'] as const).flatMap((row) =>
  models.flatMap((model, m) =>
    tasks.map((task, t) =>
      cell({
        row,
        column: `${model.id}-${task}`,
        printed: printed[row][m]?.[t] ?? '',
        unit: task === 'cola' ? 'MCC' : 'index',
        source: pumaSource('table 1'),
        notes: ['500 validation items per task (stated on OpenReview only).'],
        recipe: tuned(model, task),
      }),
    ),
  ),
);

export const table1: TableDefinition = {
  id: 't1',
  title: 'Table 1: accuracy on GLUE',
  note: 'Matthews correlation for CoLA, accuracy (0 to 1) for the others. The last row is footnote 3: LayerNorm swapped for BatchNorm in plaintext, without retraining.',
  rows: [
    heading('plaintext', 'plaintext'),
    heading('puma', 'PUMA'),
    heading('batchnorm', 'plaintext, BatchNorm for LayerNorm'),
  ],
  columns: models.flatMap((model) =>
    tasks.map((task) => heading(`${model.id}-${task}`, titles[task], model.title)),
  ),
  cells: [
    ...glueCells,
    cell({
      row: 'batchnorm',
      column: 'bert-base-cola',
      printed: '-.020',
      unit: 'MCC',
      source: pumaSource('footnote 3'),
      notes: [
        "Swaps the norm of a trained model; MPCFormer's own accuracies keep LayerNorm, so the two do not contradict each other.",
      ],
      recipe: {
        kind: 'missing',
        missing: [
          weights('google-bert/bert-base-cased', 'BERT base fine-tuned on CoLA'),
          data('nyu-mll/glue', 'the validation set of CoLA'),
          lacking(
            'function',
            "a BERT with BatchNorm: only MPCFormer's benchmark shape has it here",
          ),
        ],
        spec: null,
        ownScale,
      },
    }),
  ],
};

const gpt = [
  { id: 'gpt2', title: 'GPT-2 base', plaintext: '16.284', puma: '16.284' },
  { id: 'gpt2-medium', title: 'GPT-2 medium', plaintext: '12.536', puma: '12.540' },
  { id: 'gpt2-large', title: 'GPT-2 large', plaintext: '10.142', puma: '10.161' },
] as const;

export const table2: TableDefinition = {
  id: 't2',
  title: 'Table 2: perplexity of GPT-2 on Wikitext-103',
  note: 'Lower is better; 100 items (stated on OpenReview only).',
  rows: [heading('plaintext', 'plaintext'), heading('puma', 'PUMA')],
  columns: gpt.map(({ id, title }) => heading(id, title)),
  cells: (['plaintext', 'puma'] as const).flatMap((row) =>
    gpt.map((model) =>
      cell({
        row,
        column: model.id,
        printed: model[row],
        unit: 'perplexity',
        source: pumaSource('table 2'),
        recipe: {
          kind: 'missing',
          missing: [
            weights(`openai-community/${model.id}`, `the weights of ${model.title}`),
            data('Salesforce/wikitext', 'Wikitext-103, 100 items'),
            lacking(
              'setting',
              'a score of perplexity: runs reveal the logits after the last position',
            ),
          ],
          spec: null,
          ownScale: [],
        },
      }),
    ),
  ),
};
