/** The end of a run's link certificate: what was measured before and after it, signed over its traces. */
import { type LateFrames } from '../api/schemas/late-frames.ts';
import { certificateArtifact } from '../api/schemas/artifact-names.ts';
import {
  certificatePredicateType,
  envelopePayloadType,
  preAuthentication,
  statementType,
  type CertificateDocument,
  type CertificateEnvelope,
  type CertificateStatement,
} from '../api/schemas/link-certificate.ts';
import { sharedFolder } from '../db/data-folder.ts';
import type { Database, Prisma } from '../db/client.ts';
import { writeArtifact } from './artifacts.ts';
import type { RoleResult, RunCertificate } from './launch-types.ts';
import { loadSigningKey, type SigningKey } from './signing-key.ts';

/** Frames between parties and dealer in the run itself; the owner's links are not shaped. */
export function lateFramesOf(roles: readonly RoleResult[]): LateFrames {
  const counters = roles.flatMap((role) => role.counters).filter(({ peer }) => peer !== 'owner');
  return {
    frames: counters.reduce((sum, { framesLate }) => sum + framesLate, 0),
    of: counters.reduce((sum, { framesReceived }) => sum + framesReceived, 0),
    worstMs: Math.max(0, ...counters.map(({ worstLateMs }) => worstLateMs)),
  };
}

/** The statement in its envelope, as JSON text. */
export function signStatement(statement: CertificateStatement, key: SigningKey): string {
  const payload = new TextEncoder().encode(JSON.stringify(statement));
  const sig = key.sign(preAuthentication(envelopePayloadType, payload));
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const envelope: CertificateEnvelope = {
    payloadType: envelopePayloadType,
    payload: base64(payload),
    signatures: [{ keyid: key.keyId, sig: base64(sig) }],
  };
  return JSON.stringify(envelope);
}

/**
 * Signs and stores the certificate, as a file of the run and beside its link check. The traces must be
 * stored: the certificate is of them.
 */
export async function certifyRun(
  db: Database,
  runId: string,
  { before, after }: RunCertificate,
  roles: readonly RoleResult[],
): Promise<void> {
  const { specHash, artifacts } = await db.run.findUniqueOrThrow({
    where: { id: runId },
    select: {
      specHash: true,
      artifacts: { where: { name: { startsWith: 'trace-' } }, orderBy: { name: 'asc' } },
    },
  });
  const late = lateFramesOf(roles);
  const document: CertificateDocument = { version: 1, runId, specHash, before, after, late };
  const statement: CertificateStatement = {
    _type: statementType,
    subject: artifacts.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: certificatePredicateType,
    predicate: document,
  };
  const key = loadSigningKey(sharedFolder());
  const envelope = signStatement(statement, key);
  await writeArtifact(db, runId, certificateArtifact, envelope);
  await db.linkCertificate.update({
    where: { runId },
    data: {
      document: document as unknown as Prisma.InputJsonValue,
      envelope,
      publicKey: key.publicKey,
    },
  });
}
