/** Real parties; what party 0 was sent by the dealer is copied, for tests that compare two tries. */
import { copyFileSync, statSync } from 'node:fs';
import { onOrder } from './tamper.ts';

const file = 'corrections.bin';
let kept = 0;

onOrder('go', (task) => {
  if (task.role !== 'party' || task.party !== 0) return;
  setInterval(() => {
    // It is cut when all of it was used; the copy keeps what there was.
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes <= kept) return;
    copyFileSync(file, 'kept.bin');
    kept = bytes;
  }, 5).unref();
});
await import('../../../server/runs/party-process.ts');
