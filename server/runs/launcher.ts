/**
 * Launcher: starts the processes of one run, leads them through it together, and ends every one of
 * them whatever happens: finished, failed, hung or cancelled. It knows no database.
 *
 * Together means: all listen, all are connected, the link is probed while nothing else moves, all go,
 * all finish.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeProbe, type LinkCertificate } from '../network/certificate.ts';
import {
  defaultLimits,
  LaunchError,
  type LaunchLimits,
  type LaunchOptions,
  type LaunchResult,
  type OfflineResult,
  type PartyResult,
  type TeamOptions,
} from './launch-types.ts';
import type { ReportOf, RoleTask, SessionTask } from './messages.ts';
import type { RoleFailure, RoleProcess } from './role-process.ts';
import { Team } from './role-team.ts';
import { roleName } from './roles.ts';

/** How long a role that has finished may take to close its connections. */
const farewellMs = 6000;

/** How much each kind of evidence says about the cause; the highest is believed. */
function weight({ cause, errorKind }: RoleFailure): number {
  if (cause === 'exit') return 4;
  if (cause === 'protocol') return 3;
  if (errorKind === 'channel' || errorKind === 'aborted') return 1;
  return cause === 'timeout' ? 0 : 2;
}

function sentence(failures: readonly RoleFailure[]): string {
  const [worst] = [...failures].sort((a, b) => weight(b) - weight(a));
  if (worst === undefined) return 'The run was stopped.';
  const text = worst.message.replace(/\.$/, '');
  return `${roleName(worst.role)} failed: ${text}.`;
}

/** Tells every role its own task; the secrets of the session are made here and kept nowhere. */
function giveTasks(
  team: Team,
  { session }: TeamOptions,
  owner: LaunchOptions['owner'] | null,
): void {
  const shared: SessionTask = {
    ...session,
    sessionId: new Uint8Array(randomBytes(8)),
    authKey: new Uint8Array(randomBytes(32)),
  };
  for (const process of team.roles) {
    const { role } = process;
    const task: RoleTask =
      role === 'owner' && owner !== null
        ? { ...shared, ...owner, role }
        : typeof role !== 'number'
          ? { ...shared, role: 'dealer' }
          : { ...shared, role: 'party', party: role };
    process.send({ kind: 'task', task });
  }
}

interface Assembled {
  readonly connected: readonly ReportOf<'connected'>[];
  readonly certificate: LinkCertificate;
}

/** Until all are connected and the link is probed. */
async function assemble(
  team: Team,
  options: TeamOptions,
  limits: LaunchLimits,
  owner: LaunchOptions['owner'] | null,
): Promise<Assembled> {
  const { roles, measured: computing } = team;
  giveTasks(team, options, owner);
  const listening = await team.expect(roles, 'listening', limits.startMs);
  const ports = Object.fromEntries(roles.map(({ role }, i) => [role, listening[i]?.port ?? 0]));
  for (const role of roles) role.send({ kind: 'connect', ports });
  const connected = await team.expect(roles, 'connected', limits.startMs);

  await options.onStage({ name: 'linkCheck' });
  for (const role of computing) role.send({ kind: 'probe' });
  const measured = await team.expect(computing, 'measured', limits.probeMs);
  const measurements = measured.flatMap((report) => report.measurements);
  return { connected, certificate: judgeProbe(options.session.link, measurements) };
}

/** Waits until the processes are gone that have finished: before anything else computes. */
async function dismiss(computing: readonly RoleProcess[]): Promise<void> {
  await Promise.race([Promise.all(computing.map(({ gone }) => gone)), sleep(farewellMs)]);
  for (const role of computing) role.kill();
}

function resultsOf(team: Team): Pick<LaunchResult, 'parties' | 'dealer'> {
  const results = [...team.finished.values()];
  const parties = results.filter((result): result is PartyResult => result.role !== 'dealer');
  return {
    parties: parties.sort((a, b) => a.role - b.role),
    dealer: results.find(({ role }) => role === 'dealer') ?? null,
  };
}

async function lead(
  team: Team,
  options: LaunchOptions,
  limits: LaunchLimits,
): Promise<LaunchResult> {
  const { roles, measured: computing, owner } = team;
  const { connected, certificate } = await assemble(team, options, limits, options.owner);
  await options.onStage({ name: 'running', certificate });
  for (const role of roles) role.send({ kind: 'go' });
  const [, [revealed]] = await Promise.all([
    team.expectWhileHeard(computing, 'finished'),
    team.expectWhileHeard(owner, 'revealed'),
  ]);
  await dismiss(computing);

  await options.onStage({ name: 'scoring' });
  for (const role of owner) role.send({ kind: 'score' });
  const [scored] = await team.expectWhileHeard(owner, 'scored');
  const { parties, dealer } = resultsOf(team);
  return {
    parties,
    dealer: options.dealt?.dealer ?? dealer,
    logits: revealed?.logits ?? [],
    setupBytes: revealed?.setupBytes ?? 0,
    samples: scored?.samples ?? [],
    labels: connected.find(({ labels }) => labels !== undefined)?.labels ?? [],
    kernels: connected[0]?.kernels ?? { backend: 'unknown', instructionSet: 'unknown' },
  };
}

/** The offline phase of a whole session: no owner, nothing is revealed. */
async function leadOffline(
  team: Team,
  options: TeamOptions,
  limits: LaunchLimits,
): Promise<OfflineResult> {
  const { certificate } = await assemble(team, options, limits, null);
  await options.onStage({ name: 'running', certificate });
  for (const role of team.roles) role.send({ kind: 'go' });
  await team.expectWhileHeard(team.measured, 'finished');
  await dismiss(team.measured);
  const { dealer } = resultsOf(team);
  if (dealer === null) throw new Error('the dealer left no trace');
  return { dealer, certificate };
}

/**
 * Runs one session from start to scores. No process of it is alive when this settles.
 * @throws LaunchError with a sentence and whatever was learnt until then
 */
export function launch(options: LaunchOptions): Promise<LaunchResult> {
  return withTeam(options, lead);
}

/** Deals for a session to come; `attendance` is `offline`. Throws as `launch` does. */
export function launchOffline(options: TeamOptions): Promise<OfflineResult> {
  return withTeam(options, leadOffline);
}

async function withTeam<O extends TeamOptions, T>(
  options: O,
  body: (team: Team, options: O, limits: LaunchLimits) => Promise<T>,
): Promise<T> {
  const limits = { ...defaultLimits, ...options.limits };
  const team = new Team(options);
  try {
    return await body(team, options, limits);
  } catch (error) {
    await team.end();
    if (options.signal.aborted) throw new LaunchError('The run was stopped.', true, team.partial());
    // What `onStage` threw (a full disk, a lost claim) is the caller's own and goes back as it is.
    if (team.failures.length === 0) throw error;
    throw new LaunchError(sentence(team.failures), false, team.partial());
  } finally {
    await team.end();
    team.dispose();
  }
}
