/**
 * The identity of a spec: SHA-256 of its canonical JSON. Canonical = keys sorted by code unit, no
 * spaces, numbers as JavaScript prints them (RFC 8785 for the values that a spec may hold).
 */
import { createHash } from 'node:crypto';
import { normaliseSpec, type RunSpec } from '../api/schemas/run-spec.ts';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * Canonical JSON text of a plain value; fields that are undefined are left out.
 * @throws TypeError for what JSON cannot hold: NaN, infinities, functions, bigints
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot hold ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
    return `{${fields.join(',')}}`;
  }
  throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
}

/** SHA-256 as 64 hex digits. */
export const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

/** Canonical text of a spec and its hash: the same whether a default is written out or not. */
export function hashSpec(spec: RunSpec): { readonly canonical: string; readonly hash: string } {
  const canonical = canonicalJson(normaliseSpec(spec));
  return { canonical, hash: sha256(canonical) };
}
