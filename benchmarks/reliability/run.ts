/**
 * `npm run test:faults`: what is not tested by any one test because it needs a whole installation and chance.
 *
 *   npm run test:faults                       # 10 kills, 10^5 frames, a slope over 3 minutes
 *   npm run test:faults -- --full             # 100 kills, 10^6 frames, an hour with a plot, and load: 100,000
 *                                             # stored runs, 1,000 queued, 200 followers and a browser
 *   npm run test:faults -- --only kills --kills 12 --seed 3
 *
 * Exits with 1 where anything acknowledged was lost, hung or looked whole and was not, where a frame was
 * handed on that nobody sent, or where memory grows.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzzFrames } from './frames.ts';
import { runKills } from './kills.ts';
import { runLoad } from './load.ts';
import { runSoak } from './soak.ts';

const parts = ['kills', 'frames', 'soak', 'load'] as const;
const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    kills: { type: 'string' },
    frames: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

/** @throws Error naming the option, its value and what it takes */
function numberOf(name: 'kills' | 'frames' | 'minutes' | 'seed', standard: number): number {
  const text = values[name];
  if (text === undefined) return standard;
  const number = Number(text);
  if (Number.isFinite(number) && number > 0 && (name === 'minutes' || Number.isInteger(number))) {
    return number;
  }
  throw new Error(`--${name} is "${text}": give a whole number of at least 1.`);
}

function runFrames(count: number, seed: number): boolean {
  const { frames, streams, refused, cutShort, wrongs } = fuzzFrames(count, seed);
  console.log(
    `${frames} frames in ${streams} streams, seed ${seed}: ${refused} streams refused, ${cutShort} ended between two frames, ${wrongs.length} wrong`,
  );
  for (const wrong of wrongs) console.log(`  ${wrong}`);
  return wrongs.length === 0;
}

async function main(): Promise<boolean> {
  const { full, only } = values;
  if (only !== undefined && !parts.some((part) => part === only)) {
    throw new Error(`--only is "${only}": use ${parts.join(', ')}.`);
  }
  const seed = numberOf('seed', 1);
  const work: Readonly<Record<(typeof parts)[number], () => Promise<boolean>>> = {
    kills: () => runKills(numberOf('kills', full ? 100 : 10), seed),
    frames: async () => runFrames(numberOf('frames', full ? 1e6 : 1e5), seed),
    soak: () =>
      runSoak(
        numberOf('minutes', full ? 60 : 3),
        full ? join(import.meta.dirname, 'soak.svg') : undefined,
      ),
    load: () => runLoad({ stored: full ? 1e5 : 1e4, queued: full ? 1000 : 100, followers: 200 }),
  };
  let ok = true;
  // Load is for a quiet machine: by name, or with everything.
  const wanted = parts.filter((name) =>
    only === undefined ? full || name !== 'load' : name === only,
  );
  for (const part of wanted) {
    console.log(`\n== ${part}`);
    ok = (await work[part]()) && ok;
  }
  return ok;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
