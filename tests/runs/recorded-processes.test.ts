/**
 * A real run, every role a process of its own, each recording what it holds: orders, environment,
 * received frames, drawn randomness. No one of them can work out a weight of the model; two can.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecord, recordFile } from '../../benchmarks/security/recorded-role.ts';
import { attempt, dependenceLimit } from '../../benchmarks/security/reconstruct.ts';
import { Recorder } from '../../benchmarks/security/recorder.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Peer } from '../../server/engine/channel.ts';
import { partyIds } from '../../server/engine/keys.ts';
import { encodeWeight } from '../../server/engine/owner-encoding.ts';
import { partiesOf } from '../../server/engine/protocols/registry.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { launch } from '../../server/runs/launcher.ts';
import { roleFileName } from '../../server/runs/roles.ts';
import { loadModel } from '../../server/zoo/registry.ts';
import { fakeLaunch } from '../support/launch-options.ts';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

const name = 'bert.encoder.layer.0.attention.output.dense.weight';
const recorded = (role: string) =>
  join(import.meta.dirname, '../../benchmarks/security', `recorded-${role}.ts`);

test.each([
  ['three parties', smallSpec],
  ['two parties and a dealer', smallAdditiveSpec],
] as const)('%s', async (_, small) => {
  const spec: RunSpec = { ...small, dataset: { ...small.dataset, samples: 1 } };
  const folder = mkdtempSync(join(tmpdir(), 'parley-recorded-'));
  try {
    const { limits: __, ...options } = await fakeLaunch(
      'good',
      folder,
      new AbortController().signal,
      spec,
    );
    const { plan } = options.session;
    const result = await launch({
      ...options,
      entries: { party: recorded('party'), dealer: recorded('dealer') },
    });
    expect(result.logits).toHaveLength(1);

    const dealt = plan.variant.startsWith('additive');
    const roles: Peer[] = [
      ...partyIds(partiesOf(plan.variant)),
      ...(dealt ? ['dealer' as const] : []),
    ];
    const recorders = new Map<Peer, Recorder>();
    for (const role of roles) {
      const recorder = new Recorder();
      const record = readFileSync(join(folder, roleFileName(role), recordFile));
      recorder.held.push(...readRecord(record));
      recorders.set(role, recorder);
      expect(new Set(recorder.held.map(({ from }) => from))).toEqual(
        new Set(['given', 'received', 'drawn']),
      );
    }
    const { tensors } = await loadModel(spec.model);
    const recipe = { shape: [384, 384], from: [name], transpose: true };
    const secret = encodeWeight(loadKernels(), plan.ring, tensors, recipe);
    const floats = tensors.get(name)?.data;
    if (floats === undefined) throw new Error(`the model has no ${name}`);
    const victim = {
      recorders,
      secrets: new Map([[name, secret.bytes]]),
      floats: new Map([[name, floats]]),
    };
    for (const [index, role] of roles.entries()) {
      const alone = attempt(victim, [role], name, false);
      expect(alone.combination.found, String(role)).toBe('nothing');
      expect(alone.dependence, String(role)).toBeLessThan(dependenceLimit);
      expect(alone.patterns, String(role)).toBe(0);
      for (const other of roles.slice(index + 1)) {
        const both = attempt(victim, [role, other], name, true);
        expect(both.combination.found, `${role} and ${other}`).toBe('all');
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
