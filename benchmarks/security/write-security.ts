/**
 * Writes the part of SECURITY.md between its marks from the threat models:
 *
 *   node benchmarks/security/write-security.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threatModels } from '../../server/engine/protocols/threat-model.ts';
import { threatSections } from '../../server/engine/protocols/threat-text.ts';

const path = join(import.meta.dirname, '..', '..', 'SECURITY.md');
const block = /(<!-- threat:start -->\n)[\s\S]*(<!-- threat:end -->)/;
const text = readFileSync(path, 'utf8');
writeFileSync(
  path,
  text.replace(block, (_, start, end) => `${start}\n${threatSections(threatModels)}\n${end}`),
);
