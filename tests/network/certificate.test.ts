/** The certificate of whole networks: what is measured, what fails, and that it cannot be changed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tooManyLate } from '../../server/api/schemas/late-frames.ts';
import {
  certificatePredicateType,
  keyIdOf,
  statementType,
  verifyCertificate,
  type CertificateDocument,
} from '../../server/api/schemas/link-certificate.ts';
import { certify, type LinkCertificate } from '../../server/network/certificate.ts';
import { busyMsOf, foreignShare } from '../../server/network/host-load.ts';
import type { Link } from '../../server/network/link.ts';
import type { ProbeReport } from '../../server/network/probe-network.ts';
import { signStatement } from '../../server/runs/certify-run.ts';
import { loadSigningKey } from '../../server/runs/signing-key.ts';
import { attempt } from './machine-load.ts';
import { cpuMsOf, runParties } from './party-messages.ts';

const lan: Link = {
  name: 'test-lan',
  bitsPerSecond: 200e6,
  rttMs: 5,
  overheadFactor: 1.0456,
  topology: 'pair',
};

/** Far enough that the machine's own hiccups are within the tolerance. */
const wan: Link = { ...lan, bitsPerSecond: 50e6, rttMs: 40 };

interface Probed {
  readonly certificate: LinkCertificate;
  readonly cpuMs: number;
}

async function probe(shape: Link | undefined, asked: Link, ends = 2): Promise<Probed> {
  const peers = ([0, 1, 2] as const).slice(0, ends);
  const messages = await runParties(peers, { shape, probe: asked }, 'network');
  const reports = messages.map((message) => {
    if (message?.result === undefined) throw new Error(message?.error ?? 'a party died');
    // Our own process wrote it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return message.result as ProbeReport;
  });
  const rest = { engine: 'inline', foreignCpuShare: null, facts: {}, attempts: 1 } as const;
  return { certificate: certify({ link: asked, reports, ...rest }), cpuMs: cpuMsOf(messages) };
}

/** Lower bounds hold on any machine. */
function expectNeverFaster({ measured }: LinkCertificate, { rttMs, bitsPerSecond }: Link): void {
  for (const link of measured) {
    expect(link.rttMs.min).toBeGreaterThanOrEqual(rttMs);
    expect(link.bitsPerSecond).toBeLessThanOrEqual(Number(bitsPerSecond) * (1 + 1e-9));
  }
}

describe('the certificate of a network', { timeout: 120_000 }, () => {
  it('has every link, pairs both ways, all to all, the floor; and links are never faster', async () => {
    const nic: Link = { ...lan, topology: 'nic' };
    const { value, busy } = await attempt(
      async () => {
        const probed = await probe(nic, nic, 3);
        expectNeverFaster(probed.certificate, nic);
        return probed;
      },
      ({ certificate: { allToAll } }) => (allToAll?.ratio ?? 9) < 1.15,
      ({ cpuMs }) => cpuMs,
    );
    const { certificate } = value;
    expect(certificate.measured).toHaveLength(6);
    expect(certificate.duplex.map(({ ends }) => ends.join())).toEqual(['0,1', '0,2', '1,2']);
    for (const { ratio } of certificate.duplex) expect(ratio).toBeGreaterThanOrEqual(0.999);
    // One card each: to send to two peers takes twice as long as to one.
    const all = certificate.allToAll;
    expect(all?.ratio).toBeGreaterThanOrEqual(0.999);
    if (!busy) expect(all?.ratio).toBeLessThan(2);
    const aloneMs = ((all?.bytesPerLink ?? 0) * 8 * 1.0456) / 200e3;
    expect(all?.ms).toBeGreaterThan(2 * aloneMs);
    expect(certificate.floor?.rttMs).toBeGreaterThan(0);
    if (!busy) expect(certificate.floor?.rttMs).toBeLessThan(5);
  });

  it('is met on the link that was asked for, and not when nothing is shaped', async () => {
    // Late frames are the machine's, and the certificate says so.
    const unmet = ({ certificate }: Probed) =>
      certificate.reasons.filter((reason) => !reason.startsWith('Late frames'));
    const { value, busy } = await attempt(
      async () => {
        const probed = await probe(wan, wan);
        expectNeverFaster(probed.certificate, wan);
        return probed;
      },
      (probed) => unmet(probed).length === 0,
      ({ cpuMs }) => cpuMs,
    );
    // A busy machine may miss an upper bound; then that is what is not met, by name.
    if (!busy) expect(unmet(value)).toEqual([]);
    for (const reason of unmet(value)) expect(reason).toMatch(/^(RTT|Rate) party [01] to party/);
    const { certificate: nothing } = await probe(undefined, lan);
    expect(nothing.verdict).toBe('not met');
    expect(nothing.reasons.join(' ')).toMatch(/RTT party 0 to party 1: asked 5\.0\d ms/);
    expect(nothing.reasons.join(' ')).toMatch(/Rate party 1 to party 0: asked 200 Mbit/);
  });

  it('fails when all cores burn', async () => {
    const fast: Link = { ...lan, bitsPerSecond: 5e9, rttMs: 0.3 };
    const burners = Array.from({ length: 2 * availableParallelism() }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    try {
      const { certificate } = await probe(fast, fast);
      expect(certificate.verdict).toBe('not met');
      expect(certificate.late.frames).toBeGreaterThan(0);
    } finally {
      for (const burner of burners) burner.kill('SIGKILL');
    }
  });
});

describe('what else the machine does', () => {
  it('is read from /proc/stat, less our own', () => {
    const stat = (busy: number) => `cpu  ${busy} 0 100 5000 10 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1\n`;
    expect(busyMsOf(stat(400))).toBe(5000);
    expect(busyMsOf(null)).toBeNull();
    expect(busyMsOf('cpu  1 x\n')).toBeNull();
    const cores = availableParallelism();
    const from = { atMs: 0, busyMs: 1000 };
    const to = { atMs: 1000, busyMs: 1000 + 800 * cores };
    expect(foreignShare(from, to, 300 * cores)).toBeCloseTo(0.5, 9);
    expect(foreignShare(from, to, 1e6)).toBe(0);
    expect(foreignShare({ ...from, busyMs: null }, to, 0)).toBeNull();
  });

  it('makes a run say so beyond 0.5 % late frames', () => {
    expect(tooManyLate({ frames: 5, of: 1000, worstMs: 1 })).toBe(false);
    expect(tooManyLate({ frames: 6, of: 1000, worstMs: 1 })).toBe(true);
    expect(tooManyLate({ frames: 0, of: 0, worstMs: 0 })).toBe(false);
  });
});

describe('a signed certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-key-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const key = loadSigningKey(folder);
  const rest = { engine: 'inline', foreignCpuShare: null, facts: {}, attempts: 1 } as const;
  const before = certify({ link: lan, reports: [], ...rest });
  const late = { frames: 1, of: 1000, worstMs: 0.3 };
  const predicate: CertificateDocument = {
    version: 1,
    runId: 'r_1',
    specHash: 'ab',
    before,
    after: null,
    late,
  };
  const signed = signStatement(
    {
      _type: statementType,
      subject: [{ name: 'trace-party-0.json', digest: { sha256: 'a'.repeat(64) } }],
      predicateType: certificatePredicateType,
      predicate,
    },
    key,
  );

  it('is verified with the public key, and says of which traces it is', async () => {
    const result = await verifyCertificate(signed, key.publicKey);
    if (!result.ok) throw new Error(result.why);
    expect(result.keyId).toBe(key.keyId);
    expect(await keyIdOf(key.publicKey)).toBe(key.keyId);
    expect(result.statement.subject[0]?.digest.sha256).toBe('a'.repeat(64));
    expect(result.statement.predicate.late).toEqual(late);
  });

  it('is refused when a single byte of it differs, with another key, or when it is none', async () => {
    const why = async (text: string, pem: string) => {
      const result = await verifyCertificate(text, pem);
      return result.ok ? 'ok' : result.why;
    };
    const envelope = JSON.parse(signed) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64')
      .toString()
      .replace('"worstMs":0.3', '"worstMs":0.1');
    const changed = { ...envelope, payload: Buffer.from(payload).toString('base64') };
    expect(await why(JSON.stringify(changed), key.publicKey)).toMatch(/was changed after/);
    const other = mkdtempSync(join(folder, 'other-'));
    expect(await why(signed, loadSigningKey(other).publicKey)).toMatch(/not signed with this key/);
    expect(await why('{}', key.publicKey)).toMatch(/no signed link certificate/);
    expect(await why('not json', key.publicKey)).toMatch(/no signed link certificate/);
    expect(await why(signed, 'no key')).toMatch(/no Ed25519 key/);
  });

  it('is signed with one key per installation, which only its owner can read', () => {
    expect(loadSigningKey(folder).keyId).toBe(key.keyId);
    expect(readdirSync(join(folder, 'keys')).toSorted()).toEqual([
      'certificate-ed25519.pem',
      'certificate-ed25519.pub.pem',
    ]);
    expect(statSync(join(folder, 'keys', 'certificate-ed25519.pem')).mode & 0o777).toBe(0o600);
  });
});
