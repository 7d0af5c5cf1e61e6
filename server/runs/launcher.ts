/**
 * Launcher: starts the processes of one run, leads them through it together, and ends every one of
 * them whatever happens: finished, failed, hung or cancelled. It knows no database.
 *
 * Together means: all listen, all are connected, the link is probed while nothing else moves, all go,
 * all finish.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningNet } from '../network/backend.ts';
import { openBackend } from '../network/backends.ts';
import { certify, type LinkCertificate } from '../network/certificate.ts';
import { foreignShare, markLoad, tcpFacts } from '../network/host-load.ts';
import { isUnshaped, linkChoiceOf } from '../network/link.ts';
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
import type { RoleFailure, TeamRole } from './role-process.ts';
import { Team } from './role-team.ts';
import { roleName, rolesOf } from './roles.ts';

/** How long a role that has finished may take to close its connections. */
const farewellMs = 6000;
/** How often the link is probed until it is as asked. */
const mostProbes = 3;

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
  { session, hosts }: TeamOptions,
  owner: LaunchOptions['owner'] | null,
): void {
  const shared: SessionTask = {
    ...session,
    ...(hosts === undefined ? {} : { apart: true }),
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
  net: RunningNet,
  limits: LaunchLimits,
  owner: LaunchOptions['owner'] | null,
): Promise<Assembled> {
  const { roles } = team;
  giveTasks(team, options, owner);
  const listening = await team.expect(roles, 'listening', limits.startMs);
  const ports = Object.fromEntries(roles.map(({ role }, i) => [role, listening[i]?.port ?? 0]));
  for (const role of roles) {
    const own = (await options.hosts?.portsFor(role.role, ports)) ?? ports;
    role.send({ kind: 'connect', ports: own });
  }
  const connected = await team.expect(roles, 'connected', limits.startMs);

  await options.onStage({ name: 'linkCheck' });
  const certificate = await probeTeam(team, options, net, limits);
  return { connected, certificate };
}

/** The link check; a busy moment of the machine is given another chance. */
async function probeTeam(
  team: Team,
  { session, hosts }: TeamOptions,
  net: RunningNet,
  limits: LaunchLimits,
): Promise<LinkCertificate> {
  const { link, matrix } = session;
  const computing = team.measured;
  const placed = hosts === undefined ? {} : { ...hosts.facts, ...hosts.clockFacts };
  const facts = { ...(net.hosts === undefined ? tcpFacts() : {}), ...net.facts, ...placed };
  for (let attempts = 1; ; attempts += 1) {
    const before = markLoad();
    const cpuBefore = process.cpuUsage();
    const netBeforeMs = net.cpuMs();
    for (const role of computing) role.send({ kind: 'probe' });
    const measured = await team.expect(computing, 'measured', limits.probeMs);
    const reports = measured.map(({ probe }) => probe);
    const { user, system } = process.cpuUsage(cpuBefore);
    const rolesMs = reports.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
    const ownMs = (user + system) / 1000 + rolesMs + net.cpuMs() - netBeforeMs;
    const foreignCpuShare = foreignShare(before, markLoad(), ownMs);
    const { engine } = net;
    const asked = { link, matrix, engine, reports, foreignCpuShare, facts, attempts };
    const certificate = certify(asked);
    if (certificate.verdict === 'met' || attempts === mostProbes) return certificate;
  }
}

/** The links after the run, from what the roles measured last; null where one of them could not. */
function certificateAfter(
  team: Team,
  { session: { link, matrix } }: TeamOptions,
  { engine, facts }: RunningNet,
): LinkCertificate | null {
  const reports = team.measured.flatMap(({ role }) => team.probes.get(role) ?? []);
  if (reports.length < team.measured.length) return null;
  return certify({ link, matrix, engine, reports, foreignCpuShare: null, facts, attempts: 1 });
}

/** Waits until the processes are gone that have finished: before anything else computes. */
async function dismiss(computing: readonly TeamRole[]): Promise<void> {
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
  net: RunningNet,
  limits: LaunchLimits,
): Promise<LaunchResult> {
  const { roles, measured: computing, owner } = team;
  const { connected, certificate } = await assemble(team, options, net, limits, options.owner);
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
    certificate: { before: certificate, after: certificateAfter(team, options, net) },
    logits: revealed?.logits ?? [],
    setupBytes: revealed?.setupBytes ?? 0,
    samples: scored?.samples ?? [],
    placeErrors: scored?.placeErrors ?? [],
    labels: connected.find(({ labels }) => labels !== undefined)?.labels ?? [],
    kernels: connected[0]?.kernels ?? { backend: 'unknown', instructionSet: 'unknown' },
  };
}

/** The offline phase of a whole session: no owner, nothing is revealed. */
async function leadOffline(
  team: Team,
  options: TeamOptions,
  net: RunningNet,
  limits: LaunchLimits,
): Promise<OfflineResult> {
  const { certificate } = await assemble(team, options, net, limits, null);
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
  body: (team: Team, options: O, net: RunningNet, limits: LaunchLimits) => Promise<T>,
): Promise<T> {
  const limits = { ...defaultLimits, ...options.limits };
  const net = await startNet(options);
  try {
    return await withNet(options, net, limits, body);
  } finally {
    await net.stop();
  }
}

/** The network that the roles are started in. Throws EngineError when it cannot be made. */
async function startNet({ session }: TeamOptions): Promise<RunningNet> {
  const { link, matrix, plan, attendance, imposedBy } = session;
  const backend = await openBackend(imposedBy ?? (isUnshaped(link) ? 'none' : 'inline'));
  const roles = rolesOf(plan, attendance);
  return backend.start({ roles, link: linkChoiceOf(link, matrix), topology: link.topology });
}

async function withNet<O extends TeamOptions, T>(
  given: O,
  net: RunningNet,
  limits: LaunchLimits,
  body: (team: Team, options: O, net: RunningNet, limits: LaunchLimits) => Promise<T>,
): Promise<T> {
  const { hosts } = net;
  const session = { ...given.session, ...(hosts === undefined ? {} : { hosts }) };
  const options = { ...given, session };
  const team = new Team(options, net);
  try {
    return await body(team, options, net, limits);
  } catch (error) {
    await team.end();
    if (options.signal.aborted) throw new LaunchError('The run was stopped.', true, team.partial());
    // What `onStage` threw (a full disk, a lost claim) is the caller's own and goes back as it is.
    if (team.failures.length === 0) throw error;
    throw new LaunchError(sentence(team.failures), false, team.partial());
  } finally {
    await team.end();
    team.dispose();
    options.hosts?.close();
  }
}
