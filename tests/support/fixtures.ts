/**
 * One realistic installation: a catalog, a finished run and its variants. Numbers are made up.
 * Long because a run page shows everything that a run leaves, and so must its example.
 */
import type { OperationCosts } from '../../server/api/routers/learn/operations.ts';
import type { ProtocolEntry } from '../../server/api/routers/learn/protocols.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type {
  Headline,
  OperationRow,
  Preview,
  Proportion,
  RunDetail,
  RunEvent,
  RunState,
  RunSummary,
} from '../../server/api/schemas/run-view.ts';
import { threatModels } from '../../server/engine/protocols/threat-model.ts';

export const pumaSpec: RunSpec = {
  version: 1,
  model: 'minilm-2l-imdb',
  dataset: { id: 'imdb', samples: 16 },
  sequenceLength: 64,
  approximations: { gelu: 'puma', softmax: 'puma' },
  protocol: { variant: 'replicated/aby3', ring: { bits: 64, fractionBits: 18 } },
  network: {
    name: 'lan',
    backend: 'inline',
    bitsPerSecond: 5e9,
    rttMs: 0.4,
    topology: 'pair',
  },
  measurement: { batchSize: 4, repeats: 3 },
  reveal: 'logits',
  seed: { kind: 'random' },
};

export const exactSpec: RunSpec = {
  ...pumaSpec,
  approximations: { gelu: 'tanh-series', softmax: 'series' },
};

export const quadSpec: RunSpec = {
  ...pumaSpec,
  approximations: { gelu: 'quad', softmax: '2quad' },
};

export const catalog: Catalog = {
  models: [
    {
      id: 'minilm-2l-imdb',
      title: 'MiniLM, 2 layers, IMDb',
      description: 'Sentiment of film reviews; 2 layers, 384 wide, 12 heads, trained here.',
      source: null,
      kind: 'text',
      randomWeights: false,
      minLength: 4,
      maxLength: 128,
      labels: ['negative', 'positive'],
      datasets: ['imdb'],
      reportedAccuracy: { value: 0.838, n: 2000 },
      layers: 2,
      heads: 12,
      headKinds: null,
    },
  ],
  datasets: [
    {
      id: 'imdb',
      title: 'IMDb reviews, held out',
      description: '240 film reviews that the training never saw.',
      source: 'Maas et al., 2011',
      kind: 'text',
      samples: 240,
    },
    {
      id: 'digits',
      title: 'Handwritten digits',
      description: 'Small pictures of digits.',
      source: null,
      kind: 'image',
      samples: 500,
    },
  ],
  gelu: [
    {
      id: 'puma',
      title: 'PUMA’s polynomials',
      description: 'Three pieces, degree 3 and 6; largest error 0.01.',
      source: 'PUMA, section 4.1',
    },
    {
      id: 'quad',
      title: 'Quad',
      description: '0.125 x² + 0.25 x + 0.5: one square, needs a model trained for it.',
      source: 'MPCFormer, section 3.1',
    },
    {
      id: 'tanh-series',
      title: 'Exact, by series',
      description: 'tanh from an exponential by repeated squaring.',
      source: null,
    },
  ],
  layerNorm: [
    { id: 'exact', title: 'LayerNorm', description: 'With mean and deviation.', source: null },
    {
      id: 'linear',
      title: 'Linear',
      description: 'THE-X: only a factor and a bias.',
      source: null,
    },
  ],
  softmax: [
    {
      id: 'puma',
      title: 'PUMA’s exponential',
      description: 'Row maximum, then (1 + x/32)^32 with a cut at -14.',
      source: 'PUMA, section 4.2',
    },
    {
      id: '2quad',
      title: '2Quad',
      description: '(x + 5)² over its row sum: no maximum, no exponential.',
      source: 'MPCFormer, section 3.1',
    },
    {
      id: 'series',
      title: 'Exact, by series',
      description: 'Row maximum and a longer exponential series.',
      source: null,
    },
  ],
  protocols: [
    {
      id: 'replicated/aby3',
      title: 'Replicated sharing, ABY3',
      description: 'Three parties, each holds two of three shares; byte-exact to SPU’s ABY3.',
      source: 'Mohassel and Rindal, 2018',
      parties: 3,
      needsCorrelations: false,
      trust: 'No two of the three parties collude; all follow the protocol.',
      defaultFractionBits: 18,
    },
    {
      id: 'additive/crypten',
      title: 'Additive sharing, CrypTen',
      description: 'Two parties and a dealer; byte-exact to CrypTen 0.4.0.',
      source: 'Knott et al., 2021',
      parties: 2,
      needsCorrelations: true,
      trust: 'Neither the two parties nor the dealer pool what they hold.',
      defaultFractionBits: 16,
    },
  ],
  correlations: [
    {
      id: 'dealer',
      title: 'A dealer',
      description: 'A process of its own deals them, over its own links.',
      source: null,
      warning: null,
    },
    {
      id: 'insecureFirstParty',
      title: 'Party 0 itself, insecure',
      description: 'As frameworks do for debugging, and as papers were timed.',
      source: null,
      warning: 'insecureFirstParty',
    },
  ],
  networks: [
    {
      id: 'lan',
      title: 'LAN',
      description: 'One rack.',
      source: 'PUMA, section 5.1',
      backend: 'inline',
      bitsPerSecond: 5e9,
      rttMs: 0.4,
      topology: 'pair',
      basis: 'reported',
      trap: null,
    },
    {
      id: 'wan',
      title: 'WAN',
      description: 'Two continents.',
      source: 'PUMA, section 5.1',
      backend: 'inline',
      bitsPerSecond: 4e8,
      rttMs: 40,
      topology: 'pair',
      basis: 'reported',
      trap: null,
    },
    {
      id: 'loopback',
      title: 'Loopback',
      description: 'Nothing imposed: what this machine’s own network does.',
      source: null,
      backend: 'none',
      bitsPerSecond: 1e11,
      rttMs: 0,
      topology: 'pair',
      basis: 'reported',
      trap: null,
    },
  ],
  presets: [
    {
      id: 'puma-minilm2-imdb-lan',
      title: 'PUMA',
      description: 'Accurate polynomials for GELU, softmax and LayerNorm.',
      source: 'Dong et al., PUMA, 2023',
      spec: pumaSpec,
    },
    {
      id: 'exact-minilm2-imdb-lan',
      title: 'Exact functions',
      description: 'Series that follow the real functions closely: the costly yardstick.',
      source: null,
      spec: exactSpec,
    },
    {
      id: 'mpcformer-minilm2-imdb-lan',
      title: 'Quad + 2Quad',
      description: 'Squares in place of GELU and softmax: cheap, and wrong without retraining.',
      source: 'Li et al., MPCFormer, 2023',
      spec: quadSpec,
    },
  ],
};

/** The protocols of the catalog with their real threat models. */
export const protocols: readonly ProtocolEntry[] = catalog.protocols.map((entry) => ({
  id: entry.id,
  title: entry.title,
  description: entry.description,
  source: entry.source ?? '',
  parties: entry.parties,
  needsCorrelations: entry.needsCorrelations,
  threats: threatModels.filter(({ variant }) => variant === entry.id),
  steps:
    entry.id === 'replicated/aby3'
      ? [
          {
            field: 'truncation' as const,
            step: 'fused',
            sees: ['in a fused truncation: a made-up masked number'],
            failure: null,
          },
        ]
      : [],
}));

const published = {
  source: 'crypten',
  sourceTitle: 'CrypTen 0.4.0',
  how: 'Counted by its communication log.',
  countedAs: 'sentAndReceived',
  shape: '1',
  beyond: null,
  bytes: 32,
  ourBytes: 32,
  rounds: 1,
  ourRounds: 1,
  roundsOverlapped: null,
  ourRoundsOverlapped: 1,
  equal: true,
  verdict: 'equal',
  note: null,
} as const;

/** Three rows of the table of operations. */
export const operationCosts: OperationCosts = {
  environment: { date: '2026-11-22', commit: '79102799382d6159' },
  rows: [
    {
      op: 'mul',
      form: 'product',
      variant: 'additive/crypten',
      title: 'Element-wise product without truncation',
      source: 'Beaver 1991',
      shape: '1',
      elements: 1,
      fractionBits: 16,
      rounds: 1,
      roundsOverlapped: 1,
      bytesSentPerParty: 16,
      bytesSentTotal: 32,
      dealerBytes: 8,
      measuredEqual: true,
      published: [published],
    },
    {
      op: 'mul',
      form: 'product',
      variant: 'replicated/aby3',
      title: 'Element-wise product without truncation',
      source: 'Araki et al. 2016',
      shape: '1',
      elements: 1,
      fractionBits: 18,
      rounds: 1,
      roundsOverlapped: 1,
      bytesSentPerParty: 8,
      bytesSentTotal: 24,
      dealerBytes: 0,
      measuredEqual: true,
      published: [],
    },
    {
      op: 'softmax',
      form: 'asShipped',
      variant: 'additive/crypten',
      title: 'With the argmax that is thrown away',
      source: 'CrypTen 0.4.0',
      shape: '1x32',
      elements: 32,
      fractionBits: 16,
      rounds: 105,
      roundsOverlapped: 99,
      bytesSentPerParty: 23_736,
      bytesSentTotal: 47_472,
      dealerBytes: 20_000,
      measuredEqual: null,
      published: [
        { ...published, shape: '1x32', bytes: 47_472, ourBytes: 47_472, rounds: 105 },
        {
          ...published,
          shape: '1x128',
          bytes: 190_512,
          ourBytes: 190_520,
          rounds: 116,
          equal: false,
          verdict: 'differs: +8 bytes',
        },
      ],
    },
  ],
};

/** Wilson 95 %. */
export function proportion(correct: number, n: number): Proportion {
  const z = 1.959964;
  const p = correct / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { correct, n, low: centre - half, high: Math.min(1, centre + half) };
}

export const headline = {
  samples: 16,
  accuracy: {
    plaintext: proportion(14, 16),
    clear: proportion(14, 16),
    secure: proportion(13, 16),
  },
  disagreement: { withPlaintext: 1, withClear: 0 },
  maxLogitError: { protocol: 0.00042, approximation: 0.0131 },
  meanLogitError: 0.00011,
  onlineMs: { median: 6210, n: 8, low: 6080, high: 6512, min: 6041, max: 6733 },
  onlineMsPerSample: { median: 1552.5, n: 8, low: 1520, high: 1628, min: 1510.3, max: 1683.3 },
  offlineMs: { median: 0, n: 8, low: 0, high: 0, min: 0, max: 0 },
  totalMs: { median: 6210, n: 8, low: 6080, high: 6512, min: 6041, max: 6733 },
  onlineBytesSent: [148_212_480, 147_990_016, 147_990_016],
  offlineBytesSent: [0, 0, 0],
  dealerBytes: 0,
  links: {
    '0>1': 74_106_240,
    '0>2': 74_106_240,
    '1>0': 73_995_008,
    '1>2': 73_995_008,
    '2>0': 73_995_008,
    '2>1': 73_995_008,
  },
  totalBytesSent: 444_192_512,
  correlations: null,
  rounds: 742,
  peakRssBytes: 412_876_800,
  cpuMs: 58_120,
  setupMs: 1204,
  setupBytes: 512_340_992,
} satisfies Headline;

const parts = [
  ['embedding', ['matmul', 14.2, 410, 210], ['truncate', 1.2, 20, 35]],
  ['embedding.norm', ['mul', 0.9, 18, 60], ['truncate', 1.1, 21, 44], ['msb', 0.4, 6, 30]],
  ...[0, 1].flatMap(
    (layer) =>
      [
        [
          `layer${layer}.attention.projections`,
          ['matmul', 4.7, 301, 41],
          ['truncate', 4.1, 38, 55],
        ],
        [`layer${layer}.attention.scores`, ['matmul', 3.1, 84, 40], ['truncate', 3.3, 30, 48]],
        [
          `layer${layer}.attention.softmax`,
          ['msb', 31.7, 310, 420],
          ['mul', 9.4, 112, 160],
          ['truncate', 10.2, 118, 170],
          ['a2b', 8.8, 90, 130],
          ['select', 4.1, 41, 80],
        ],
        [`layer${layer}.attention.output`, ['matmul', 1.6, 101, 22], ['truncate', 1.4, 14, 30]],
        [
          `layer${layer}.feedforward.gelu`,
          ['msb', 44.9, 401, 380],
          ['mul', 22.6, 240, 290],
          ['truncate', 24.8, 261, 300],
          ['select', 9.7, 92, 110],
          ['b2a', 6.2, 55, 80],
        ],
        [`layer${layer}.feedforward.dense`, ['matmul', 6.3, 610, 55], ['truncate', 5.5, 61, 70]],
        [`layer${layer}.norm`, ['mul', 1.8, 22, 120], ['truncate', 2.2, 26, 140]],
      ] as const,
  ),
  ['pooler', ['matmul', 0.1, 9, 12], ['truncate', 0.1, 1, 9]],
  ['classifier', ['matmul', 0.01, 1, 9], ['reveal', 0.00019, 0.4, 8]],
] as const;

export const operations: readonly OperationRow[] = parts.flatMap(([path, ...rows]) =>
  rows.map(([op, megabytes, computeMs, waitMs]) => {
    const bytesSent = [0, 1, 2].map(() => Math.round((megabytes * 1e6) / 3));
    return {
      path,
      op,
      phase: 'online' as const,
      calls: 4,
      elements: Math.round(megabytes * 40_000),
      bytesSent,
      predictedBytesSent: bytesSent,
      dealerBytes: 0,
      predictedDealerBytes: null,
      computeMs,
      waitMs,
    };
  }),
);

const reviews = [
  'I went in expecting another tired sequel and came out',
  'The trailer promises a thriller. What follows is two hours',
  'My grandmother took me to see this in 1974 and',
  'There is exactly one good scene in this film and',
  'A small, quiet picture about a lighthouse keeper who',
  'Nobody involved in this production seems to have read',
  'Wonderful performances all round, and a score that',
  'I have watched this three times now, and each time',
] as const;

export const samples: RunDetail['samples'] = Array.from({ length: 16 }, (_, index) => {
  const label = index % 2;
  const strength = 0.4 + ((index * 7) % 11) / 4;
  const wrong = index === 5 || index === 11;
  const sign = (label === 1) === !wrong ? 1 : -1;
  const logits = [-sign * strength, sign * strength];
  const borderline = index === 8;
  const plaintextLogits = borderline ? [0.004, -0.004] : logits;
  const secureLogits = borderline ? [-0.003, 0.003] : logits.map((v) => v + 0.0003);
  return {
    sampleId: (0x3fa91c20 + index * 7919).toString(16).repeat(2),
    excerpt: `${reviews[index % reviews.length] ?? ''}…`,
    label,
    plaintextLogits,
    clearLogits: borderline ? [-0.002, 0.002] : logits.map((v) => v + 0.0002),
    secureLogits,
  };
});

export const doneRun: RunDetail = {
  id: 'r_7k2f9mq4',
  specHash: '9f2c71ab60d4e5f8831b2a7740c9d1e6a5b3f0c2d4e6f80911223344556677aa',
  spec: pumaSpec,
  state: 'done',
  origin: 'first-start',
  provenance: 'measured',
  warnings: [],
  createdAt: '2026-11-22T18:05:11.000Z',
  startedAt: '2026-11-22T18:05:12.000Z',
  finishedAt: '2026-11-22T18:05:51.000Z',
  headline,
  linkVerdict: 'met',
  reason: null,
  labels: ['negative', 'positive'],
  prediction: {
    rounds: 742,
    onlineBytesSent: headline.onlineBytesSent,
    offlineBytesSent: headline.offlineBytesSent,
    dealerBytes: headline.dealerBytes,
    links: headline.links,
    agrees: true,
  },
  operations,
  samples,
  parties: [0, 1, 2].map((party) => ({
    party,
    bytesSent: headline.onlineBytesSent.map((bytes) => bytes * 4)[party] ?? 0,
    frameBytesSent: 1_204_224,
    framesSent: 75_264,
    rounds: 2968,
    computeMs: 15_320 + party * 210,
    waitMs: 9_410 - party * 180,
    cpuMs: 19_100 + party * 130,
    peakRssBytes: 412_876_800 - party * 4_120_000,
    framesLate: party === 1 ? 3 : 0,
    framesReceived: 75_264,
    worstLateMs: party === 1 ? 0.31 : 0,
  })),
  dealer: null,
  linkCheck: {
    verdict: 'met',
    reasons: [],
    asked: { bitsPerSecond: 5e9, rttMs: 0.4 },
    pairs: ['0-1', '0-2', '1-2'].map((link, index) => ({
      link,
      rttMs: { n: 50, min: 0.402, p50: 0.431 + index * 0.006, p99: 0.612 },
      bitsPerSecond: 4.92e9 - index * 2e7,
    })),
    tolerance: 'within 10 % or 0.2 ms of the RTT, and 10 % of the rate',
  },
  reveals: [
    {
      path: 'reveal',
      to: 'owner',
      reason: 'logits asked for by the spec',
      values: 32,
      inferences: 4,
    },
  ],
  environment: {
    'Engine commit': '79102799382d6159',
    Processor: 'AMD EPYC 9B14, 2 cores',
    Kernels: 'native, AVX-512',
    Memory: '24 GB',
    'Operating system': 'Debian 12, Linux 6.1, x64',
    Node: '24.21.0',
  },
  artifacts: [0, 1, 2].map((party) => ({
    name: `trace-party-${party}.jsonl`,
    bytes: 1_840_221 + party * 311,
    sha256: `${party}4b1f0c2d4e6f80911223344556677aa9f2c71ab60d4e5f8831b2a7740c9d1e6`,
  })),
};

export function summaryOf(run: RunDetail): RunSummary {
  const { id, specHash, spec, state, origin, provenance, createdAt, startedAt } = run;
  const { finishedAt, headline, linkVerdict, reason, warnings } = run;
  return {
    id,
    specHash,
    spec,
    state,
    origin,
    provenance,
    warnings,
    createdAt,
    startedAt,
    finishedAt,
    headline,
    linkVerdict,
    reason,
  };
}

function scaled(factor: number, secure: number): Headline {
  const median = (of: Headline['onlineMs']): Headline['onlineMs'] => ({
    median: of.median * factor,
    n: of.n,
    low: of.low === null ? null : of.low * factor,
    high: of.high === null ? null : of.high * factor,
    min: of.min * factor,
    max: of.max * factor,
  });
  return {
    ...headline,
    accuracy: {
      ...headline.accuracy,
      clear: proportion(secure, 16),
      secure: proportion(secure, 16),
    },
    onlineMs: median(headline.onlineMs),
    onlineMsPerSample: median(headline.onlineMsPerSample),
    totalMs: median(headline.totalMs),
    onlineBytesSent: headline.onlineBytesSent.map((bytes) => Math.round(bytes * factor)),
    rounds: Math.round(headline.rounds * (0.5 + factor / 2)),
  };
}

export const exactRun: RunDetail = {
  ...doneRun,
  id: 'r_4dx81ppa',
  origin: 'web',
  spec: exactSpec,
  specHash: '1'.repeat(64),
  createdAt: '2026-11-22T18:11:11.000Z',
  headline: scaled(1.84, 14),
};

export const quadRun: RunDetail = {
  ...doneRun,
  id: 'r_c2m0wz7e',
  origin: 'cli',
  spec: quadSpec,
  specHash: '2'.repeat(64),
  createdAt: '2026-11-22T18:14:11.000Z',
  headline: scaled(0.31, 8),
};

/** Two parties and a dealer. */
export const cryptenSpec: RunSpec = {
  ...pumaSpec,
  protocol: { variant: 'additive/crypten', ring: { bits: 64, fractionBits: 16 } },
};

const dealtHeadline: Headline = {
  ...headline,
  offlineMs: { median: 2100, n: 8, low: 2050, high: 2210, min: 2040, max: 2230 },
  totalMs: { median: 8310, n: 8, low: 8130, high: 8722, min: 8081, max: 8963 },
  onlineBytesSent: [210_000_000, 210_000_000],
  offlineBytesSent: [0, 0],
  dealerBytes: 345_000_000,
  links: { '0>1': 210_000_000, '1>0': 210_000_000, 'dealer>0': 345_000_000 },
  totalBytesSent: 765_000_000,
  correlations: 'dealer',
  rounds: 1204,
};

const twoParties = operations.map((row) => ({
  ...row,
  bytesSent: row.bytesSent.slice(0, 2),
  predictedBytesSent: row.bytesSent.slice(0, 2),
}));

/** A finished run of two parties and a dealer. */
export const dealtRun: RunDetail = {
  ...doneRun,
  id: 'r_9dealt42',
  spec: cryptenSpec,
  specHash: '3'.repeat(64),
  headline: dealtHeadline,
  prediction: {
    rounds: 1204,
    onlineBytesSent: dealtHeadline.onlineBytesSent,
    offlineBytesSent: dealtHeadline.offlineBytesSent,
    dealerBytes: dealtHeadline.dealerBytes,
    links: dealtHeadline.links,
    agrees: true,
  },
  operations: [
    ...twoParties,
    ...twoParties.map((row) => ({
      ...row,
      phase: 'offline' as const,
      bytesSent: [0, 0],
      predictedBytesSent: null,
      dealerBytes: sumOf(row.bytesSent),
      predictedDealerBytes: sumOf(row.bytesSent),
    })),
  ],
  parties: doneRun.parties.slice(0, 2),
  dealer: {
    bytesSent: 1_380_000_000,
    frameBytesSent: 301_056,
    framesSent: 18_816,
    rounds: 0,
    computeMs: 7_120,
    waitMs: 1_410,
    cpuMs: 8_300,
    peakRssBytes: 198_000_000,
    framesLate: 0,
    framesReceived: 8,
    worstLateMs: 0,
  },
};

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The same run in another state, with nothing that only a finished run has. */
export function runInState(state: RunState, reason: string | null = null): RunDetail {
  return {
    ...doneRun,
    id: `r_${state}`,
    state,
    origin: 'web',
    createdAt: '2026-11-22T18:01:11.000Z',
    startedAt: state === 'queued' ? null : doneRun.startedAt,
    finishedAt:
      state === 'failed' || state === 'cancelled' || state === 'lost' ? doneRun.finishedAt : null,
    headline: null,
    reason,
    operations: [],
    samples: [],
    parties: [],
    dealer: null,
    reveals: [],
    artifacts: [],
    linkVerdict: null,
    linkCheck: null,
  };
}

export const preview: Preview = {
  specHash: doneRun.specHash,
  issues: [],
  warnings: [],
  prediction: {
    rounds: headline.rounds,
    onlineBytesSent: headline.onlineBytesSent,
    offlineBytesSent: headline.offlineBytesSent,
    dealerBytes: headline.dealerBytes,
    links: headline.links,
    agrees: null,
  },
  memory: {
    partyBytes: 480e6,
    ownerBytes: 350e6,
    dealerBytes: 0,
    totalBytes: 1.79e9,
    machineBytes: 24e9,
  },
  byPlace: Object.entries(
    operations.reduce<Record<string, number>>((total, row) => {
      total[row.path] = (total[row.path] ?? 0) + row.bytesSent.reduce((a, b) => a + b, 0);
      return total;
    }, {}),
  )
    .map(([path, bytesSent]) => ({ path, bytesSent, dealerBytes: 0 }))
    .sort((a, b) => b.bytesSent - a.bytesSent),
  byOperation: [
    { place: 'layer0', op: 'matmul', bytesSent: 90e6, dealerBytes: 0, rounds: 12 },
    { place: 'layer0', op: 'msb', bytesSent: 60e6, dealerBytes: 0, rounds: 80 },
    { place: 'head', op: 'matmul', bytesSent: 1e6, dealerBytes: 0, rounds: 4 },
  ],
  identicalRunIds: [doneRun.id],
  identicalRuns: 1,
  earlierWallMs: 39_000,
  latency: { onlineMs: 2600, offlineMs: 0, low80: 2100, high80: 3200, basis: 12 },
  runMs: 41_000,
  queue: { runs: 0, waitMs: 0 },
};

/** The events of a whole run, `steps` of them while it is running; of two parties and a dealer if asked. */
export function eventsOf(steps = 12, dealt = false): readonly RunEvent[] {
  const start = Date.parse(doneRun.createdAt);
  const paths = operations.map((row) => row.path);
  const events: Omit<RunEvent, 'seq'>[] = [];
  const add = (event: Partial<RunEvent> & { state: RunState }, atMs: number): void => {
    events.push({
      at: new Date(start + atMs).toISOString(),
      kind: 'state',
      fraction: null,
      etaMs: null,
      message: null,
      inference: null,
      parties: [],
      dealer: null,
      ...event,
    });
  };
  add({ state: 'queued', message: 'queued' }, 0);
  add({ state: 'preparing', message: 'three parties started', fraction: 0.02, etaMs: 38_000 }, 800);
  add(
    {
      state: 'linkCheck',
      message: 'link check: met',
      kind: 'linkCheck',
      fraction: 0.05,
      etaMs: 36_000,
    },
    2000,
  );
  for (let step = 0; step < steps; step++) {
    const fraction = 0.06 + (0.9 * (step + 1)) / steps;
    add(
      {
        state: 'running',
        kind: step % 4 === 0 ? 'log' : 'progress',
        message: step % 4 === 0 ? `inference ${Math.floor(step / 4) + 1} of 3 begins` : null,
        fraction,
        etaMs: 34_000 * (1 - fraction),
        inference: { index: Math.floor((step / steps) * 3), of: 3 },
        dealer: dealt ? { bytesSent: Math.round(345e6 * fraction), rssBytes: 198e6 } : null,
        parties: (dealt ? [0, 1] : [0, 1, 2]).map((party) => ({
          party,
          path: paths[Math.floor(((step * 7) % 24) * (paths.length / 24))] ?? '',
          bytesSent: Math.round(148e6 * fraction * (1 + 0.02 * party)),
          rounds: Math.round(742 * fraction),
          rssBytes: 400e6 + party * 1e6,
        })),
      },
      2500 + step * 2400,
    );
  }
  add(
    { state: 'scoring', message: 'logits revealed, scoring', fraction: 0.98, etaMs: 400 },
    33_000,
  );
  add({ state: 'done', message: 'done', fraction: 1, etaMs: 0 }, 33_600);
  return events.map((event, index) => ({ ...event, seq: index + 1 }));
}

/** A model of which only the shape is true: a catalog entry, and a finished run on random inputs. */
export const shapeEntry: Catalog['models'][number] = {
  id: 'bert-base',
  title: 'BERT base',
  description: '12 layers, width 768, 12 heads. Random weights: latency and cost only.',
  source: 'Devlin et al. 2019; bert-base-cased',
  kind: 'text',
  randomWeights: true,
  minLength: 4,
  maxLength: 512,
  labels: [],
  datasets: ['random'],
  reportedAccuracy: null,
  layers: 12,
  heads: 12,
  headKinds: null,
};

export const imageEntry: Catalog['models'][number] = {
  ...shapeEntry,
  id: 'vit_7_4_32',
  title: 'ViT-Lite, 7 layers, CIFAR-10',
  kind: 'image',
  minLength: 65,
  maxLength: 65,
};

export const shapeCatalog: Catalog = {
  ...catalog,
  models: [...catalog.models, shapeEntry, imageEntry],
  datasets: [
    ...catalog.datasets,
    {
      id: 'random',
      title: 'Random inputs, for latency and cost only',
      description: 'Seeded token ids or pixels; they have no labels.',
      source: null,
      kind: 'any',
      samples: 500,
    },
  ],
};

export const shapeSpec: RunSpec = {
  ...pumaSpec,
  model: 'bert-base',
  dataset: { id: 'random', samples: 4 },
  sequenceLength: 32,
};

export const shapeRun: RunDetail = {
  ...doneRun,
  id: 'r_5shape77',
  spec: shapeSpec,
  specHash: '5'.repeat(64),
  warnings: ['randomWeights'],
  headline: {
    ...headline,
    samples: 4,
    accuracy: null,
    disagreement: null,
    maxLogitError: { protocol: 0.00042, approximation: null },
  },
  labels: [],
  samples: [],
};
