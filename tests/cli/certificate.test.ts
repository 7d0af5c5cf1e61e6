/** `parley certificate verify`: exit codes and words for a good, a changed and a foreign certificate. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  certificatePredicateType,
  statementType,
} from '../../server/api/schemas/link-certificate.ts';
import { keyCommand, verifyCommand } from '../../server/cli/commands/certificate.ts';
import { certify } from '../../server/network/certificate.ts';
import { pairLink } from '../../server/network/link.ts';
import { signStatement } from '../../server/runs/certify-run.ts';
import { loadSigningKey } from '../../server/runs/signing-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-verify-'));
const file = join(folder, 'link-certificate.json');
const traces = join(folder, 'traces');
const trace = '{"version":1,"party":0}';
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  const keep = (line: unknown): void => void printed.push(String(line));
  vi.stubEnv('PARLEY_DATA', folder);
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
  const key = loadSigningKey(folder);
  const rest = { engine: 'inline', foreignCpuShare: null, facts: {}, attempts: 1 } as const;
  const before = certify({ link: pairLink('lan', 1e9, 1), reports: [], ...rest });
  const sha256 = createHash('sha256').update(trace).digest('hex');
  const envelope = signStatement(
    {
      _type: statementType,
      subject: [{ name: 'trace-party-0.json', digest: { sha256 } }],
      predicateType: certificatePredicateType,
      predicate: {
        version: 1,
        runId: 'r_7',
        specHash: 'ab',
        before,
        after: null,
        late: { frames: 0, of: 10, worstMs: 0 },
      },
    },
    key,
  );
  writeFileSync(file, envelope);
  mkdirSync(traces, { recursive: true });
  writeFileSync(join(traces, 'trace-party-0.json'), trace);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('parley certificate', () => {
  it('verifies with the installation’s own key, and the traces with it', async () => {
    expect(await verifyCommand(file, { traces })).toBe(0);
    const text = printed.join('\n');
    expect(text).toContain(`verified: signed with key ${loadSigningKey(folder).keyId}`);
    expect(text).toContain('run r_7, spec ab');
    expect(text).toContain('traces: all as certified');
  });

  it('finds a trace that is another one, or missing', async () => {
    writeFileSync(join(traces, 'trace-party-0.json'), `${trace} `);
    expect(await verifyCommand(file, { traces })).toBe(1);
    expect(printed.join('\n')).toContain('trace-party-0.json is another one than was certified');
    expect(await verifyCommand(file, { traces: join(folder, 'nowhere') })).toBe(1);
  });

  it('refuses a foreign key, and names a file that is not there', async () => {
    const other = mkdtempSync(join(folder, 'other-'));
    const pem = join(other, 'key.pem');
    writeFileSync(pem, loadSigningKey(other).publicKey);
    expect(await verifyCommand(file, { key: pem })).toBe(1);
    expect(printed.join('\n')).toContain('not verified: It is not signed with this key');
    await expect(verifyCommand(join(folder, 'none.json'), {})).rejects.toThrow(
      /the certificate .*none\.json cannot be read/,
    );
  });

  it('prints the public key', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(keyCommand()).toBe(0);
    expect(write).toHaveBeenCalledWith(expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/));
  });
});
