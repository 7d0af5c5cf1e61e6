/**
 * Predicted beside measured peak memory: every role in a process of its own over TCP, random weights,
 * no emulated link, four inferences. Takes some minutes and 8 GB.
 *
 *   node benchmarks/memory/run.ts [case ...]
 *
 * Bound: 15 % or 100 MB, whichever is more. Exits with 1 when a party is outside.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Peer } from '../../server/engine/channel.ts';
import { correlationsOf, partiesOf, predictMemory } from '../../server/engine/execute.ts';
import type { ModelConfig } from '../../server/engine/models/config.ts';
import type { Plan, VariantId } from '../../server/engine/plan.ts';
import type { TcpAddresses } from '../../server/network/tcp-channel.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { shapeModel } from '../../server/zoo/shape-models.ts';
import type { RoleReport, RoleSettings } from './role.ts';

const planOf = (variant: VariantId, model: ModelConfig, length: number): Plan => ({
  variant,
  ring: { bits: 64, fractionBits: 18 },
  model,
  approximations: { gelu: 'puma', softmax: 'puma' },
  length,
});

const minilm = await modelConfigOf('minilm-2l-imdb');
const vit = shapeModel('vit_7_4_32').config;
const cases: Readonly<Record<string, Plan>> = {
  'minilm-2l, 64 tokens, aby3': planOf('replicated/aby3', minilm, 64),
  'minilm-2l, 64 tokens, additive/fast': planOf('additive/fast', minilm, 64),
  'vit_7_4_32, aby3': planOf('replicated/aby3', vit, 65),
  'vit_7_4_32, semi2k': planOf('additive/semi2k', vit, 65),
  'bert-base, 16 tokens, aby3': planOf('replicated/aby3', shapeModel('bert-base').config, 16),
};

/** Peak resident bytes by role. */
async function measure(plan: Plan): Promise<Map<Peer, number>> {
  const parties = Array.from({ length: partiesOf(plan.variant) }, (_, id) => id as Peer);
  const dealer: Peer[] = correlationsOf(plan) === 'dealer' ? ['dealer'] : [];
  const peers: Peer[] = [...parties, 'owner', ...dealer];
  const addresses: TcpAddresses = {};
  const peaks = new Map<Peer, number>();
  const roles = peers.map((self) => {
    const settings: RoleSettings = { self, peers, plan, batchSizes: [1, 1, 1, 1] };
    return fork(join(import.meta.dirname, 'role.ts'), [JSON.stringify(settings)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
  });
  await Promise.all(
    roles.map(
      (role, index) =>
        new Promise<void>((resolve, reject) => {
          const self = peers[index] as Peer;
          role.on('message', (report: RoleReport) => {
            if ('peakRssBytes' in report) peaks.set(self, report.peakRssBytes);
            else addresses[self] = { host: '127.0.0.1', port: report.port };
            const joined = Object.keys(addresses).length === peers.length;
            if ('port' in report && joined) for (const each of roles) each.send(addresses);
          });
          role.on('exit', (code) =>
            code === 0 ? resolve() : reject(new Error(`${self} ended with ${code}`)),
          );
        }),
    ),
  ).catch((error: unknown) => {
    for (const role of roles) role.kill();
    throw error;
  });
  return peaks;
}

const asked = process.argv.slice(2);
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
const rows = [];
for (const [name, plan] of Object.entries(cases)) {
  if (asked.length > 0 && !asked.some((part) => name.includes(part))) continue;
  const { peakBytes, weightBytes, workingBytes } = await predictMemory(plan, 1);
  for (const [role, measured] of await measure(plan)) {
    if (typeof role !== 'number') continue;
    const miss = measured - peakBytes;
    rows.push({
      case: name,
      party: role,
      'weights MB': megabytes(weightBytes),
      'working MB': megabytes(workingBytes),
      'predicted MB': megabytes(peakBytes),
      'measured MB': megabytes(measured),
      'off MB': megabytes(miss),
      within: Math.abs(miss) <= Math.max(100e6, 0.15 * measured),
    });
  }
}
console.table(rows);
process.exitCode = rows.every(({ within }) => within) ? 0 : 1;
