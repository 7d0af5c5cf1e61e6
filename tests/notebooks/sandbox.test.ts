/** The sandbox's document: what it may do, by its headers, and that its script is one. */
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { sandboxPage } from '../../server/api/notebook-sandbox.ts';

test('it may fetch nothing, load nothing but its own worker, and be framed by our own pages only', () => {
  const policy = sandboxPage().headers.get('content-security-policy') ?? '';
  const rules = new Map(
    policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]),
  );
  expect(rules.get('default-src')).toBe("'none'");
  expect(rules.get('connect-src')).toBe("'none'");
  expect(rules.get('script-src')).toBe("'unsafe-inline' blob:");
  expect(rules.get('worker-src')).toBe('blob:');
  expect(rules.get('frame-ancestors')).toBe("'self'");
  // Its origin is nobody's: no cookie, no storage, no page of ours.
  expect(rules.get('sandbox')).toBe('allow-scripts');
});

test('the frame’s script and the worker that it makes can be read', async () => {
  const html = await sandboxPage().text();
  const script = /<script>(.*)<\/script>/s.exec(html)?.[1] ?? '';
  expect(() => new Script(script)).not.toThrow();
  expect(html.match(/<\/script>/g)).toHaveLength(1);
  // The worker's text, as the frame puts it together.
  let made = '';
  let listener: ((event: object) => void) | null = null;
  const replies: unknown[] = [];
  const parent = { postMessage: (message: unknown) => replies.push(message) };
  class Fake {
    terminate(): void {}
    postMessage(): void {}
  }
  // Called with new, it may be a plain function.
  function Text([text]: [string]): void {
    made = text;
  }
  new Script(script).runInNewContext({
    parent,
    addEventListener: (_: string, listen: (event: object) => void) => (listener = listen),
    Blob: Text,
    URL: { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} },
    Worker: Fake,
    setTimeout: () => 0,
    clearTimeout: () => {},
  });
  expect(replies).toEqual([{ ready: true }]);
  const data = {
    id: 1,
    code: 'return sum(rows.map((row) => row.x));',
    names: ['rows'],
    values: [[]],
  };
  (listener as unknown as (event: object) => void)({ source: parent, data });
  expect(() => new Script(made)).not.toThrow();
  const posted: { ok: boolean; json?: string; message?: string }[] = [];
  const self: {
    onmessage?: (event: object) => Promise<void>;
    postMessage: (message: never) => void;
  } = {
    postMessage: (message) => posted.push(message),
  };
  new Script(made).runInNewContext({ self });
  await self.onmessage?.({ data: [[{ x: 1 }, { x: 2 }]] });
  expect(posted).toEqual([{ ok: true, json: '3' }]);
});
