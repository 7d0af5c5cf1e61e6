/** `npm test`, whatever Node calls it: the tests themselves run under ours. */
import { fileURLToPath } from 'node:url';
import { runUnderNode } from '../server/cli/find-node.mjs';

await runUnderNode(fileURLToPath(new URL('run-all.ts', import.meta.url)));
