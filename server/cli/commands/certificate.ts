/**
 * `parley certificate verify FILE`: checks the signature of a link certificate, and with `--traces` that
 * it is of those traces. `parley certificate key`: prints this installation's public key.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  verifyCertificate,
  type CertificateStatement,
  type ProbeView,
} from '../../api/schemas/link-certificate.ts';
import { formatBitRate, formatDuration } from '../../api/schemas/format.ts';
import { sharedFolder } from '../../db/data-folder.ts';
import { loadSigningKey } from '../../runs/signing-key.ts';

interface VerifyOptions {
  /** PEM file of the public key; absent = this installation's own. */
  readonly key?: string;
  /** Folder with the trace files, as they were downloaded. */
  readonly traces?: string;
  readonly json?: boolean;
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(`${what} ${file} cannot be read: ${why}`), { name: 'RunError' });
  }
}

function probeLines(title: string, { measured, verdict, reasons, engine }: ProbeView): string[] {
  return [
    `${title}: ${verdict} (${engine})`,
    ...measured.map(
      ({ from, to, rttMs, bitsPerSecond }) =>
        `  ${from} > ${to}  RTT ${formatDuration(rttMs.p50)} (n = ${rttMs.n}), ${formatBitRate(bitsPerSecond)}`,
    ),
    ...reasons.map((reason) => `  ${reason}`),
  ];
}

/** Names of traces that are missing or another than the one that was certified. */
async function wrongTraces(
  { subject }: CertificateStatement,
  folder: string,
): Promise<readonly string[]> {
  const judged = await Promise.all(
    subject.map(async ({ name, digest }) => {
      const bytes = await readFile(join(folder, name)).catch(() => null);
      if (bytes === null) return `${name} is not in ${folder}`;
      const hash = createHash('sha256').update(bytes).digest('hex');
      return hash === digest.sha256 ? '' : `${name} is another one than was certified`;
    }),
  );
  return judged.filter((fault) => fault !== '');
}

/** Returns the exit code: 0 = the signature holds, and so do the traces where they were asked for. */
export async function verifyCommand(
  file: string,
  { key, traces, json = false }: VerifyOptions,
): Promise<number> {
  const publicKey =
    key === undefined
      ? loadSigningKey(sharedFolder()).publicKey
      : await readText(key, 'the public key');
  const result = await verifyCertificate(await readText(file, 'the certificate'), publicKey);
  if (!result.ok) {
    if (json) console.log(JSON.stringify({ verified: false, why: result.why }, null, 2));
    else console.error(`not verified: ${result.why}`);
    return 1;
  }
  const { statement, keyId } = result;
  const { runId, specHash, before, after, late } = statement.predicate;
  if (json) {
    const wrong = traces === undefined ? null : await wrongTraces(statement, traces);
    console.log(JSON.stringify({ verified: true, keyId, statement, wrongTraces: wrong }, null, 2));
    return wrong === null || wrong.length === 0 ? 0 : 1;
  }
  console.log(`verified: signed with key ${keyId}`);
  console.log(`run ${runId}, spec ${specHash}`);
  for (const { name, digest } of statement.subject) console.log(`  ${digest.sha256}  ${name}`);
  for (const line of probeLines('before', before)) console.log(line);
  if (after !== null) for (const line of probeLines('after', after)) console.log(line);
  console.log(`late frames of the run: ${late.frames} of ${late.of}`);
  if (traces === undefined) return 0;
  const wrong = await wrongTraces(statement, traces);
  for (const fault of wrong) console.error(`trace: ${fault}`);
  if (wrong.length === 0) console.log('traces: all as certified');
  return wrong.length === 0 ? 0 : 1;
}

/** Prints the PEM of the public key. */
export function keyCommand({ json = false }: { json?: boolean } = {}): number {
  const { publicKey } = loadSigningKey(sharedFolder());
  process.stdout.write(json ? `${JSON.stringify({ publicKey }, null, 2)}\n` : publicKey);
  return 0;
}
