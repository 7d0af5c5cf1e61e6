/**
 * Under which address others reach this installation: PARLEY_PUBLIC_URL, of which links are built. Null
 * where it is not set; then a page uses its own address, and says so when that is this machine's only.
 */
import { RunError } from '../runs/errors.ts';

/** Without a slash at the end. @throws RunError 'invalid' for a value that is no http address */
export function publicUrl(): string | null {
  const asked = process.env['PARLEY_PUBLIC_URL'] ?? '';
  if (asked === '') return null;
  const url = URL.parse(asked);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new RunError(
      'invalid',
      `PARLEY_PUBLIC_URL is "${asked}": write an address such as https://parley.example.org.`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
