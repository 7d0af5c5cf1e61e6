/** The measured rates of this kind of machine, in the database. */
import { randomUUID } from 'node:crypto';
import type { CalibrationRates } from '../../api/schemas/latency.ts';
import type { Database } from '../../db/client.ts';
import { readEnvironment } from '../environment.ts';
import { ratesSchema, type Rates } from './rates.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * What makes two machines alike, as far as a run's environment says. Not the kernels: the web process
 * does not load them.
 */
export const machineKeys = ['cpu', 'cores', 'architecture'] as const;

export const machineName = (environment: Environment): string => {
  const [cpu, cores, architecture] = machineKeys.map((key) => environment[key] ?? 'unknown');
  return `${cpu}, ${cores} cores, ${architecture}`;
};

let own: Promise<Environment> | undefined;
/** This process's machine; read once, since it asks git. */
export function ownEnvironment(): Promise<Environment> {
  own ??= readEnvironment(null);
  return own;
}

export interface StoredRates extends CalibrationRates {
  readonly id: string;
  readonly rates: Rates;
}

/** The newest rates of this kind of machine, of any commit; null where none were measured. */
export async function readRates(db: Database): Promise<StoredRates | null> {
  const machine = machineName(await ownEnvironment());
  const row = await db.calibration.findFirst({ where: { machine }, orderBy: { takenAt: 'desc' } });
  const rates = ratesSchema.safeParse(row?.rates);
  if (row === null || !rates.success) return null;
  const { id, commit, tookMs, takenAt } = row;
  return { id, machine, commit, tookMs, takenAt: takenAt.toISOString(), rates: rates.data };
}

/** Whether rates were measured with this very engine on this kind of machine. */
export async function hasCurrentRates(db: Database): Promise<boolean> {
  const { commit = 'unknown' } = await ownEnvironment();
  const rates = await readRates(db);
  return rates !== null && rates.commit === commit;
}

export async function storeRates(db: Database, rates: Rates, tookMs: number): Promise<void> {
  const environment = await ownEnvironment();
  const machine = machineName(environment);
  const { commit = 'unknown' } = environment;
  await db.calibration.create({ data: { id: randomUUID(), machine, commit, rates, tookMs } });
}
