/** Entry of the process that finds out which backends work here, and prints it as one line of JSON. */
import { probeBackends } from './backend-states.ts';

console.log(JSON.stringify(await probeBackends()));
