/**
 * Who a host is to other hosts: a key of its own and a certificate that it signed itself. Nobody vouches for
 * it; others know it by its pin, the SHA-256 of its public key, which people carry from host to host.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Identity {
  /** PEM; stays on this host. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
  readonly pin: string;
}

const fileName = 'host.pem';
const yearMs = 366 * 24 * 3600 * 1000;

/** 64 hexadecimal digits. */
export const pinPattern = /^[0-9a-f]{64}$/;

/** SHA-256 of a public key in DER (SPKI). */
export const pinOf = (publicKey: Uint8Array): string =>
  createHash('sha256').update(publicKey).digest('hex');

const pemOf = (label: string, der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

async function makeIdentity(): Promise<string> {
  // The next library asks for it, and nothing else does: so here, and only where a host is new.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Parley host',
    // What counts is the pin; a date far away keeps a clock that is wrong from cutting hosts off.
    notBefore: new Date(now - yearMs),
    notAfter: new Date(now + 100 * yearMs),
    signingAlgorithm: algorithm,
    keys,
  });
  const key = pemOf('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return `${key}${pemOf('CERTIFICATE', certificate.rawData)}`;
}

function parse(pem: string): Identity {
  const at = pem.indexOf('-----BEGIN CERTIFICATE-----');
  if (at <= 0) throw new Error('it has no certificate after its key');
  const certificate = pem.slice(at);
  const { publicKey } = new X509Certificate(certificate);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { key: pem.slice(0, at), certificate, pin: pinOf(der) };
}

/**
 * This host's identity, made at its first use and readable by its owner only.
 * @param folder data folder
 * @throws Error naming the file, where it cannot be read
 */
export async function loadIdentity(folder: string): Promise<Identity> {
  const path = join(folder, 'keys', fileName);
  const read = async (): Promise<string | null> =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
  if ((await read()) === null) {
    await mkdir(join(folder, 'keys'), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, await makeIdentity(), { mode: 0o600 });
    await chmod(draft, 0o600);
    // Of two first starts one wins, and both use that one.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(draft, { force: true });
  }
  try {
    return parse((await read()) ?? '');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the identity of this host cannot be read: ${path}: ${why}`, { cause: error });
  }
}
