/**
 * The measured networks of HPMPC: links that differ pair by pair. Its files give four nodes, and for
 * each the round trip and the rate to the three others; here the first three nodes are used, as the
 * parties or as two parties and their dealer.
 */
import { pairLink } from './link.ts';
import type { LinkProfile } from './profiles.ts';

/** Row = node 0 to 2, column = the two other nodes in order. */
type ToOthers = readonly (readonly [number, number])[];

const square = (rows: ToOthers, unit = 1): number[][] =>
  rows.map(([first, second], node) => {
    const entries = [first * unit, second * unit];
    entries.splice(node, 0, 0);
    return entries;
  });

/** Of the links as a whole: the least rate and the longest round trip. */
const worst = (rttMs: ToOthers, mbps: ToOthers) =>
  [Math.min(...mbps.flat()) * 1e6, Math.max(...rttMs.flat())] as const;

const measured: readonly {
  readonly id: string;
  readonly what: string;
  readonly rttMs: ToOthers;
  readonly mbps: ToOthers;
}[] = [
  {
    id: 'lan',
    what: 'LAN, about 0.3 ms and 4.9 Gbit/s',
    rttMs: [
      [0.304, 0.302],
      [0.295, 0.285],
      [0.304, 0.296],
    ],
    mbps: [
      [4880, 4870],
      [4940, 4920],
      [4790, 4800],
    ],
  },
  {
    id: 'cman',
    what: 'city network, 1.1 to 2.4 ms and 137 to 1550 Mbit/s',
    rttMs: [
      [2.318, 1.244],
      [2.394, 1.088],
      [1.232, 1.091],
    ],
    mbps: [
      [137, 1532],
      [139, 1144],
      [1550, 1023],
    ],
  },
  {
    id: 'wan1',
    what: 'WAN 1, 33 to 193 ms and 143 to 868 Mbit/s',
    rttMs: [
      [192.586, 49.311],
      [186.628, 32.764],
      [44.119, 34.772],
    ],
    mbps: [
      [143, 774],
      [149, 868],
      [790, 866],
    ],
  },
  {
    id: 'wan2',
    what: 'WAN 2, 91 to 258 ms and 115 to 341 Mbit/s',
    rttMs: [
      [91.451, 258.29],
      [91.434, 165.687],
      [253.818, 165.691],
    ],
    mbps: [
      [320, 121],
      [341, 180],
      [115, 186],
    ],
  },
  {
    id: 'mixed',
    what: 'mixed, 33 to 291 ms and 113 to 875 Mbit/s',
    rttMs: [
      [288.559, 89.244],
      [291.132, 32.761],
      [81.114, 35.041],
    ],
    mbps: [
      [113, 698],
      [114, 875],
      [681, 869],
    ],
  },
];

export const hpmpcProfiles: readonly LinkProfile[] = measured.map(({ id, what, rttMs, mbps }) => {
  const [bitsPerSecond, longestMs] = worst(rttMs, mbps);
  return {
    link: pairLink(`hpmpc-${id}`, bitsPerSecond, longestMs),
    matrix: { bitsPerSecond: square(mbps, 1e6), rttMs: square(rttMs) },
    title: `HPMPC ${what}`,
    citation:
      'Round trip and rate of every pair as measured between its machines; here its first three nodes. The slowest pair decides most rounds.',
    source: `HPMPC, measurements/network_shaping/${id === 'lan' || id === 'cman' || id.startsWith('wan') ? id.toUpperCase() : 'Mixed'}.json`,
    basis: 'reported',
    trap: 'The two directions of a pair were measured apart and differ a little; each direction takes half of its own round trip.',
  };
});
