/** Where to go when the server wants to know who asks, and where to go back to. Pure but for the last. */
import { TRPCClientError } from '@trpc/client';

/** A place of our own, or home: never another site's address. */
export function ownPlace(asked: string | null): string {
  if (asked === null || !/^\/(?![/\\])/.test(asked)) return '/';
  return URL.parse(asked, 'http://own.invalid')?.host === 'own.invalid' ? asked : '/';
}

export const loginPath = (from: string): string => `/login?next=${encodeURIComponent(from)}`;

const isStranger = (error: unknown): boolean => {
  if (!(error instanceof TRPCClientError)) return false;
  const data: unknown = error.data;
  return (
    typeof data === 'object' && data !== null && 'code' in data && data.code === 'UNAUTHORIZED'
  );
};

/** Leaves for /login, but from there, and from what was published for everybody. */
export function toLoginOn(error: unknown): void {
  const { pathname, search } = window.location;
  if (!isStranger(error) || pathname === '/login' || /^\/s\/./.test(pathname)) return;
  window.location.assign(loginPath(pathname + search));
}
