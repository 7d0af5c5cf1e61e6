/** A short name for a question of a cell, the same in a browser and on the server. Browser-safe. */
import { keyOf, type Question } from './notebook-evaluate.ts';

/**
 * 53 bits as 14 hexadecimal digits: cyrb53, two rounds of multiply and mix. It tells questions of one notebook
 * apart and protects nothing. `crypto.subtle` is missing in pages that are not served over TLS or from this
 * machine.
 */
export function questionHash(question: Question): string {
  const text = keyOf(question);
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(16).padStart(14, '0');
}

export const questionHashPattern = /^[0-9a-f]{14}$/;

/** Results of one request. */
export const mostKeptAtOnce = 20;
/** Characters of a result as JSON, beyond which it is not kept. */
export const longestKept = 500_000;
