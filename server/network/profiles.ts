/**
 * Named links as data, each with what is documented about it and where. Nothing is tuned: a profile
 * says what a source says, and `basis` says how sure that is.
 *
 * The sources give rate and round trip only. That every directed pair has its own link (`pair`), and
 * the header overhead, are ours, unless the source's own script shapes `lo`: then one queue serves all
 * (`shared`).
 */
import { EngineError } from '../engine/errors.ts';
import { hpmpcProfiles } from './profiles-hpmpc.ts';
import { pairLink, unlimitedLink } from './link.ts';
import type { Link, LinkMatrix } from './link.ts';

export interface LinkProfile {
  readonly link: Link;
  /** Links that differ from the common one. */
  readonly matrix?: LinkMatrix;
  /** One sentence for people. */
  readonly title: string;
  /** What the source says. */
  readonly citation: string;
  readonly source: string;
  /** reported: the source states it. inferred: we conclude it from several. ours: nobody's setting. */
  readonly basis: 'reported' | 'inferred' | 'ours';
  /** What goes wrong easily with this setting. */
  readonly trap?: string;
}

const loTrap =
  'One queue on lo serves both directions and every pair: all-to-all traffic of three parties takes up to six times as long as on links of their own. Not to be compared with a pairwise link.';
const unitTrap =
  'Gbit/s and GByte/s, and ping and one-way delay, are mixed up in several texts that cite this setting.';

export const linkProfiles: readonly LinkProfile[] = [
  {
    link: pairLink('puma-lan', 5e9, 1),
    title: 'LAN of PUMA: 5 Gbit/s, 1 ms RTT',
    citation:
      'Three Alibaba ecs.g7.8xlarge (32 vCPU, 128 GB), bandwidth about 5 Gbps, round trip about 1 ms.',
    source: 'PUMA, section 5 (BERT, RoBERTa and GPT-2 testbed)',
    basis: 'reported',
  },
  {
    link: pairLink('lan-1g', 1e9, 0.5),
    title: 'LAN of BumbleBee: 1 Gbit/s, 0.5 ms RTT',
    citation: '1 Gbps, 0.5 ms. SHAFT uses it too and writes both Gbps and GBps.',
    source: 'BumbleBee; also SHAFT and FuseFSS',
    basis: 'reported',
    trap: unitTrap,
  },
  {
    link: pairLink('mpcvit-wan', 400e6, 40),
    title: 'WAN of MPCViT: 400 Mbit/s, 40 ms RTT (inferred)',
    citation:
      'MPCViT names a WAN "following Cheetah". Cheetah\'s own script sets 400 Mbit/s and 20 ms per ' +
      'direction; a user who tried to reproduce MPCViT quotes 44 MB/s and 40 ms. That MPCViT used exactly this is not verified.',
    source: 'OpenCheetah throttle script; issue 323 of secretflow/spu',
    basis: 'inferred',
    trap: 'netem at 400 Mbit/s and 40 ms needs a queue of more than 1333 packets; its default of 1000 loses some silently. Parley does not.',
  },
  {
    link: pairLink('wan-100', 100e6, 80),
    title: 'Slow WAN of BOLT: 100 Mbit/s, 80 ms RTT',
    citation:
      '100 Mbps, 80 ms: the slower of two WAN settings of BOLT; also in an artifact of CCS 2026.',
    source: 'BOLT, as quoted by SHAFT',
    basis: 'reported',
  },
  {
    link: pairLink('puma-llama-lan', 20e9, 0.1),
    title: 'LAN of PUMA for LLaMA-7B: 20 Gbit/s, 0.1 ms RTT (inferred)',
    citation:
      'Three ecs.r7.32xlarge (128 threads, 1 TB), round trip 0.1 ms. The paper prints the bandwidth as "20GB"; we read 20 Gbit/s, near what such a machine is sold with.',
    source: 'PUMA, section 5 (LLaMA-7B testbed)',
    basis: 'inferred',
    trap: 'Faster than two or three processes can move bytes on a few cores: expect late frames, and use the what-if.',
  },
  {
    link: pairLink('mpcformer-lan', 10e9, 0.1),
    title: 'Network of MPCFormer: 10 Gbit/s, 0.1 ms RTT (inferred)',
    citation:
      'Two AWS P3.2x instances; code and logs name no rate and no delay. 10 Gbit/s Ethernet is what such an instance is sold with, and 0.1 ms a guess for one placement group. Not verified.',
    source: 'MPCFormer; its code and training logs',
    basis: 'inferred',
    trap: 'Faster than two or three processes can move bytes on a few cores: expect late frames, and use the what-if.',
  },
  ...family('ditto', 'Ditto', 'Ditto; README of its artifact', [
    [
      'lan',
      5e9,
      0.4,
      'Its script delays by 0.1 ms per traversal, so ping is 0.2 ms and not 0.4, and the comment in it says 3 Gbit/s.',
    ],
    ['wan', 400e6, 40],
  ]),
  ...family('cheetah', 'Cheetah', 'OpenCheetah throttle script', [['lan', 3e9, 0.3, loTrap]]),
  {
    link: { ...pairLink('cheetah-wan-lo', 400e6, 40), topology: 'shared' },
    title: 'WAN of Cheetah as its script shapes it: 400 Mbit/s, 40 ms RTT on lo',
    citation:
      "A token-bucket filter and a netem delay on lo, as in emp-toolkit's script, which many artifacts copy. Every packet of every party passes the same queue.",
    source: 'OpenCheetah throttle script; emp-toolkit',
    basis: 'reported',
    trap: loTrap,
  },
  ...family('bolt', 'BOLT', 'BOLT, as quoted by SHAFT', [
    ['lan', 3e9, 0.8],
    ['wan', 200e6, 40],
  ]),
  ...family('bumblebee', 'BumbleBee', 'BumbleBee', [['wan', 400e6, 4]]),
  ...family('nimbus', 'Nimbus', 'Nimbus', [
    ['lan', 3e9, 1],
    ['wan', 400e6, 10],
  ]),
  ...family('sigma', 'SIGMA', 'SIGMA, real links', [
    [
      'lan',
      9.4e9,
      0.05,
      'Shorter than an emulated link can be held on one machine: for the what-if only.',
    ],
    ['wan', 305e6, 60],
  ]),
  ...family('emp', 'emp-toolkit', 'emp-toolkit throttle script', [
    ['lan', 2.32e9, 0, loTrap],
    ['wan', 200e6, 20, loTrap],
  ]),
  ...family('spu', 'SPU', "SPU's emulation script", [['wan', 300e6, 20]]),
  ...family('ccs26', 'an artifact of CCS 2026', 'artifact of CCS 2026; its WAN is wan-100', [
    [
      'lan',
      10e9,
      0.02,
      'Shorter than an emulated link can be held on one machine: for the what-if only.',
    ],
  ]),
  ...hpmpcProfiles,
  {
    link: { ...unlimitedLink, name: 'loopback' },
    title: 'Loopback: no shaping, whatever the host does',
    citation: 'No rate and no delay is imposed; the link is only measured.',
    source: 'none',
    basis: 'ours',
  },
];

type Member = readonly [kind: 'lan' | 'wan', bitsPerSecond: number, rttMs: number, trap?: string];

/** Settings of one source that gives rate and round trip and no more. */
function family(
  id: string,
  name: string,
  source: string,
  members: readonly Member[],
): LinkProfile[] {
  return members.map(([kind, bitsPerSecond, rttMs, trap]) => {
    const rate =
      bitsPerSecond >= 1e9 ? `${bitsPerSecond / 1e9} Gbit/s` : `${bitsPerSecond / 1e6} Mbit/s`;
    const words = `${rate}, ${rttMs} ms RTT`;
    return {
      link: pairLink(`${id}-${kind}`, bitsPerSecond, rttMs),
      title: `${kind.toUpperCase()} of ${name}: ${words}`,
      citation: `${name.slice(0, 1).toUpperCase()}${name.slice(1)} names a ${kind.toUpperCase()} of ${words}.`,
      source,
      basis: 'reported' as const,
      ...(trap === undefined ? {} : { trap }),
    };
  });
}

/** The profile of that name; throws `EngineError('range')` listing the names there are. */
export function findLinkProfile(name: string): LinkProfile {
  const profile = linkProfiles.find(({ link }) => link.name === name);
  if (profile !== undefined) return profile;
  const names = linkProfiles.map(({ link }) => link.name).join(', ');
  throw new EngineError('range', `link profile is '${name}', allowed: ${names}`);
}
