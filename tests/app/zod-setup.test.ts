/** zod reads its settings where zod-setup.ts writes them, whichever of the two is loaded first. */
import { expect, test } from 'vitest';
import '../../app/_lib/zod-setup.ts';

test('zod does not compile its checks', async () => {
  const { z } = await import('zod');
  expect(z.config().jitless).toBe(true);
  expect(z.strictObject({ a: z.number() }).safeParse({ a: 1 }).success).toBe(true);
});
