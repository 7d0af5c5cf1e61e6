/** Headline claims as data, and their verdicts out of cells. */
import type {
  CellUnit,
  ClaimVerdict,
  Confidence,
  PaperCell,
  PaperClaim,
  PaperSlug,
} from '../api/schemas/papers.ts';
import { formatRatio, formatSignificant } from '../api/schemas/format.ts';
import type { Provenance } from '../api/schemas/run-view.ts';
import { divided } from './cell-values.ts';

type Test =
  /** One cell that is a ratio already. */
  | { readonly kind: 'cell'; readonly cell: string }
  /** The one cell's value over the other's. */
  | { readonly kind: 'ratio'; readonly over: string; readonly under: string }
  /** The middle one of several ratio cells. */
  | { readonly kind: 'middle'; readonly cells: readonly string[] }
  /** At most so much. */
  | { readonly kind: 'atMost'; readonly cell: string; readonly why: string }
  /** Accuracy that needs weights which are not here; `beside` says what stands in its place. */
  | { readonly kind: 'untestable'; readonly cells: readonly string[]; readonly why: string }
  /** A speed-up that can be tested beside an accuracy that cannot. */
  | { readonly kind: 'half'; readonly cell: string; readonly why: string };

export interface ClaimDefinition {
  readonly id: string;
  readonly words: string;
  readonly source: string;
  readonly confidence: Confidence;
  readonly reported: number | null;
  readonly unit: CellUnit;
  readonly test: Test;
}

const claim = (
  id: string,
  words: string,
  source: string,
  reported: number | null,
  unit: CellUnit,
  test: Test,
  confidence: Confidence = 'verified',
): ClaimDefinition => ({ id, words, source, confidence, reported, unit, test });

const noWeights = 'The weights are not here, so no run can say; ';
const ownScale =
  "at Parley's own scale there is a two-layer student with Quad and 2Quad, distilled here, beside its teacher.";

export const claimDefinitions: Readonly<Record<PaperSlug, readonly ClaimDefinition[]>> = {
  mpcformer: [
    claim(
      'imdb-speed-up',
      '5.3 times faster on IMDb with BERT base at the same accuracy',
      'abstract, arXiv v2',
      5.3,
      'x',
      {
        kind: 'half',
        cell: 'mpcformer.headline.imdb-speed-up.value',
        why: `The accuracy is not testable here: ${ownScale}`,
      },
    ),
    claim(
      'glue-speed-up',
      '2.2 times faster on GLUE with BERT base at 97 % of the teacher',
      'abstract, arXiv v2',
      2.2,
      'x',
      {
        kind: 'half',
        cell: 'mpcformer.headline.glue-speed-up.value',
        why: "The 97 % are not testable here; by the table's own rows they are 96.6 %.",
      },
    ),
    claim(
      'other-models',
      'works as well on RoBERTa base and BERT large',
      'abstract, arXiv v2',
      null,
      '%',
      {
        kind: 'untestable',
        cells: ['mpcformer.headline.large-speed-up.value'],
        why: `${noWeights}the tables could not be read either, and the authors took their code for RoBERTa back. Of BERT large 5.93 times faster is known.`,
      },
    ),
  ],
  puma: [
    claim('twice', 'about twice as fast as MPCFormer without Quad', 'abstract', 2, 'x', {
      kind: 'middle',
      cells: [
        'puma.t3.ratio.bert-base-s',
        'puma.t3.ratio.roberta-base-s',
        'puma.t3.ratio.bert-large-s',
        'puma.t4.ratio.gpt2-s',
        'puma.t4.ratio.gpt2-medium-s',
        'puma.t4.ratio.gpt2-large-s',
      ],
    }),
    claim(
      'like-plaintext',
      'as accurate as plaintext, without fine-tuning',
      'abstract; tables 1 and 2',
      null,
      'index',
      {
        kind: 'untestable',
        cells: [
          'puma.t1.puma.bert-base-cola',
          'puma.t1.puma.bert-base-rte',
          'puma.t1.puma.bert-base-qnli',
        ],
        why: `${noWeights}at Parley's own scale there are 200 film reviews with a two-layer model under the same protocol and functions, label by label beside plaintext.`,
      },
    ),
    claim(
      'five-minutes',
      'LLaMA-7B gives a token in about five minutes',
      'title and abstract; table 6',
      300,
      's',
      {
        kind: 'atMost',
        cell: 'puma.t6.in8-out1.s',
        why: "Weights of that shape are drawn when they are needed and not kept: a time only, without the argmax of the paper's program and without reading 108 GB of shares a party from memory. Table 6 prints 122 to 200 s for one token and 365 s for two.",
      },
    ),
  ],
  mpcvit: [
    claim(
      'softmax-latency',
      '6.2 times faster than the Softmax ViT on Tiny-ImageNet',
      'abstract, v3',
      6.2,
      'x',
      {
        kind: 'ratio',
        over: 'mpcvit.tiny-imagenet.softmax.latency',
        under: 'mpcvit.tiny-imagenet.mpcvit-01.latency',
      },
    ),
    claim(
      'mpcformer-latency',
      '2.9 times faster than MPCFormer on Tiny-ImageNet',
      'abstract, v3',
      2.9,
      'x',
      {
        kind: 'ratio',
        over: 'mpcvit.tiny-imagenet.mpcformer.latency',
        under: 'mpcvit.tiny-imagenet.mpcvit-03.latency',
      },
    ),
    claim(
      'the-x-latency',
      '1.9 times faster than THE-X on Tiny-ImageNet',
      'abstract, v3',
      1.9,
      'x',
      {
        kind: 'ratio',
        over: 'mpcvit.tiny-imagenet.the-x.latency',
        under: 'mpcvit.tiny-imagenet.mpcvit-01.latency',
      },
    ),
    claim(
      'softmax-points',
      '1.9 points more accurate than the Softmax ViT on Tiny-ImageNet',
      'abstract, v3',
      1.9,
      '%',
      {
        kind: 'untestable',
        cells: [
          'mpcvit.tiny-imagenet.mpcvit-01.with-kd',
          'mpcvit.tiny-imagenet.softmax.without-kd',
        ],
        why: `${noWeights}the printed rows give 1.94 with distillation, against a teacher that had none. Without it no MPCViT beats the Softmax ViT.`,
      },
    ),
    claim(
      'mpcformer-points',
      '1.3 points more accurate than MPCFormer on Tiny-ImageNet',
      'abstract, v3',
      1.3,
      '%',
      {
        kind: 'untestable',
        cells: ['mpcvit.tiny-imagenet.mpcvit-03.with-kd', 'mpcvit.tiny-imagenet.mpcformer.with-kd'],
        why: `${noWeights}the printed rows give 1.27, both with distillation.`,
      },
    ),
    claim(
      'the-x-points',
      '3.6 points more accurate than THE-X on Tiny-ImageNet',
      'abstract, v3',
      3.6,
      '%',
      {
        kind: 'untestable',
        cells: [
          'mpcvit.tiny-imagenet.mpcvit-01.without-kd',
          'mpcvit.tiny-imagenet.the-x.without-kd',
        ],
        why: `${noWeights}the printed rows give 4.58, which is what an earlier abstract says.`,
      },
    ),
    claim(
      'plus-front',
      'MPCViT+ lies on the better Pareto front',
      'abstract, v3; plotting scripts',
      null,
      's',
      {
        kind: 'untestable',
        cells: ['mpcvit.cifar-10.plus-token-01.latency', 'mpcvit.cifar-100.plus-token-01.latency'],
        why: "Its latencies are MPCViT's less a constant in the authors' plotting script, which tokens keep their GeLU is not published, and the weights are not here.",
      },
      'derived',
    ),
  ],
};

type Cells = ReadonlyMap<string, PaperCell>;

interface Answer {
  readonly found: number | null;
  /** Absent: that of the first cell. */
  readonly provenance?: Provenance;
  readonly verdict: ClaimVerdict;
  readonly explanation: string;
  readonly cells: readonly PaperCell[];
}

const cellsOf = (cells: Cells, ids: readonly string[]): PaperCell[] =>
  ids.map((id) => {
    const found = cells.get(id);
    if (found === undefined) throw new TypeError(`claim names no cell: ${id}`);
    return found;
  });

/** Other processors and links move a ratio as well; chosen before any run was made. */
const ratioFactor = 1.5;

/** A speed-up holds within that factor, and in part while the same method is faster. */
export function judgeRatio(found: number, reported: number): ClaimVerdict {
  const off = Math.max(found / reported, reported / found);
  if (off <= ratioFactor) return 'holds';
  return found > 1 === reported > 1 ? 'holdsInPart' : 'doesNotHold';
}

const ratioWords = (found: number, reported: number): string =>
  `Here it is ${formatRatio(found)}; ${formatRatio(reported)} is claimed, and holds within a factor of ${ratioFactor}.`;

function unfilled(cells: readonly PaperCell[]): Answer {
  const blocked = cells.find(({ verdict }) => verdict === 'notTestable');
  return {
    found: null,
    cells,
    verdict: blocked === undefined ? 'notRun' : 'notTestable',
    explanation: blocked?.explanation ?? 'The runs that it needs have not been made.',
  };
}

function answer({ test, reported }: ClaimDefinition, all: Cells): Answer {
  if (test.kind === 'untestable') {
    return {
      found: null,
      verdict: 'notTestable',
      explanation: test.why,
      cells: cellsOf(all, test.cells),
    };
  }
  const named =
    test.kind === 'ratio'
      ? [test.over, test.under]
      : test.kind === 'middle'
        ? test.cells
        : [test.cell];
  const cells = cellsOf(all, named);
  const values = cells.flatMap(({ result }) => (result === null ? [] : [result]));
  const target = reported ?? 1;
  if (test.kind === 'middle') {
    const sorted = values.map(({ value }) => value).toSorted((a, b) => a - b);
    const found = sorted[Math.floor((sorted.length - 1) / 2)];
    if (found === undefined) {
      const open = cells.filter(({ verdict }) => verdict === 'notRun');
      return unfilled(open.length === 0 ? cells : open);
    }
    const verdict = judgeRatio(found, target);
    const partly = verdict === 'holds' && values.length < cells.length;
    return {
      found,
      cells,
      verdict: partly ? 'holdsInPart' : verdict,
      explanation: `${ratioWords(found, target)} ${values.length} of ${cells.length} models were run.`,
    };
  }
  const [first] = values;
  if (first === undefined || values.length < cells.length) {
    const open = unfilled(cells);
    return test.kind === 'half'
      ? { ...open, explanation: `${open.explanation} ${test.why}` }
      : open;
  }
  if (test.kind === 'atMost') {
    const isBelow = first.value <= target;
    return {
      found: first.value,
      cells,
      verdict: isBelow ? 'holds' : 'doesNotHold',
      explanation: `${formatSignificant(first.value)} s here, on another machine than the paper's. ${test.why}`,
    };
  }
  if (test.kind === 'ratio') {
    const [over, under] = cells.map(({ result, second }) =>
      [result, second].filter((value) => value !== null),
    );
    const ratio = divided(over ?? [], under ?? []);
    if (ratio === null) return unfilled(cells);
    const { value: found, provenance } = ratio;
    return {
      found,
      provenance,
      cells,
      verdict: judgeRatio(found, target),
      explanation: ratioWords(found, target),
    };
  }
  const verdict = judgeRatio(first.value, target);
  const words = ratioWords(first.value, target);
  if (test.kind === 'cell') return { found: first.value, cells, verdict, explanation: words };
  return {
    found: first.value,
    cells,
    verdict: verdict === 'holds' ? 'holdsInPart' : verdict,
    explanation: `${words} ${test.why}`,
  };
}

/** A paper's claims by what its cells hold now. */
export function judgeClaims(slug: PaperSlug, cells: Cells): PaperClaim[] {
  return claimDefinitions[slug].map((definition) => {
    const { test: _, ...claimed } = definition;
    const { cells: named, ...judged } = answer(definition, cells);
    const results = named.flatMap(({ result }) => (result === null ? [] : [result]));
    return {
      ...claimed,
      ...judged,
      provenance:
        judged.found === null ? null : (judged.provenance ?? results[0]?.provenance ?? null),
      cells: named.map(({ id }) => id),
      runIds: [...new Set(results.flatMap(({ runId }) => runId ?? []))],
    };
  });
}
