/** `parley doctor`: what a run needs, whether it is here, and what to do where it is not. */
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder, sharedFolder } from '../../db/data-folder.ts';
import { findEmbedded } from '../../db/embedded-postgres.ts';
import { postgresPackage } from '../../db/postgres-binaries.ts';
import { loadKernels } from '../../engine/ring/load.ts';
import { kernelEngines } from '../../network/backends.ts';
import { readEnvironment } from '../../runs/environment.ts';
import { listPresets } from '../../runs/presets.ts';
import { loadModel, loadSamples } from '../../zoo/registry.ts';
import { repositoryRoot } from '../../zoo/root.ts';
import { findApp } from '../app-record.ts';
import { exitCodes } from '../exit-codes.ts';
import { checkMachine } from '../start/machine.ts';

interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

interface Named extends Finding {
  readonly name: string;
}

/** Findings as they come, for people; all at once as JSON. */
type Say = (finding: Named) => void;

const sayLine: Say = ({ ok, name, text }) =>
  console.log(`  ${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(12)} ${text}`);

async function check(
  say: Say,
  name: string,
  body: () => Promise<Finding> | Finding,
): Promise<Named> {
  const finding = await Promise.resolve()
    .then(body)
    .catch((error: unknown) => ({
      ok: false,
      text: error instanceof Error ? error.message : String(error),
    }));
  const named = { name, ...finding };
  say(named);
  return named;
}

/** Exit code: 1 where something that a run needs is missing. */
export async function doctorCommand({ json = false }: { json?: boolean } = {}): Promise<number> {
  const say: Say = json ? () => undefined : sayLine;
  const folder = dataFolder();
  const results = [
    await check(say, 'machine', async () => {
      const problems = await checkMachine(folder, true);
      const { cpu, cores, memoryGiB, kernel } = await readEnvironment(null);
      const text = `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${kernel}`;
      return { ok: problems.length === 0, text: [text, ...problems].join(' ') };
    }),
    await check(say, 'node', () => ({ ok: true, text: process.version })),
    await check(say, 'kernels', () => {
      const { backend, instructionSet } = loadKernels();
      const slower = ': slower; install a C++ compiler and run "npm run build:addon"';
      return {
        ok: true,
        text: `${backend}, ${instructionSet}${backend === 'native' ? '' : slower}`,
      };
    }),
    await check(say, 'networks', async () => {
      const probes = await Promise.all(
        kernelEngines.map(async (engine) => ({ engine, result: await engine.probe() })),
      );
      const works = probes.find(({ result }) => result.ok);
      const reasons = probes.flatMap(({ engine, result }) =>
        result.ok ? [] : [`${engine.engine}: ${result.why}`],
      );
      // inline needs nothing, so that a machine without the kernel backend is well.
      const kernel =
        works === undefined
          ? `no kernel backend (${reasons.join('; ')})`
          : `kernel by ${works.engine.engine}`;
      return { ok: true, text: `none, inline, ${kernel}` };
    }),
    await check(say, 'database', async () => {
      if (process.env['DATABASE_URL']) return { ok: true, text: 'DATABASE_URL is set' };
      const running = await findEmbedded(folder);
      return {
        ok: true,
        text: `embedded, ${running ? `port ${running.port}` : `not running; programs in ${postgresPackage()}`}`,
      };
    }),
    await check(say, 'data folder', () => ({ ok: true, text: folder })),
    await check(say, 'shared folder', async () => {
      const shared = sharedFolder();
      if (shared === folder) return { ok: true, text: 'the data folder' };
      await access(shared, constants.R_OK | constants.W_OK);
      return { ok: true, text: shared };
    }),
    await check(say, 'model', async () => {
      const { sha256 } = await loadModel('minilm-2l-imdb');
      return { ok: true, text: `minilm-2l-imdb, weights ${sha256.slice(0, 12)}` };
    }),
    await check(say, 'data set', async () => {
      const samples = await loadSamples('imdb-heldout', 200, sharedFolder());
      return { ok: samples.length === 200, text: `imdb-heldout, ${samples.length} reviews read` };
    }),
    await check(say, 'presets', async () => {
      const presets = await listPresets();
      return { ok: presets.length > 0, text: presets.map(({ id }) => id).join(', ') };
    }),
    await check(say, 'pages', () => {
      const built = existsSync(join(repositoryRoot(), '.next', 'BUILD_ID'));
      return { ok: true, text: built ? 'built' : 'not built yet; npm start does it' };
    }),
    await check(say, 'app', async () => {
      const app = (await findApp(folder, 'all')) ?? (await findApp(folder, 'web'));
      return { ok: true, text: app === undefined ? 'not running' : (app.url ?? 'starting') };
    }),
  ];
  const ok = results.every((finding) => finding.ok);
  if (json) console.log(JSON.stringify({ ok, findings: results }, null, 2));
  return ok ? exitCodes.ok : exitCodes.failed;
}
