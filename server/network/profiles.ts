/**
 * Named links as data, each with what is documented about it and where. Nothing is tuned: a profile
 * says what a source says, and `basis` says how sure that is.
 *
 * The sources give rate and round trip only. That every directed pair has its own link (`pair`), and
 * the header overhead, are ours.
 */
import { EngineError } from '../engine/errors.ts';
import { defaultOverheadFactor, unlimitedLink } from './link.ts';
import type { Link } from './link.ts';

export interface LinkProfile {
  readonly link: Link;
  /** One sentence for people. */
  readonly title: string;
  /** What the source says. */
  readonly citation: string;
  readonly source: string;
  /** reported: the source states it. inferred: we conclude it from several. ours: nobody's setting. */
  readonly basis: 'reported' | 'inferred' | 'ours';
}

const pairLink = (name: string, bitsPerSecond: number, rttMs: number): Link => ({
  name,
  bitsPerSecond,
  rttMs,
  overheadFactor: defaultOverheadFactor,
  topology: 'pair',
});

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
  },
  {
    link: pairLink('mpcvit-wan', 400e6, 40),
    title: 'WAN of MPCViT: 400 Mbit/s, 40 ms RTT (inferred)',
    citation:
      'MPCViT names a WAN "following Cheetah". Cheetah\'s own script sets 400 Mbit/s and 20 ms per ' +
      'direction; a user who tried to reproduce MPCViT quotes 44 MB/s and 40 ms. That MPCViT used exactly this is not verified.',
    source: 'OpenCheetah throttle script; issue 323 of secretflow/spu',
    basis: 'inferred',
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
    link: { ...unlimitedLink, name: 'loopback' },
    title: 'Loopback: no shaping, whatever the host does',
    citation: 'No rate and no delay is imposed; the link is only measured.',
    source: 'none',
    basis: 'ours',
  },
];

/** The profile of that name; throws `EngineError('range')` listing the names there are. */
export function findLinkProfile(name: string): LinkProfile {
  const profile = linkProfiles.find(({ link }) => link.name === name);
  if (profile !== undefined) return profile;
  const names = linkProfiles.map(({ link }) => link.name).join(', ');
  throw new EngineError('range', `link profile is '${name}', allowed: ${names}`);
}
