/** "What we found": sentences out of cells and claims, each with what it rests on. */
import { formatSignificant } from '../api/schemas/format.ts';
import {
  claimWords,
  type Finding,
  type PaperCell,
  type PaperDetail,
} from '../api/schemas/papers.ts';

type Cells = ReadonlyMap<string, PaperCell>;

const runIdsOf = (cells: readonly PaperCell[]): string[] => [
  ...new Set(
    cells.flatMap(({ result, verifiedBy }) => [result?.runId ?? [], verifiedBy ?? []].flat()),
  ),
];

const finding = (kind: Finding['kind'], words: string, cells: readonly PaperCell[]): Finding => ({
  kind,
  words,
  cells: cells.map(({ id }) => id),
  runIds: runIdsOf(cells),
});

/** Smallest and largest of result over reported. */
function span(cells: readonly PaperCell[]): string {
  const ratios = cells.flatMap(({ ratio }) => ratio ?? []);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return low === high
    ? formatSignificant(low)
    : `${formatSignificant(low)} to ${formatSignificant(high)}`;
}

const pick = (cells: Cells, test: (cell: PaperCell) => boolean): PaperCell[] =>
  [...cells.values()].filter((cell) => cell.result !== null && test(cell));

const value = (cells: Cells, id: string): number | null => cells.get(id)?.result?.value ?? null;

function ofPuma(cells: Cells): Finding[] {
  const three = pick(cells, ({ id }) => /^puma\.t[345]\.puma\..*-gb$/.test(id));
  const one = pick(cells, ({ id }) => /^puma\.t6\..*\.gb$/.test(id));
  const theirs = pick(cells, ({ id }) => /^puma\.t[35]\.mpcformer\.bert.*-gb$/.test(id));
  const long = pick(
    cells,
    ({ id }) => id === 'puma.t5.ratio.gpt2-64-gb' || id === 'puma.t5.puma.gpt2-64-gb',
  );
  return [
    finding(
      'bytes',
      `Tables 3 to 5 fit what all three servers send together: counted in 2^30 bytes the schedules give ${span(three)} of the printed number.`,
      three,
    ),
    finding(
      'bytes',
      `Table 6 fits one server, not three: ${span(one)} of the printed number. Its rows are a third of what the unit of tables 3 to 5 would make them.`,
      one,
    ),
    finding(
      'bytes',
      `The rows of MPCFormer fit CrypTen with a dealer of its own, what one party sends and receives and the dealer's corrections: ${span(theirs)} of the printed number. So the two rows of a table count differently.`,
      theirs,
    ),
    finding(
      'difference',
      'The same run, GPT-2 with 32 tokens, is printed as 3.774 GB in table 4 and as 3.777 GB in table 5.',
      pick(cells, ({ id }) => id === 'puma.t4.puma.gpt2-gb' || id === 'puma.t5.puma.gpt2-32-gb'),
    ),
    finding(
      'difference',
      "With 64 tokens PUMA sends more for GPT-2 than MPCFormer by the paper's own table (ratio 0.936); its argmax over all positions grows with the length.",
      long,
    ),
  ];
}

function ofMpcformer(cells: Cells): Finding[] {
  const costs = pick(cells, ({ id }) => id.startsWith('mpcformer.costs.'));
  const pair = ['mpcformer.costs.base-512-exact.gb', 'mpcformer.costs.base-512-2quad.gb'] as const;
  const [exact, quad] = pair.map((id) => value(cells, id));
  const both = pick(cells, ({ id }) => id === pair[0] || id === pair[1]);
  return [
    finding(
      'bytes',
      `The paper prints neither bytes nor rounds. What its benchmark program sends on CrypTen is ${span(costs)} of what the schedules give, rounds included.`,
      costs,
    ),
    ...(exact !== null && exact !== undefined && quad
      ? [
          finding(
            'difference',
            `At 512 tokens Quad and 2Quad send ${formatSignificant(exact / quad)} times fewer bytes than the accurate functions, and are claimed to be 5.3 times faster: what is left over is computing and the other layers.`,
            both,
          ),
        ]
      : []),
    finding(
      'difference',
      'The teacher row of GLUE averages 83.08, not the printed 82.8; with it the student keeps 96.6 % of the teacher and not 97 %.',
      [...cells.values()].filter(
        ({ id }) =>
          id === 'mpcformer.glue.teacher.average' || id === 'mpcformer.glue.2quad-full.average',
      ),
    ),
    finding(
      'difference',
      'Accuracy and speed were never of the same function: Quad has other coefficients in the timing code than in training, the timing replaces LayerNorm by BatchNorm, and 2Quad as shipped does not divide correctly.',
      [...cells.values()].filter(
        ({ id }) =>
          id.startsWith('mpcformer.functions.quad.') || id.startsWith('mpcformer.functions.2quad.'),
      ),
    ),
  ];
}

function ofMpcvit(cells: Cells): Finding[] {
  const bytes = pick(cells, ({ id }) => id.startsWith('mpcvit.normaliser.'));
  const division = value(cells, 'mpcvit.normaliser.relu.tiny');
  const inverse = value(cells, 'mpcvit.normaliser.relu-inverse.tiny');
  return [
    finding(
      'bytes',
      `The paper prints no bytes. The log of an independent run on its engine gives those of the attention weights; the schedules give ${span(bytes)} of them.`,
      bytes,
    ),
    ...(division !== null && inverse !== null
      ? [
          finding(
            'difference',
            `Most of a ReLU head's bytes are divisions, one for every score. One reciprocal per row sends ${formatSignificant(division / inverse)} times fewer; the order of the variants stays.`,
            pick(
              cells,
              ({ id }) =>
                id === 'mpcvit.normaliser.relu.tiny' ||
                id === 'mpcvit.normaliser.relu-inverse.tiny',
            ),
          ),
        ]
      : []),
    finding(
      'difference',
      'The 2.9x over MPCFormer rests on one latency, 316.77 s at mu 0.3, which lies 112 s below what fits the three others; with those it would be 2.1x.',
      [...cells.values()].filter(({ id }) => id === 'mpcvit.tiny-imagenet.mpcvit-03.latency'),
    ),
    finding(
      'difference',
      'Without distillation no MPCViT is more accurate than the Softmax ViT on any of the three sets; the 1.9 points are an effect of distillation, which the Softmax ViT did not get.',
      [...cells.values()].filter(({ id }) => /\.(mpcvit-0[1357]|softmax)\.without-kd$/.test(id)),
    ),
    finding(
      'difference',
      "The latencies of MPCViT+ are MPCViT's less constants that the plotting script writes out: no measurements of their own.",
      [...cells.values()].filter(({ id }) => /\.plus[^.]*\.latency$/.test(id)),
    ),
  ];
}

/** Claims first, then where numbers come from and what differs, then how much is left open. */
export function findingsOf(paper: PaperDetail): Finding[] {
  const cells: Cells = new Map(
    paper.tables.flatMap((table) => table.cells.map((cell) => [cell.id, cell])),
  );
  const claims = paper.claims.map(
    ({ words, verdict, explanation, cells: ids, runIds }): Finding => ({
      kind: 'claim',
      words: `Claimed: ${words}. Verdict: ${claimWords[verdict]}. ${explanation}`,
      cells: ids,
      runIds,
    }),
  );
  const own =
    paper.slug === 'puma'
      ? ofPuma(cells)
      : paper.slug === 'mpcformer'
        ? ofMpcformer(cells)
        : ofMpcvit(cells);
  const { cells: all, filled, verdicts } = paper.coverage;
  const open = [...cells.values()].filter(({ verdict }) => verdict === 'notRun');
  const gap = `${filled} of ${all} cells have a value here; ${verdicts.notRun} wait for a run and ${verdicts.notTestable} cannot be tested here.`;
  return [...claims, ...own, finding('gap', gap, open)];
}
