/** What every answer says to the browser about itself, of a really running Parley. */
import { expect, test } from './watched.ts';

/** A directive's sources. */
const directive = (policy: string, name: string): string[] =>
  policy
    .split(';')
    .map((part) => part.trim().split(' '))
    .find(([first]) => first === name)
    ?.slice(1) ?? [];

const paths = ['/', '/new', '/results', '/compare', '/n', '/papers', '/login', '/nowhere'];

for (const path of paths) {
  test(`page ${path}: strict policy, fresh nonce, no frames, no sniffing`, async ({ page }) => {
    const [one, other] = [await page.request.get(path), await page.request.get(path)];
    const headers = one.headers();
    const policy = headers['content-security-policy'] ?? '';
    const scripts = directive(policy, 'script-src');
    expect(scripts).toContain("'strict-dynamic'");
    expect(scripts.join(' ')).not.toMatch(/unsafe|https?:|\*/);
    expect(directive(policy, 'object-src')).toEqual(["'none'"]);
    expect(directive(policy, 'base-uri')).toEqual(["'none'"]);
    expect(directive(policy, 'frame-ancestors')).toEqual(["'none'"]);
    const nonceOf = (text: string): string => /'nonce-([^']+)'/.exec(text)?.[1] ?? '';
    expect(nonceOf(policy).length).toBeGreaterThan(20);
    expect(nonceOf(other.headers()['content-security-policy'] ?? '')).not.toBe(nonceOf(policy));
    // Every script of the document carries the nonce of its own answer, and none is without.
    const tags = (await one.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(0);
    for (const tag of tags) expect(tag).toContain(`nonce="${nonceOf(policy)}"`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });
}

test('interfaces: not kept by caches, closed to other origins and other names', async ({
  page,
}) => {
  const status = await page.request.get('/api/v1/status');
  expect(status.headers()).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(status.headers()['access-control-allow-origin']).toBeUndefined();
  const asks: readonly Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of asks) {
    expect((await page.request.get('/api/v1/status', { headers })).status()).toBe(403);
    const input = encodeURIComponent(JSON.stringify({ json: null }));
    const call = `/api/trpc/system.status?input=${input}`;
    expect((await page.request.get(call, { headers })).status()).toBe(403);
  }
  const long = await page.request.post('/api/trpc/runs.create', {
    data: `"${'x'.repeat(300_000)}"`,
    headers: { 'content-type': 'application/json' },
  });
  expect(long.status()).toBe(413);
});
