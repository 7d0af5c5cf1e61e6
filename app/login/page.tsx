import type { Metadata } from 'next';
import { Login } from './login.tsx';

export const metadata: Metadata = { title: 'Log in' };

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<{ readonly next?: string | readonly string[] }>;
}) {
  const { next } = await searchParams;
  return <Login next={typeof next === 'string' ? next : null} />;
}
