/** One computation on our engine: a process per role over loopback TCP, nothing shaped. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Peer } from '../../server/engine/channel.ts';
import { peersOf, type Book } from '../../server/engine/cost/measure-program.ts';
import type { CorrelationsId } from '../../server/engine/plan.ts';
import { partiesOf } from '../../server/engine/protocols/registry.ts';
import type { TcpAddresses } from '../../server/network/tcp-channel.ts';
import type { CaseName, Contender } from './cases.ts';
import type { Figures } from './figures.ts';

type ParleyContender = Extract<Contender, { system: 'parley' }>;

export interface RoleTask {
  readonly self: Peer;
  readonly peers: readonly Peer[];
  readonly case: CaseName;
  readonly contender: ParleyContender;
  readonly correlations: CorrelationsId | null;
  readonly repeats: number;
}

export type RoleReport =
  | { readonly port: number }
  | { readonly book: Book | null; readonly laps: readonly number[]; readonly cpuMs: number };

/** The slowest party's milliseconds of each lap; bytes and rounds of one. */
export async function measureParley(
  name: CaseName,
  contender: ParleyContender,
  repeats: number,
): Promise<Figures> {
  const correlations = partiesOf(contender.variant) === 2 ? 'dealer' : null;
  const peers = peersOf({ variant: contender.variant, correlations });
  const addresses: TcpAddresses = {};
  const books: Book[] = [];
  const laps: (readonly number[])[] = [];
  const roles = peers.map((self) => {
    const task: RoleTask = { self, peers, case: name, contender, correlations, repeats };
    return fork(join(import.meta.dirname, 'parley-role.ts'), [JSON.stringify(task)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
  });
  await Promise.all(
    roles.map(
      (role, index) =>
        new Promise<void>((resolve, reject) => {
          const self = peers[index] as Peer;
          role.on('message', (report: RoleReport) => {
            if ('port' in report) {
              addresses[self] = { host: '127.0.0.1', port: report.port };
              const joined = Object.keys(addresses).length === peers.length;
              if (joined) for (const each of roles) each.send(addresses);
            } else if (report.book !== null) {
              books.push(report.book);
              laps.push(report.laps);
            }
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
  const sent = books.map(({ links }) => Object.values(links).reduce((sum, n) => sum + n, 0));
  return {
    ms: Array.from({ length: repeats }, (_, lap) => Math.max(...laps.map((of) => of[lap] ?? 0))),
    bytesSent: Math.max(...sent) / repeats,
    rounds: Math.max(...books.map(({ rounds }) => rounds)) / repeats,
    offlineBytes: Math.max(...books.map(({ dealt }) => dealt)) / repeats,
    error: null,
    version: 'this commit',
  };
}
