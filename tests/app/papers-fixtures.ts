/** A paper of four cells, each in another state. Numbers are made up. */
import {
  verdictIds,
  type CellAttempts,
  type Coverage,
  type PaperCell,
  type PaperCellDetail,
  type PaperDetail,
  type PaperSummary,
} from '../../server/api/schemas/papers.ts';
import { pumaSpec } from '../support/fixtures.ts';

const noAttempts: CellAttempts = { queued: 0, running: 0, failed: 0, cancelled: 0, otherEngine: 0 };

const cellOf = (row: string, column: string, parts: Partial<PaperCell>): PaperCell => ({
  id: `puma.t3.${row}.${column}`,
  row,
  column,
  reported: 33.913,
  printed: '33.913',
  unit: 's',
  metric: 'machine',
  includes: { scope: null, direction: null, phase: null, dealer: null, prefix: null },
  source: 'arXiv 2307.12533v3, table 3',
  confidence: 'verified',
  notes: [],
  tolerance: { class: 'machine', reproduced: 0.1, within: 0.5, words: 'order and ratios only' },
  recipeKind: 'run',
  result: null,
  second: null,
  verifiedBy: null,
  attempts: noAttempts,
  ratio: null,
  verdict: 'notRun',
  reason: null,
  explanation: '',
  ...parts,
});

export const measuredCell = cellOf('puma', 'base-s', {
  result: {
    value: 12.5,
    provenance: 'measured',
    n: 3,
    low: 12.1,
    high: 12.9,
    commit: 'abcdef123456',
    at: '2026-11-20T08:00:00.000Z',
    runId: 'r_quad',
    shipped: false,
    link: 'met',
  },
  ratio: 0.3686,
  verdict: 'differs',
  reason: 'hardware',
  explanation: 'Another machine.',
});
export const predictedCell = cellOf('puma', 'base-gb', {
  reported: 10.773,
  printed: '10.773',
  unit: 'GB',
  metric: 'exact',
  includes: {
    scope: 'total',
    direction: 'sent',
    phase: 'online',
    dealer: 'none',
    prefix: 'binary',
  },
  recipeKind: 'prediction',
  notes: ['The paper does not say whose bytes it counts.'],
  result: {
    value: 10.77,
    provenance: 'predicted',
    n: null,
    low: null,
    high: null,
    commit: null,
    at: null,
    runId: null,
    shipped: false,
    link: 'met',
  },
  ratio: 0.9997,
  verdict: 'predictedOnly',
});
export const failedCell = cellOf('mpcformer', 'base-s', {
  reported: 55.32,
  printed: '55.320',
  attempts: { ...noAttempts, failed: 2, otherEngine: 1 },
});
export const untestableCell = cellOf('mpcformer', 'base-gb', {
  reported: 27,
  printed: '27.0',
  unit: '%',
  metric: 'statistical',
  recipeKind: 'missing',
  verdict: 'notTestable',
});

const coverage: Coverage = {
  cells: 4,
  withRecipe: 4,
  filled: 2,
  exactCells: 1,
  exactVerified: 1,
  verdicts: {
    ...(Object.fromEntries(verdictIds.map((id) => [id, 0])) as Coverage['verdicts']),
    differs: 1,
    predictedOnly: 1,
    notRun: 1,
    notTestable: 1,
  },
};

export const pumaSummary: PaperSummary = {
  slug: 'puma',
  title: 'PUMA',
  authors: 'Dong et al.',
  venue: 'arXiv 2023',
  arxiv: '2307.12533',
  about: 'Three servers run Transformers as they were trained.',
  parties: 3,
  tables: [{ id: 't3', title: 'Table 3', cells: 4 }],
  coverage,
  claims: [
    {
      id: 'accuracy',
      words: 'Accuracy like plaintext, without training again.',
      source: 'arXiv 2307.12533v3, abstract',
      confidence: 'verified',
      reported: null,
      unit: '%',
      found: null,
      provenance: null,
      verdict: 'notTestable',
      explanation: 'The weights are not here.',
      cells: ['puma.t3.puma.base-s'],
      runIds: ['r_quad'],
    },
  ],
  lastRunAt: '2026-11-20T08:00:00.000Z',
};

export const pumaDetail: PaperDetail = {
  ...pumaSummary,
  assumptions: {
    threatModel: 'Three parties, honest majority.',
    dealer: 'None.',
    bytes: 'Not defined in the paper.',
    networkPrinted: '5 Gbit/s, 1 ms.',
    networkHere: 'The same, imposed.',
  },
  tables: [
    {
      id: 't3',
      title: 'Table 3',
      note: 'One sample of 128 tokens.',
      rows: [
        { id: 'mpcformer', title: 'MPCFormer', group: null },
        { id: 'puma', title: 'PUMA', group: null },
      ],
      columns: [
        { id: 'base-s', title: 'time (s)', group: 'BERT base' },
        { id: 'base-gb', title: 'communication (GB)', group: 'BERT base' },
      ],
      cells: [measuredCell, predictedCell, failedCell, untestableCell],
    },
    { id: 't4', title: 'Table 4', note: 'More tokens.', rows: [], columns: [], cells: [] },
  ],
};

export const detailOf = (cell: PaperCell): PaperCellDetail => ({
  paper: 'puma',
  table: 't3',
  rowTitle: cell.row === 'puma' ? 'PUMA' : 'MPCFormer',
  columnTitle: 'time (s)',
  cell,
  recipe: {
    kind: 'run',
    spec: pumaSpec,
    specHash: 'a'.repeat(64),
    json: JSON.stringify(pumaSpec, null, 2),
    reads: 'median online seconds of one batch',
    missing: [],
    of: [],
  },
  history:
    cell.result?.runId == null
      ? []
      : [
          {
            runId: 'r_quad',
            commit: 'abcdef123456',
            at: '2026-11-20T08:00:00.000Z',
            value: 12.5,
            provenance: 'measured',
            n: 3,
            shipped: false,
            current: true,
          },
        ],
  runs:
    cell.attempts.failed > 0
      ? [
          {
            runId: 'r_bad',
            state: 'failed',
            at: '2026-11-21T08:00:00.000Z',
            reason: 'Party 1 ended.',
          },
        ]
      : [],
  family: null,
  price: { wallMs: 30_000, memoryBytes: 1e9, obstacle: null },
  ownScale: [],
});
