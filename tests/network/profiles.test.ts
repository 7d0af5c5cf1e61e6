/** Network presets: every family that papers use, with its own numbers, and every known trap answered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { traps } from '../../app/learn/networks/traps.ts';
import { linkChoiceOf } from '../../server/network/link.ts';
import { findLinkProfile, linkProfiles } from '../../server/network/profiles.ts';
import { tcpFacts } from '../../server/network/host-load.ts';

/** Rate in Mbit/s and round trip in ms, as the sources give them; in the order of the families. */
const families = [
  ['puma-lan', 5000, 1, 'pair', 'reported', /ecs\.g7/],
  ['puma-llama-lan', 20_000, 0.1, 'pair', 'inferred', /"20GB"/],
  ['ditto-lan', 5000, 0.4, 'pair', 'reported', /Ditto/],
  ['ditto-wan', 400, 40, 'pair', 'reported', /Ditto/],
  ['cheetah-lan', 3000, 0.3, 'pair', 'reported', /Cheetah/],
  ['cheetah-wan-lo', 400, 40, 'shared', 'reported', /emp-toolkit/],
  ['mpcvit-wan', 400, 40, 'pair', 'inferred', /44 MB\/s and 40 ms/],
  ['mpcformer-lan', 10_000, 0.1, 'pair', 'inferred', /Not verified/],
  ['bolt-lan', 3000, 0.8, 'pair', 'reported', /BOLT/],
  ['bolt-wan', 200, 40, 'pair', 'reported', /BOLT/],
  ['wan-100', 100, 80, 'pair', 'reported', /BOLT/],
  ['lan-1g', 1000, 0.5, 'pair', 'reported', /SHAFT/],
  ['bumblebee-wan', 400, 4, 'pair', 'reported', /BumbleBee/],
  ['nimbus-lan', 3000, 1, 'pair', 'reported', /Nimbus/],
  ['nimbus-wan', 400, 10, 'pair', 'reported', /Nimbus/],
  ['sigma-lan', 9400, 0.05, 'pair', 'reported', /SIGMA/],
  ['sigma-wan', 305, 60, 'pair', 'reported', /SIGMA/],
  ['emp-lan', 2320, 0, 'pair', 'reported', /emp-toolkit/],
  ['emp-wan', 200, 20, 'pair', 'reported', /emp-toolkit/],
  ['spu-wan', 300, 20, 'pair', 'reported', /SPU/],
  ['ccs26-lan', 10_000, 0.02, 'pair', 'reported', /CCS 2026/],
] as const;

describe('the presets', () => {
  it.each(families)('%s: %d Mbit/s, %d ms, %s, %s', (name, mbit, rttMs, topology, basis, says) => {
    const { link, citation, source, ...profile } = findLinkProfile(name);
    expect(link.bitsPerSecond).toBe(mbit * 1e6);
    expect(link.rttMs).toBe(rttMs);
    expect(link.topology).toBe(topology);
    expect(profile.basis).toBe(basis);
    expect(`${citation} ${source}`).toMatch(says);
    expect(profile.title.includes('(inferred)')).toBe(basis === 'inferred');
  });

  it('are these, the five of HPMPC and the loopback, and no others', () => {
    const hpmpc = ['lan', 'cman', 'wan1', 'wan2', 'mixed'].map((id) => `hpmpc-${id}`);
    const known = [...families.map(([name]) => name), ...hpmpc, 'loopback'];
    expect(linkProfiles.map(({ link }) => link.name).toSorted()).toEqual(known.toSorted());
  });

  it.each([
    ['hpmpc-lan', [0.28, 0.31], [4790, 4940]],
    ['hpmpc-cman', [1, 2.4], [137, 1550]],
    ['hpmpc-wan1', [32.7, 193], [143, 868]],
    ['hpmpc-wan2', [91, 276], [109, 341]],
    ['hpmpc-mixed', [32.7, 291.2], [113, 875]],
  ] as const)('%s has a link of its own for every pair, in its range', (name, rtt, mbit) => {
    const { link, matrix } = findLinkProfile(name);
    const choice = linkChoiceOf(link, matrix);
    if (typeof choice !== 'function') throw new Error('all links are alike');
    const ends = [0, 1, 2] as const;
    const links = ends.flatMap((from) =>
      ends.flatMap((to) => (from === to ? [] : [choice(from, to)])),
    );
    expect(links).toHaveLength(6);
    for (const one of links) {
      const rate = Number(one?.bitsPerSecond) / 1e6;
      expect(one?.rttMs).toBeGreaterThanOrEqual(rtt[0]);
      expect(one?.rttMs).toBeLessThanOrEqual(rtt[1]);
      expect(rate).toBeGreaterThanOrEqual(mbit[0]);
      expect(rate).toBeLessThanOrEqual(mbit[1]);
    }
    // Two of its LAN were measured alike.
    expect(new Set(links.map((one) => one?.rttMs)).size).toBeGreaterThanOrEqual(5);
  });
});

describe('the traps of network emulation', () => {
  it.each([
    [
      'label drift',
      /Ditto’s text says 0\.4 ms, its script makes 0\.2/,
      /asked beside what was measured/,
    ],
    ['one bucket on lo', /One queue on lo/, /topology shared/],
    ['queueing called latency', /token-bucket filter/, /rate and a round trip/],
    ['netem drops', /1,333 on the way/, /queue of 100,000 packets/],
    ['unit slips', /Gbit\/s and GByte\/s/, /there and back/],
    ['in-process simulators', /inside one process/, /not met/],
    ['idle restart', /rested starts slowly/, /congestion control/],
    ['nothing is kept', /without what the network really did/, /stored with every run, signed/],
  ] as const)('%s is in the help, with what is done here', (_, trap, answer) => {
    const found = traps.filter((entry) => trap.test(entry.trap));
    expect(found).toHaveLength(1);
    expect(found[0]?.answer).toMatch(answer);
  });

  it('are said where a preset has them', () => {
    expect(findLinkProfile('ditto-lan').trap).toMatch(/ping is 0\.2 ms and not 0\.4/);
    for (const name of ['cheetah-lan', 'cheetah-wan-lo', 'emp-lan', 'emp-wan']) {
      expect(findLinkProfile(name).trap).toMatch(/One queue on lo/);
    }
    expect(findLinkProfile('mpcvit-wan').trap).toMatch(/more than 1333 packets/);
    expect(findLinkProfile('lan-1g').trap).toMatch(/Gbit\/s and GByte\/s/);
  });

  it('are avoided: netem’s queue holds what is on the way, and TCP’s settings are kept', () => {
    const script = readFileSync(
      join(import.meta.dirname, '../../server/network/kernel/netem.sh'),
      'utf8',
    );
    const [, limit = '0'] = /^limit=(\d+)$/m.exec(script) ?? [];
    // 10 Gbit/s over 100 ms in frames of 1500 bytes.
    expect(Number(limit)).toBeGreaterThan((10e9 * 0.1) / 8 / 1500);
    if (process.platform === 'linux') {
      expect(tcpFacts()).toMatchObject({
        congestionControl: expect.any(String) as string,
        slowStartAfterIdle: expect.stringMatching(/^[01]$/) as string,
      });
    }
  });
});
