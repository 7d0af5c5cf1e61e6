/** The network of a spec: old specs keep their hash, defaults are left out, and every refusal says what to do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  networkFaults,
  networkSchema,
  normaliseNetwork,
  type NetworkSpec,
} from '../../server/api/schemas/network-spec.ts';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { linkProfiles } from '../../server/network/profiles.ts';
import { readCatalog } from '../../server/runs/catalog.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { linkOfSpec } from '../../server/runs/link-of-spec.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

const root = join(import.meta.dirname, '../..');
const inline: NetworkSpec = {
  name: 'lan-1g',
  backend: 'inline',
  bitsPerSecond: 1e9,
  rttMs: 0.5,
  topology: 'pair',
};
const withNetwork = (network: Partial<NetworkSpec>, spec: RunSpec = smallSpec): RunSpec => ({
  ...spec,
  network: { ...inline, ...network },
});

describe('the hash of a spec', () => {
  it('is that of every stored run', () => {
    const folder = join(root, 'benchmarks/results/runs');
    for (const name of readdirSync(folder)) {
      const run = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        spec: RunSpec;
        specHash: string;
      };
      expect(hashSpec(run.spec).hash, name).toBe(run.specHash);
    }
  });

  it('does not change when a default is written out, and does when it is none', () => {
    const { hash } = hashSpec(withNetwork({}));
    expect(hashSpec(withNetwork({ tcp: 'warm', overhead: 1.0456 })).hash).toBe(hash);
    expect(hashSpec(withNetwork({ tcp: 'cubic' })).hash).not.toBe(hash);
    expect(hashSpec(withNetwork({ topology: 'nic' })).hash).not.toBe(hash);
    expect(normaliseNetwork({ ...inline, matrix: {} })).toEqual(inline);
    const kernel: NetworkSpec = { ...inline, backend: 'kernel' };
    expect(normaliseNetwork({ ...kernel, tcp: 'real' })).toEqual(kernel);
    expect(linkOfSpec(kernel).tcp).toBe('real');
  });
});

describe('a network that cannot be had', () => {
  const square = [
    [0, 1e9],
    [1e9, 0],
  ];
  it.each([
    [{ topology: 'shared' }, 'topology', /one queue for all parties/, /backend kernel/],
    [{ tcp: 'real' }, 'tcp', /backend kernel/, /warm or cubic/],
    [{ backend: 'kernel', tcp: 'cubic' }, 'tcp', /cubic is a model/, /inline/],
    [{ backend: 'kernel', overhead: 1.1 }, 'overhead', /1.1 is charged by inline/, /Remove/],
    [{ rttMs: 0.05 }, 'rttMs', /0.05 ms is shorter/, /what-if/],
    [{ backend: 'kernel', rttMs: 0.1 }, 'rttMs', /0.1 ms is shorter/, /inline/],
    [
      { backend: 'kernel', bitsPerSecond: 10e9, rttMs: 80 },
      'rttMs',
      /100000000 bytes on the way, and socket buffers hold 16000000/,
      /lower rate/,
    ],
    [{ backend: 'none', matrix: { rttMs: square } }, 'matrix', /imposes nothing/, /inline/],
    [
      {
        matrix: {
          rttMs: [
            [0, 1, 2],
            [1, 0],
          ],
        },
      },
      'matrix.rttMs.1',
      /row 1 has 2 entries of 2|row 0 has 3 entries of 2/,
      /one row and one column/,
    ],
    [
      {
        matrix: {
          bitsPerSecond: [
            [5, 1e9],
            [1e9, 0],
          ],
        },
      },
      'matrix.bitsPerSecond.0.0',
      /itself/,
      /0/,
    ],
    [
      {
        matrix: {
          bitsPerSecond: [
            [0, 1],
            [1e9, 0],
          ],
        },
      },
      'matrix.bitsPerSecond.0.1',
      /no rate/,
      /10000/,
    ],
  ] as const)('%j is refused at %s', (change, field, message, fix) => {
    const faults = networkFaults({ ...inline, ...(change as unknown as Partial<NetworkSpec>) });
    const path = field.split('.').slice(0, 2).join('.');
    const found = faults.find((fault) => fault.path.join('.').startsWith(path));
    expect(found?.message).toMatch(message);
    expect(found?.fix).toMatch(fix);
  });

  it.each([
    ['bitsPerSecond', 0],
    ['bitsPerSecond', -1e9],
    ['bitsPerSecond', 1e15],
    ['bitsPerSecond', undefined],
    ['rttMs', -1],
    ['rttMs', 1e6],
    ['rttMs', undefined],
    ['topology', 'ring'],
    ['backend', 'replay'],
    ['tcp', 'reno'],
    ['overhead', 0.5],
  ])('%s = %s is refused by name, with what to do', async (field, value) => {
    const network = { ...inline, [field]: value };
    const { issues } = await checkSpec({ ...smallSpec, network });
    expect(issues[0]?.field).toBe(`network.${field}`);
    expect(issues[0]?.fix.length).toBeGreaterThan(5);
  });

  it('names a matrix that has not the roles of the protocol', async () => {
    const matrix = { bitsPerSecond: square };
    const { issues } = await checkSpec(withNetwork({ matrix }));
    expect(issues[0]).toMatchObject({ field: 'network.matrix' });
    expect(issues[0]?.message).toMatch(/has 2 rows, and replicated\/aby3 has 3 roles/);
    const two = await checkSpec(withNetwork({ matrix }, smallAdditiveSpec));
    expect(two.issues).toEqual([]);
  });
});

describe('network presets', () => {
  it('are all in the catalog, with a source, and can be run or say why not', async () => {
    const { networks } = await readCatalog();
    expect(networks.map(({ id }) => id)).toEqual(linkProfiles.map(({ link }) => link.name));
    const refused = networks.flatMap((entry) => {
      const { id, backend, bitsPerSecond, rttMs, topology, matrix } = entry;
      const network = {
        name: id,
        backend,
        bitsPerSecond,
        rttMs,
        topology,
        ...(matrix === undefined ? {} : { matrix }),
      };
      const parsed = runSpecSchema.safeParse({ ...smallSpec, network });
      return parsed.success ? [] : [id];
    });
    // Shorter than any machine holds; their traps say so.
    expect(refused).toEqual(['sigma-lan', 'ccs26-lan']);
    for (const name of refused) {
      expect(networks.find(({ id }) => id === name)?.trap).toMatch(/what-if/);
    }
  });

  it('have the lo convention as a shared queue, and mark what is inferred', () => {
    const profile = linkProfiles.find(({ link }) => link.name === 'cheetah-wan-lo');
    expect(profile?.link.topology).toBe('shared');
    expect(profile?.trap).toMatch(/six times/);
    for (const name of ['mpcvit-wan', 'mpcformer-lan', 'puma-llama-lan']) {
      expect(linkProfiles.find(({ link }) => link.name === name)?.basis).toBe('inferred');
    }
    expect(new Set(linkProfiles.map(({ link }) => link.name)).size).toBe(linkProfiles.length);
  });

  it('keep what is not usual in the schema', () => {
    const nic = { ...inline, topology: 'nic', tcp: 'cubic', overhead: 1.2 } as const;
    expect(networkSchema.parse(nic)).toEqual(nic);
  });
});
