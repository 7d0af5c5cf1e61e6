/** A stored link certificate as the page shows it. Reads only. */
import type { SignedCertificate } from '../api/schemas/link-certificate.ts';
import type { Database } from '../db/client.ts';
import { RunError } from './errors.ts';

/** @throws RunError 'notFound' without such a run, or without a signed certificate */
export async function readCertificate(db: Database, runId: string): Promise<SignedCertificate> {
  const row = await db.linkCertificate.findUnique({
    where: { runId },
    select: { document: true, envelope: true, publicKey: true },
  });
  if (row === null || row.document === null || row.envelope === null || row.publicKey === null) {
    const why = 'it is signed when the run has ended, and runs of earlier versions have none';
    throw new RunError('notFound', `run ${runId} has no link certificate: ${why}.`);
  }
  const document = row.document as unknown as SignedCertificate['document'];
  return { document, envelope: row.envelope, publicKey: row.publicKey };
}
