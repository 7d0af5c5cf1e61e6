/** A process of its own: measures this machine and prints the rates as JSON on one line. */
import { loadKernels } from '../../engine/ring/load.ts';
import { measureRates } from './measure-rates.ts';

const startedAtMs = performance.now();
const rates = await measureRates(loadKernels());
console.log(JSON.stringify({ rates, tookMs: performance.now() - startedAtMs }));
