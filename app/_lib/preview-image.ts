/** The picture of a link's preview: an absolute address, which chats insist on. Of the server alone. */
import { headers } from 'next/headers';

/** 1200 x 630, as every kind of object has it under `<path>.png?card`. */
export async function previewImage(path: string) {
  const asked = await headers();
  const own = `${asked.get('x-forwarded-proto') ?? 'http'}://${asked.get('host') ?? 'localhost'}`;
  const base = process.env['PARLEY_PUBLIC_URL'] || own;
  return { url: `${base.replace(/\/+$/, '')}${path}.png?card`, width: 1200, height: 630 };
}
