/**
 * What a link's preview says of a notebook, asked of this very server: pages do not read the database.
 * Never of an address that a request named, and never for long.
 */
import { z } from 'zod';

const previewSchema = z.object({ title: z.string().max(200), description: z.string().max(400) });
export type Preview = z.infer<typeof previewSchema>;

/** A preview is not worth more. */
const patienceMs = 2000;

/** Null where there is none, or not in time: then the page has its general words. */
export async function previewOf(path: string): Promise<Preview | null> {
  const port = process.env['PORT'] ?? '';
  if (!/^\d{1,5}$/.test(port)) return null;
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}?preview`, {
      signal: AbortSignal.timeout(patienceMs),
      cache: 'no-store',
    });
    if (!response.ok) return null;
    return previewSchema.safeParse(await response.json()).data ?? null;
  } catch {
    // Listening elsewhere, or too busy: the page itself says what is wrong, if anything is.
    return null;
  }
}
