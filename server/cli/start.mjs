/** `npm start`: checks the machine in the first second, then runs start/main.ts under the right Node. */
import { fileURLToPath } from 'node:url';
import { runUnderNode } from './find-node.mjs';

await runUnderNode(fileURLToPath(new URL('./start/main.ts', import.meta.url)));
