/**
 * Under which address others reach this installation: PARLEY_PUBLIC_URL, of which links are built. Null
 * where it is not set; then a page uses its own address, and says so when that is this machine's only.
 */
import { isLoopback } from '../api/schemas/loopback.ts';
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

/**
 * Where a file says that it comes from: the address of the object's page, or its path alone where the
 * only address known is one that nobody else can open.
 * @param origin as the reader asked for it, `http://host:port`
 */
export function objectAddress(origin: string, path: string): string {
  const base = publicUrl() ?? (isLoopback(origin) ? '' : origin);
  return `${base}${path}`;
}
