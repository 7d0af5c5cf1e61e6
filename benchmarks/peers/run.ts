/**
 * Our engine beside CrypTen and SPU on this machine: the same computation, all parties here, loopback
 * TCP, one thread a party. Contenders of a case take turns, so that a noisy neighbour disturbs all alike.
 *
 *   npm run bench:peers [-- --laps 5] [--turns 3] [case ...]     writes benchmarks/results/peers.json
 *
 * The first lap of every process is left out (compilation, first touch). README.md says what is counted.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { caseNames, caseTitles, contendersOf, type CaseName, type Contender } from './cases.ts';
import { cryptenEnvironment, spuEnvironment, type Environment } from './environments.ts';
import { median, type Figures } from './figures.ts';
import { measureParley } from './parley.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    laps: { type: 'string', default: '4' },
    turns: { type: 'string', default: '3' },
  },
});
const count = (field: 'laps' | 'turns', least: number): number => {
  const number = Number(values[field]);
  if (Number.isInteger(number) && number >= least) return number;
  console.error(`--${field}: ${values[field]} is not a whole number of at least ${least}`);
  process.exit(2);
};
const laps = count('laps', 2);
const turns = count('turns', 1);
const unknown = positionals.filter((name) => !(caseNames as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`case: ${unknown.join(', ')} is not known; known: ${caseNames.join(', ')}`);
  process.exit(2);
}
const asked = positionals.length > 0 ? (positionals as CaseName[]) : caseNames;
const environments: Record<'spu' | 'crypten', Environment> = {
  spu: spuEnvironment(),
  crypten: cryptenEnvironment(),
};
for (const environment of Object.values(environments)) {
  if ('missing' in environment) console.log(`left out: ${environment.missing}`);
}

const nameOf = (contender: Contender): string => {
  if (contender.system === 'parley') return `parley ${contender.variant}`;
  return contender.system === 'spu' ? `spu ${contender.protocol}` : 'crypten';
};

/** Null where the peer is not here. @throws Error with the last line that a peer said */
async function measure(name: CaseName, contender: Contender): Promise<Figures | null> {
  if (contender.system === 'parley') return await measureParley(name, contender, laps);
  const environment = environments[contender.system];
  if ('missing' in environment) return null;
  const script = join(import.meta.dirname, `${contender.system}_peer.py`);
  const choices = contender.system === 'spu' ? [contender.protocol] : [];
  const { status, stdout, stderr } = spawnSync(
    environment.python,
    [script, name, ...choices, String(laps)],
    { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' } },
  );
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (status === 0 && last.startsWith('{')) return JSON.parse(last) as Figures;
  throw new Error(`${nameOf(contender)}, ${name}: ${stderr.trim().split('\n').at(-1) ?? status}`);
}

interface Row {
  readonly case: CaseName;
  readonly contender: string;
  readonly formulas: string;
  readonly remark: string;
  readonly ms: number;
  readonly laps: number;
  readonly bytesSent: number;
  readonly rounds: number;
  readonly offlineBytes: number | null;
  readonly error: number | null;
  readonly version: string;
}

const rows: Row[] = [];
for (const name of asked) {
  console.log(`\n${caseTitles[name]}`);
  const contenders = contendersOf(name);
  const measured = new Map<Contender, Figures[]>();
  for (let turn = 0; turn < turns; turn++) {
    for (const contender of contenders) {
      const figures = await measure(name, contender);
      if (figures === null) continue;
      measured.set(contender, [...(measured.get(contender) ?? []), figures]);
    }
  }
  for (const [contender, all] of measured) {
    const [first] = all;
    if (first === undefined) continue;
    const timed = all.flatMap(({ ms }) => ms.slice(1));
    rows.push({
      case: name,
      contender: nameOf(contender),
      formulas: contender.system === 'parley' ? contender.formulas : '',
      remark: contender.remark,
      ms: median(timed),
      laps: timed.length,
      bytesSent: first.bytesSent,
      rounds: first.rounds,
      offlineBytes: first.offlineBytes,
      error: first.error,
      version: first.version,
    });
  }
  printCase(rows.filter((row) => row.case === name));
}

/** Each row's time beside the two questions: faithful variant to its origin, fast one to the best peer. */
function printCase(of: readonly Row[]): void {
  const timeOf = (contender: string): number | undefined =>
    of.find((row) => row.contender === contender)?.ms;
  const origins: Readonly<Record<string, string>> = {
    'parley additive/crypten': 'crypten',
    'parley additive/semi2k': 'spu semi2k',
    'parley replicated/aby3': 'spu aby3',
  };
  const best = Math.min(
    ...of.filter((row) => !row.contender.startsWith('parley')).map(({ ms }) => ms),
  );
  for (const row of of) {
    const origin = timeOf(origins[row.contender] ?? '');
    const ratios = [
      origin === undefined ? '' : `${(origin / row.ms).toFixed(1)} x its origin`,
      row.contender.endsWith('/fast') && Number.isFinite(best)
        ? `${(best / row.ms).toFixed(1)} x the best peer`
        : '',
    ].filter((text) => text !== '');
    console.log(
      [
        row.contender.padEnd(24),
        `${row.ms.toFixed(0).padStart(7)} ms (n = ${row.laps})`,
        `${(row.bytesSent / 1e6).toFixed(2).padStart(8)} MB sent`,
        `${String(Math.round(row.rounds)).padStart(5)} rounds`,
        row.error === null ? '' : `error ${row.error.toPrecision(2)}`,
        ratios.join(', '),
      ].join('  '),
    );
  }
}

const file = join(import.meta.dirname, '../results/peers.json');
if (asked.length === caseNames.length) {
  const environment = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    loadAverage: loadavg(),
    at: new Date().toISOString(),
    turns,
    lapsEach: laps - 1,
  };
  writeFileSync(file, `${JSON.stringify({ environment, rows }, null, 1)}\n`);
  console.log(`\nwritten: benchmarks/results/peers.json`);
}
