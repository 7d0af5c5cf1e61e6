#!/usr/bin/env node
/** `parley ...`: runs the command line under the right Node. */
import { fileURLToPath } from 'node:url';
import { runUnderNode } from './find-node.mjs';

await runUnderNode(fileURLToPath(new URL('./main.ts', import.meta.url)));
