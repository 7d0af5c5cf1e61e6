/**
 * A run's link certificate: what it says, how it is signed, and how anybody checks it, in a browser or
 * in Node. Browser-safe.
 *
 * Signed is an in-toto Statement v1 whose subjects are the run's traces (name and SHA-256), so that the
 * certificate is of that run and no other; the envelope is DSSE v1, the signature Ed25519.
 */
import { z } from 'zod';
import type { LateFrames } from './late-frames.ts';

export const envelopePayloadType = 'application/vnd.in-toto+json';
export const statementType = 'https://in-toto.io/Statement/v1';
export const certificatePredicateType = 'urn:parley:link-certificate:1';

export interface RttView {
  readonly n: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
}

export interface ExchangeView {
  readonly ends: readonly (number | 'dealer')[];
  readonly bytesPerLink: number;
  readonly ms: number;
  /** What the link model says; 0 where nothing is shaped. */
  readonly idealMs: number;
  readonly ratio: number | null;
}

/** One probe of all links: before or after the run. */
export interface ProbeView {
  readonly engine: 'inline' | 'netem' | 'switch' | 'none';
  readonly requested: {
    readonly name: string;
    readonly bitsPerSecond: number | 'unlimited';
    readonly rttMs: number;
    readonly overheadFactor: number;
    readonly topology: 'pair' | 'nic' | 'shared';
    readonly tcp?: 'warm' | 'cubic' | 'real' | undefined;
  };
  readonly matrix: {
    readonly bitsPerSecond?: readonly (readonly (number | 'unlimited')[])[];
    readonly rttMs?: readonly (readonly number[])[];
  } | null;
  readonly measured: readonly {
    readonly from: number | 'dealer';
    readonly to: number | 'dealer';
    readonly rttMs: RttView;
    readonly bitsPerSecond: number;
    readonly bulkBytes: number;
    readonly bulks: number;
  }[];
  readonly duplex: readonly ExchangeView[];
  readonly allToAll: ExchangeView | null;
  /** A plain loopback connection between two parties; null where there is none. */
  readonly floor: {
    readonly n: number;
    readonly rttMs: number;
    readonly bitsPerSecond: number;
    readonly bulkBytes: number;
  } | null;
  readonly late: LateFrames;
  readonly host: {
    readonly cores: number;
    readonly platform: string;
    readonly kernel: string;
    readonly loadAverage: number;
    readonly foreignCpuShare: number | null;
  };
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly attempts: number;
  readonly takenAt: string;
  readonly tolerance: {
    readonly rttShare: number;
    readonly rttMs: number;
    readonly rateShare: number;
    readonly lateShare: number;
    readonly lateFrames: number;
  };
  readonly verdict: 'met' | 'not met';
  readonly reasons: readonly string[];
}

export interface CertificateDocument {
  readonly version: 1;
  readonly runId: string;
  readonly specHash: string;
  readonly before: ProbeView;
  /** Null where somebody could no longer measure. */
  readonly after: ProbeView | null;
  /** Of the run itself. */
  readonly late: LateFrames;
}

export interface SignedCertificate {
  readonly document: CertificateDocument;
  /** DSSE envelope, JSON text. */
  readonly envelope: string;
  /** PEM of the key that signed it. */
  readonly publicKey: string;
}

const digest = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string().min(1), digest })).min(1),
  predicateType: z.literal(certificatePredicateType),
  predicate: z.custom<CertificateDocument>(
    (value) => typeof value === 'object' && value !== null && 'before' in value,
  ),
});

export type CertificateStatement = z.infer<typeof statementSchema>;

const envelopeSchema = z.object({
  payloadType: z.literal(envelopePayloadType),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.base64() })).min(1),
});

export type CertificateEnvelope = z.infer<typeof envelopeSchema>;

type Bytes = Uint8Array<ArrayBuffer>;

const fromBase64 = (text: string): Bytes =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** What is signed (DSSE v1, pre-authentication encoding). */
export function preAuthentication(payloadType: string, payload: Uint8Array): Bytes {
  const encoder = new TextEncoder();
  const type = encoder.encode(payloadType);
  const head = encoder.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** SPKI of a PEM public key. */
function spkiOf(pem: string): Bytes {
  return fromBase64(pem.replaceAll(/-----[^-]+-----|\s/g, ''));
}

/** Name of a key: SHA-256 of its SPKI, hex. */
export async function keyIdOf(publicKeyPem: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', spkiOf(publicKeyPem));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export type Verification =
  | { readonly ok: true; readonly keyId: string; readonly statement: CertificateStatement }
  /** `why` is a sentence. */
  | { readonly ok: false; readonly why: string };

const bad = (why: string): Verification => ({ ok: false, why });

/**
 * Checks an envelope against a public key. Never throws on what the text holds.
 *
 * @param text the envelope as JSON
 * @param publicKeyPem Ed25519, SPKI
 */
export async function verifyCertificate(text: string, publicKeyPem: string): Promise<Verification> {
  if (globalThis.crypto?.subtle === undefined) {
    return bad('This browser checks signatures only over HTTPS or on localhost.');
  }
  const envelope = envelopeSchema.safeParse(parseJson(text));
  if (!envelope.success) return bad('This is no signed link certificate (DSSE envelope).');
  const { payloadType, payload, signatures } = envelope.data;
  const bytes = fromBase64(payload);
  const signed = preAuthentication(payloadType, bytes);
  const key = await importKey(publicKeyPem);
  if (typeof key === 'string') return bad(key);
  const keyId = await keyIdOf(publicKeyPem);
  const own = signatures.find(({ keyid }) => keyid === keyId);
  if (own === undefined) return bad(`It is not signed with this key (${keyId.slice(0, 16)}).`);
  if (!(await crypto.subtle.verify('Ed25519', key, fromBase64(own.sig), signed))) {
    return bad('The signature does not fit: the certificate was changed after it was signed.');
  }
  const statement = statementSchema.safeParse(parseJson(new TextDecoder().decode(bytes)));
  if (!statement.success) return bad('It is signed, but it is no link certificate.');
  return { ok: true, keyId, statement: statement.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The key, or a sentence why not. */
async function importKey(publicKeyPem: string): Promise<CryptoKey | string> {
  try {
    const spki = spkiOf(publicKeyPem);
    return await crypto.subtle.importKey('spki', spki, 'Ed25519', false, ['verify']);
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    return name === 'NotSupportedError'
      ? 'This browser does not know Ed25519; use parley certificate verify.'
      : 'The public key is no Ed25519 key in PEM form.';
  }
}
