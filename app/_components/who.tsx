'use client';
/** Who is logged in, in the top bar; silent where there are no accounts and while nothing is known. */
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useMe } from '../_lib/api-accounts.ts';
import { loginPath } from '../_lib/to-login.ts';
import classes from './who.module.css';

export function Who() {
  const pathname = usePathname();
  const { data: me } = useMe();
  if (me === undefined || !me.accounts) return null;
  if (me.user !== null && me.guest !== true) {
    return (
      <Link href="/account" className={classes.who} title={`Account: ${me.user.role}`}>
        {me.user.name}
      </Link>
    );
  }
  if (pathname === '/login') return null;
  return (
    <Link href={loginPath(pathname)} className={classes.who}>
      Log in
    </Link>
  );
}
