/**
 * The words of the workbench, each with one meaning, in the order in which they build on one another.
 * The glossary page shows them; help texts link to them by id (app/_components/term.tsx).
 */

export interface GlossaryTerm {
  readonly id: string;
  readonly word: string;
  /** Other names that papers and systems use. */
  readonly also?: string;
  /** Plain sentences; the first alone must be enough for a tip. */
  readonly text: string;
}

export interface GlossaryPart {
  readonly id: string;
  readonly title: string;
  readonly terms: readonly GlossaryTerm[];
}

export const glossary = [
  {
    id: 'secrets',
    title: 'Secrets and parties',
    terms: [
      {
        id: 'share',
        word: 'share',
        also: 'secret share',
        text: 'A piece of a secret number that says nothing by itself. An arithmetic share is a summand modulo a power of two, a boolean one a summand bit by bit. A link to results is never called a share here; it is a permalink.',
      },
      {
        id: 'party',
        word: 'party',
        also: 'player, server, node',
        text: 'A process that computes on shares. Parties are numbered from 0; each runs as its own process and holds its own shares only.',
      },
      {
        id: 'dealer',
        word: 'dealer',
        also: 'trusted third party, helper',
        text: 'The role that hands out correlations and sees no input. It is counted like a party; two-party variants need one, or an insecure first party in its place.',
      },
      {
        id: 'open',
        word: 'open',
        text: 'Parties put a masked value together inside a protocol. What they see is as random as its mask.',
      },
      {
        id: 'reveal',
        word: 'reveal',
        text: 'A meaningful value leaves secrecy, for a reason that is recorded. A run lists everything that it reveals, and to whom.',
      },
      {
        id: 'semi-honest',
        word: 'semi-honest',
        also: 'honest but curious, passive',
        text: 'Parties follow the protocol and may try to learn from what they see. Every secure variant here is secure in this sense only.',
      },
      {
        id: 'ring',
        word: 'ring',
        text: 'The numbers that are computed on: integers modulo 2 to the power of 64, or 32. Fractions are whole multiples of a small unit.',
      },
      {
        id: 'fraction-bits',
        word: 'fraction bits',
        also: 'precision, scale',
        text: 'How many binary digits stand behind the point. 16 bits tell numbers apart that differ by 0.000015.',
      },
      {
        id: 'truncation',
        word: 'truncation',
        also: 'rescaling',
        text: 'Cutting off the digits that a product of two fractions has too many. Faithful variants truncate as the named system does, with its rare failures; fast ones without wrap errors.',
      },
      {
        id: 'correlation',
        word: 'correlation',
        also: 'triple, correlated randomness, offline material',
        text: 'Random numbers with a known relation, in shares, made before the input is known and used up once. A triple is two factors and their product.',
      },
    ],
  },
  {
    id: 'costs',
    title: 'Costs and how they are counted',
    terms: [
      {
        id: 'bytes-sent',
        word: 'bytes sent',
        also: 'communication, traffic',
        text: 'Payload that one party sends. Headers of frames are counted beside it and left out here. “Per party” is the party that sends most, unless it says otherwise.',
      },
      {
        id: 'sent-and-received',
        word: 'sent + received',
        text: 'What one party sends and what it receives, added. Each byte of two parties is counted twice when theirs are added up, so it is shown only where a paper counts so, with this label.',
      },
      {
        id: 'total-bytes',
        word: 'sent, all parties',
        also: 'total communication',
        text: 'Bytes sent, added over all parties and the dealer. Each byte that crosses a link is in it once.',
      },
      {
        id: 'gb',
        word: 'GB and GiB',
        text: 'A GB is a thousand million bytes, a GiB is 1,073,741,824: 7 % more. Papers often write GB for either; a comparison here shows one of the two, and a CSV always bytes.',
      },
      {
        id: 'per',
        word: 'per batch, sample, token',
        text: 'What a number is divided by. A batch is what one secure inference takes in; a sample is one text or image; tokens count the padding, as the protocol does.',
      },
      {
        id: 'offline',
        word: 'offline',
        also: 'preprocessing',
        text: 'The phase before the inputs are known, in which correlations are made and sent. Always recorded; headlines show online, and online + offline.',
      },
      {
        id: 'online',
        word: 'online',
        text: 'The phase from the first party’s start with the inputs’ shares to the last one’s end.',
      },
      {
        id: 'setup',
        word: 'setup',
        text: 'Sharing the weights, once for all inferences of a session. Not in the numbers of an inference.',
      },
      {
        id: 'round',
        word: 'round',
        text: 'All messages that need only earlier ones. Over a long round trip the rounds decide how long a run takes. Two counts exist: in program order, as the named systems run, and overlapped, as runs here do.',
      },
      {
        id: 'link',
        word: 'link',
        text: 'The network between two parties in one direction: its rate and delay. Emulated links are imposed from outside the protocol and measured before and after each run.',
      },
      {
        id: 'certificate',
        word: 'link certificate',
        text: 'What was measured of a run’s links, over its own connections, signed and stored with it. A run whose link was not met says so.',
      },
    ],
  },
  {
    id: 'models',
    title: 'Models and functions',
    terms: [
      {
        id: 'approximation',
        word: 'approximation',
        text: 'A function that stands in for GELU, softmax or another that secure computation does badly. It has a source, a domain and a tested error. What it costs in accuracy is measured in the clear.',
      },
      {
        id: 'variant',
        word: 'variant',
        text: 'A way to carry out a protocol: which comparison, which truncation, whose correlations. A faithful variant costs to the byte what the named system costs; a fast one is ours.',
      },
      {
        id: 'checkpoint',
        word: 'checkpoint',
        text: 'The weights of a model. The architecture is the code that they go into.',
      },
      {
        id: 'clear',
        word: 'in the clear',
        also: 'plaintext',
        text: 'Computed without secrecy. In the clear with exact functions gives the accuracy to hold others against; with an approximation, that approximation’s loss; what then is missing is the protocol’s.',
      },
    ],
  },
  {
    id: 'runs',
    title: 'Runs and numbers',
    terms: [
      {
        id: 'spec',
        word: 'spec',
        also: 'manifest, configuration',
        text: 'What a run is asked to do, as one JSON text in a fixed form. Its SHA-256 is its identity: two runs with the same hash were asked the same.',
      },
      {
        id: 'run',
        word: 'run',
        text: 'One execution of a spec: parties start, links are checked, inferences are repeated, outputs are scored.',
      },
      {
        id: 'trace',
        word: 'trace',
        text: 'What a party recorded of an inference: every operation with its time, bytes and rounds.',
      },
      {
        id: 'provenance',
        word: 'provenance',
        text: 'Where a number comes from: measured, predicted, replayed, reported or imported. The classes stand side by side and are never averaged together.',
      },
      {
        id: 'shipped',
        word: 'shipped',
        text: 'Measured by these programs on another machine, and delivered with them. Never in one statistic with runs of this installation.',
      },
      {
        id: 'n',
        word: 'n',
        text: 'How many repeats, or samples, a number is made of. The first repeat is dropped, since it warms up.',
      },
      {
        id: 'interval',
        word: '95 % interval',
        text: 'Where the true value lies if the repeats are fair, in 19 of 20 cases. For medians it needs at least six repeats and assumes no distribution; for accuracies it is Wilson’s.',
      },
      {
        id: 'noise',
        word: 'noise class',
        text: 'How far repeats spread around their median: quiet, normal or noisy. A difference smaller than the noise is none.',
      },
      {
        id: 'front',
        word: 'Pareto front',
        text: 'The runs that no other one beats in both accuracy and cost. Ties within the intervals are drawn hollow.',
      },
      {
        id: 'permalink',
        word: 'permalink',
        text: 'A frozen, read-only copy behind an address that nobody can guess. Its content hash proves that nothing was changed; it can be taken back, and can end by itself.',
      },
    ],
  },
] as const satisfies readonly GlossaryPart[];

export type TermId = (typeof glossary)[number]['terms'][number]['id'];

const byId: ReadonlyMap<string, GlossaryTerm> = new Map(
  glossary.flatMap(({ terms }) => terms.map((term) => [term.id, term] as const)),
);

/** @throws RangeError for an id that no term has */
export function termById(id: TermId): GlossaryTerm {
  const term = byId.get(id);
  if (term === undefined) throw new RangeError(`there is no term ${id} in the glossary.`);
  return term;
}

/** Enough for a tip. */
export const firstSentence = (text: string): string => /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
