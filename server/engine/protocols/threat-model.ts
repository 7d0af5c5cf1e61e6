/**
 * Threat model as data: per variant and source of correlations, who is trusted with what, what a
 * curious party sees, what is revealed, and what a run can give up. Pages show it, and the part of
 * SECURITY.md between its marks is written from it (`node benchmarks/security/write-security.ts`; a
 * test compares the two byte for byte). Plain data: this file knows no protocol code.
 */
import type { CorrelationsId, VariantId } from '../plan.ts';
import { linesOf, type SecretVariant } from './threat-openings.ts';

export type RoleName = 'owner' | 'party 0' | 'party 1' | 'party 2' | 'dealer';

export interface ThreatModel {
  readonly variant: VariantId;
  /** Null where nobody deals. */
  readonly correlations: CorrelationsId | null;
  /** One or two sentences, for the form and the head of a run's page. */
  readonly short: string;
  /** What must not be overlooked; null where nothing is given up by choice. */
  readonly warning: string | null;
  readonly adversary: string;
  readonly collusion: {
    /** How many of the parties and the dealer may pool what they hold; 0: one alone is too many. */
    readonly mayCollude: number;
    readonly breaks: string;
  };
  readonly roles: readonly {
    readonly role: RoleName;
    readonly holds: string;
    readonly trustedWith: string;
    /** Everything it sees beyond its own halves or components and what is public. */
    readonly sees: readonly string[];
  }[];
  /** Known to every role, and to whoever counts messages. */
  readonly public: readonly string[];
  readonly reveals: readonly {
    readonly what: string;
    readonly to: RoleName;
    readonly why: string;
  }[];
  readonly givesUp: readonly { readonly when: string; readonly what: string }[];
  /** Values that come out wrong without anybody noticing, and how often. */
  readonly numericalFailures: readonly string[];
}

type Role = ThreatModel['roles'][number];

const textsOf = (variant: SecretVariant, party: number): string[] =>
  linesOf(variant, party).map(({ text }) => text);

const adversary =
  'Static, semi-honest, computational: whom it watches is fixed before the run, all follow the protocol, and AES-128 and X25519 hold. Malicious parties are out of scope.';

const publicToAll: ThreatModel['public'] = [
  'the plan: architecture, shapes, functions, protocol, ring',
  'wordpieces per sample after padding, and the batch size; with an encoder how many of them are real stays secret, unless the spec says length: public (then padding ends at the longest text of a batch), with a decoder (GPT-2, LLaMA) there is no padding',
  'number, sizes and times of all messages',
];

const owner: Role = {
  role: 'owner',
  holds: 'the weights and the inputs; it splits them into shares and learns the output',
  trustedWith: 'everything: it is the one whose secrets are protected',
  sees: [
    'the shares of the output; under local truncation (additive/crypten) their last bits also tell which way each half was rounded',
  ],
};

const reveals: ThreatModel['reveals'] = [
  {
    what: 'the output of the model for each inference: logits, or an index where the plan says argmax',
    to: 'owner',
    why: 'the spec asks for it',
  },
];

const fixedSeed = {
  when: 'a fixed seed (seed.kind: insecure)',
  what: 'Every key follows from the text of the seed. Whoever knows it and sees the messages reads everything.',
};

const oneHost = {
  when: 'all roles on one host',
  what: 'Whoever administers the host reads the memory of every process, and the connections, which are not encrypted: the keys that the owner deals, hence the inputs. The protocol protects parties from one another, not from their host.',
};

const pairTruncation =
  'Truncation is off by at most one unit in the last place for |x| < 2^(k-2), x the integer before it; beyond that it is wrong, unnoticed.';

const overflow =
  'Sums and products are taken modulo 2^k: a value beyond the ring wraps around, unnoticed. The clear run on the same samples does the same arithmetic.';

// Replicated -----------------------------------------------------------------------------------

function replicated(variant: SecretVariant): ThreatModel {
  const party = (id: 0 | 1 | 2): Role => ({
    role: `party ${id}`,
    holds: `components ${id} and ${(id + 1) % 3} of every secret, the third is uniformly random to it; one key with each other party`,
    trustedWith: 'following the protocol, and not pooling what it holds with another party',
    sees: textsOf(variant, id),
  });
  return {
    variant,
    correlations: null,
    short:
      'Three parties, semi-honest, of which no two pool what they hold. Private against each of them alone; any two together read everything.',
    warning: null,
    adversary,
    collusion: {
      mayCollude: 1,
      breaks: 'Any two of the three have all components of every secret.',
    },
    roles: [owner, party(0), party(1), party(2)],
    public: publicToAll,
    reveals,
    givesUp: [fixedSeed, oneHost],
    numericalFailures: [pairTruncation, overflow],
  };
}

const replicatedVariants = ['replicated/aby3', 'replicated/fast'] as const;

// Additive -------------------------------------------------------------------------------------

interface AdditiveText {
  readonly variant: SecretVariant;
  readonly failures: readonly string[];
}

const additiveTexts: readonly AdditiveText[] = [
  {
    variant: 'additive/crypten',
    failures: [
      'Local truncation by m bits: with probability |x| / 2^k a result is off by 2^(k-m), which is a huge number, and nobody notices. A product of value v (m = f) fails with probability |v| 2^(2f-k): one in 4.3 thousand million for v = 1 at k = 64, f = 16. A whole model multiplies millions of times; `parley costs` prints the expected number.',
    ],
  },
  {
    variant: 'additive/semi2k',
    failures: [pairTruncation],
  },
  {
    variant: 'additive/fast',
    failures: [pairTruncation],
  },
];

function dealt({ variant, failures }: AdditiveText): ThreatModel {
  const party = (id: 0 | 1): Role => ({
    role: `party ${id}`,
    holds: `one of two halves of every secret, which alone is uniformly random; a key with the other party and one with the dealer`,
    trustedWith:
      'following the protocol, and not pooling what it holds with the other or the dealer',
    sees: [
      ...textsOf(variant, id),
      ...(id === 0 ? ['the corrections that the dealer sends: its halves of dealt products'] : []),
    ],
  });
  return {
    variant,
    correlations: 'dealer',
    short:
      'Two parties and a dealer, all semi-honest. Private against each of the three alone; any two of them together read everything.',
    warning: null,
    adversary,
    collusion: {
      mayCollude: 1,
      breaks:
        'The two parties together have both halves of every secret. The dealer and one party have the masks and what was opened under them.',
    },
    roles: [
      owner,
      party(0),
      party(1),
      {
        role: 'dealer',
        holds: 'all masks, which it makes from keys shared with each party; no half of any secret',
        trustedWith: 'dealing honestly, and passing the masks to nobody',
        sees: [
          'the plan and the shapes',
          'of the parties their public keys, and of party 0 when it asks for an inference’s worth and has received it: how many inferences there are, and when',
        ],
      },
    ],
    public: publicToAll,
    reveals,
    givesUp: [
      {
        when: 'correlations dealt ahead of time (parley deal)',
        what: 'Until a run claims them, keys and corrections lie in files that only the account of this installation can read; the key is deleted before its first use.',
      },
      {
        when: 'the dealer in a party’s process (correlations: insecureFirstParty)',
        what: 'No privacy against party 0: it knows every mask.',
      },
      fixedSeed,
      oneHost,
    ],
    numericalFailures: [...failures, overflow],
  };
}

function selfDealt(text: AdditiveText): ThreatModel {
  const base = dealt(text);
  return {
    ...base,
    correlations: 'insecureFirstParty',
    short:
      'Two parties, of which party 0 also makes the correlated randomness. For comparison with systems that were timed so, never for private data.',
    warning: 'No privacy against party 0: it knows every mask and reads every secret.',
    collusion: {
      mayCollude: 0,
      breaks:
        'Party 0 alone: it knows both halves of every mask, so each opening shows it the value. Party 1 alone learns nothing.',
    },
    roles: base.roles
      .filter(({ role }) => role !== 'dealer')
      .map((role) =>
        role.role === 'party 0'
          ? {
              ...role,
              holds: 'one of two halves of every secret, and all masks',
              trustedWith: 'everything: inputs, weights and all values between',
              sees: ['every value that is opened, without its mask'],
            }
          : role,
      ),
    givesUp: [
      { when: 'always, by this choice', what: 'Everything, to party 0.' },
      fixedSeed,
      oneHost,
    ],
  };
}

/** One entry per variant and source of correlations. */
export const threatModels: readonly ThreatModel[] = [
  ...replicatedVariants.map(replicated),
  ...additiveTexts.flatMap((text) => [dealt(text), selfDealt(text)]),
  {
    variant: 'clear',
    correlations: null,
    short: 'One process computes in the open: the yardstick, never a way to run privately.',
    warning: 'No privacy at all.',
    adversary: 'None: nothing is hidden from whoever computes.',
    collusion: { mayCollude: 0, breaks: 'The process that computes holds everything.' },
    roles: [owner],
    public: publicToAll,
    reveals: [{ what: 'everything', to: 'owner', why: 'it computes in the open, on its own data' }],
    givesUp: [{ when: 'always', what: 'Everything, to the process that computes.' }],
    numericalFailures: [overflow],
  },
];
