/** `parley demo make|hide|show`: the runs that ship with Parley. */
import { demoSpecs } from '../../demo/demo-specs.ts';
import { demoPath } from '../../demo/demo-file.ts';
import { hideDemo } from '../../demo/hide-demo.ts';
import { makeDemo, priceDemo, type PricedSpec } from '../../demo/make-demo.ts';
import { approximationName } from '../../api/schemas/spec-names.ts';
import { dataFolder } from '../../db/data-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { formatBytes, formatMs, formatTable, sum } from '../format.ts';
import { openSession } from '../session.ts';
import { join } from 'node:path';

export interface DemoOptions {
  readonly priceOnly?: boolean;
  readonly only?: number;
  readonly output?: string;
  readonly json?: boolean;
}

const nameOf = ({ spec }: PricedSpec): string =>
  [
    `${spec.model} at ${spec.sequenceLength} tokens`,
    spec.protocol.variant,
    approximationName(spec.approximations),
    spec.network.name,
    ...(spec.protocol.correlations === undefined ? [] : [spec.protocol.correlations]),
  ].join(', ');

function priceText(priced: readonly PricedSpec[]): string {
  const missing = priced.filter(({ runId }) => runId === null);
  const rows = priced.map((one): [string, string] => [
    nameOf(one),
    one.runId === null ? formatMs(one.wallMs) : `made, run ${one.runId}`,
  ]);
  const total = formatMs(sum(missing.map(({ wallMs }) => wallMs)));
  return `${formatTable(rows)}\n  ${missing.length} of ${priced.length} to be made, about ${total} in all`;
}

/** Exit code 1 where a spec did not come to its end; the file has the others. */
export async function demoMakeCommand(options: DemoOptions): Promise<number> {
  const session = await openSession();
  try {
    const { db } = session.connection;
    const all = demoSpecs();
    const specs = options.only === undefined ? all : all.slice(0, options.only);
    const priced = await priceDemo(db, specs);
    process.stderr.write(`${priceText(priced)}\n`);
    if (options.priceOnly === true) {
      if (options.json === true) {
        console.log(
          JSON.stringify(
            priced.map(({ hash, runId, wallMs, latency, spec }) => ({
              hash,
              runId,
              wallMs,
              latency,
              spec,
            })),
            null,
            2,
          ),
        );
      }
      return exitCodes.ok;
    }
    // A few are a trial: they never take the place of what ships.
    const trial =
      options.only === undefined ? demoPath() : join(dataFolder(), 'demo-trial.json.gz');
    const path = options.output ?? trial;
    await session.ensureWorker((line) => process.stderr.write(`  ${line}\n`));
    const made = await makeDemo({ db, queue: await session.queue() }, priced, {
      path,
      follow: async (id, index) => {
        const name = priced[index] === undefined ? '' : nameOf(priced[index]);
        process.stderr.write(`  ${index + 1} of ${priced.length}: run ${id}, ${name}\n`);
        await follow(session, id, 'cancel');
      },
    });
    if (options.json === true) console.log(JSON.stringify(made, null, 2));
    else console.log(`${made.runs} runs, ${formatBytes(made.bytes)}: ${made.path}`);
    for (const { runId, reason } of made.failed) console.error(`run ${runId}: ${reason}`);
    return made.failed.length === 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    await session.close();
  }
}

export async function demoHideCommand(
  hide: boolean,
  { json = false }: { json?: boolean },
): Promise<number> {
  const session = await openSession();
  try {
    const status = await hideDemo(session.connection.db, hide);
    console.log(
      json
        ? JSON.stringify(status)
        : `${status.runs} shipped runs, ${status.hidden} of them put away`,
    );
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
