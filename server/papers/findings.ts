/**
 * "What we found": sentences out of cells and claims, each with what it rests on. A sentence whose numbers
 * are ours stands only while there are such numbers; one on what is printed always does.
 */
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

const matching = (cells: Cells, pattern: RegExp): PaperCell[] =>
  [...cells.values()].filter(({ id }) => pattern.test(id));

/** Two significant digits behind the point at most: what shares of 1 need. */
const share = (value: number): string => formatSignificant(value, 3);

/** A sentence on result over printed, smallest to largest; none while no cell has both. */
function ofSpan(
  cells: Cells,
  pattern: RegExp,
  words: (span: string) => string,
): readonly Finding[] {
  const found = matching(cells, pattern).filter(({ ratio }) => ratio !== null);
  const ratios = found.flatMap(({ ratio }) => ratio ?? []);
  if (ratios.length === 0) return [];
  const [low, high] = [share(Math.min(...ratios)), share(Math.max(...ratios))];
  return [finding('bytes', words(low === high ? low : `${low} to ${high}`), found)];
}

/** A sentence on one of our numbers over another; none while one is absent. */
function ofRatio(
  cells: Cells,
  over: string,
  under: string,
  words: (times: string) => string,
): readonly Finding[] {
  const [one, other] = [cells.get(over), cells.get(under)];
  if (one?.result == null || other?.result == null || other.result.value === 0) return [];
  const times = formatSignificant(one.result.value / other.result.value);
  return [finding('difference', words(times), [one, other])];
}

const ofPuma = (cells: Cells): Finding[] => [
  ...ofSpan(
    cells,
    /^puma\.t[345]\.puma\..*-gb$/,
    (span) =>
      `The paper does not say whose bytes it counts. Tables 3 to 5 fit what all three servers send together: in GB of 2^30 bytes the schedules give ${span} of the printed numbers.`,
  ),
  ...ofSpan(
    cells,
    /^puma\.t6\..*\.gb$/,
    (span) =>
      `Table 6 fits one server, not three: the schedules give ${span} of the printed numbers. Counted as tables 3 to 5 seem to be, its rows would be about three times as large.`,
  ),
  ...ofSpan(
    cells,
    /^puma\.t[35]\.mpcformer\.bert.*-gb$/,
    (span) =>
      `For BERT the rows of MPCFormer fit its own benchmark program on CrypTen with a dealer, what one party sends and receives and the dealer's corrections, in GB of 10^9 bytes: the schedules give ${span} of the printed numbers. If both readings are right, the two rows of a table count differently.`,
  ),
  finding(
    'difference',
    'The same run, GPT-2 with 32 tokens, is printed as 3.774 GB in table 4 and as 3.777 GB in table 5.',
    matching(cells, /^puma\.(t4\.puma\.gpt2-gb|t5\.puma\.gpt2-32-gb)$/),
  ),
  finding(
    'difference',
    "By the paper's own table PUMA sends more than MPCFormer for GPT-2 with 64 tokens (ratio 0.936). The paper names its one-hot embedding as the cause; the argmax over all positions that its benchmark program ends with, and that the schedules count, grows with the length too.",
    matching(cells, /^puma\.t5\.(ratio|puma|mpcformer)\.gpt2-64-gb$/),
  ),
];

const ofMpcformer = (cells: Cells): Finding[] => [
  ...ofSpan(
    cells,
    /^mpcformer\.costs\./,
    (span) =>
      `What could be read of the paper has neither bytes nor rounds. One layer of its benchmark program was measured on CrypTen and scaled to the model; the schedules give ${span} of those bytes and rounds.`,
  ),
  ...ofRatio(
    cells,
    'mpcformer.costs.base-512-exact.gb',
    'mpcformer.costs.base-512-2quad.gb',
    (times) =>
      `At 512 tokens the schedules send ${times} times fewer bytes with Quad and 2Quad than with the accurate functions; 5.3 times faster is claimed. So bytes alone do not make the time.`,
  ),
  finding(
    'difference',
    "The teacher's row of GLUE averages 83.08 by its own columns, not the printed 82.8; with that the student keeps 96.6 % of the teacher and not 97 %.",
    matching(cells, /^mpcformer\.glue\.(teacher|2quad-full)\.average$/),
  ),
  finding(
    'difference',
    'The functions that were timed are not those that were trained: in the released code Quad has other coefficients in the timing program than in training, the timing has BatchNorm in place of LayerNorm, and its 2Quad leaves the range in which CrypTen can divide.',
    matching(cells, /^mpcformer\.functions\.(quad|2quad)\./),
  ),
];

const ofMpcvit = (cells: Cells): Finding[] => [
  ...ofSpan(
    cells,
    /^mpcvit\.normaliser\./,
    (span) =>
      `No bytes were published. The profiler log of an independent re-implementation on the same engine gives those of turning scores into weights; the schedules give ${span} of them.`,
  ),
  ...ofRatio(
    cells,
    'mpcvit.normaliser.relu.tiny',
    'mpcvit.normaliser.relu-inverse.tiny',
    (times) =>
      `Most bytes of a ReLU head's weights are divisions, one for every score. One reciprocal per row sends ${times} times fewer; the order of the variants stays.`,
  ),
  finding(
    'difference',
    'The 2.9x over MPCFormer rests on one latency, 316.77 s at mu 0.3. A cost per ReLU head, which fits the three other latencies of MPCViT within 7 s, would put it 112 s higher; the speed-up would then be 2.1x.',
    matching(cells, /^mpcvit\.tiny-imagenet\.(mpcvit-0[1357]|mpcformer)\.latency$/),
  ),
  finding(
    'difference',
    'Without distillation no MPCViT is more accurate than the Softmax ViT on any of the three sets. The 1.9 points come with distillation, which the Softmax ViT did not get.',
    matching(cells, /\.(mpcvit-0[1357]|softmax)\.without-kd$/),
  ),
  finding(
    'difference',
    "In the authors' plotting script, which is older than the final paper, the latencies of MPCViT+ are those of MPCViT less constants: no measurements of their own.",
    matching(cells, /\.plus[^.]*\.latency$/),
  ),
];

const ofPaper = { puma: ofPuma, mpcformer: ofMpcformer, mpcvit: ofMpcvit } as const;

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
  const { cells: all, filled, verdicts } = paper.coverage;
  const having = (id: PaperCell['verdict']): PaperCell[] =>
    [...cells.values()].filter(({ verdict }) => verdict === id);
  const waiting = having('notRun');
  const blocked = having('notTestable');
  const open = waiting.length > 0 ? waiting : blocked.length > 0 ? blocked : [...cells.values()];
  const gap = `${filled} of ${all} cells have a value here; ${verdicts.notRun} wait for a run and ${verdicts.notTestable} cannot be tested here.`;
  return [...claims, ...ofPaper[paper.slug](cells), finding('gap', gap, open)];
}
