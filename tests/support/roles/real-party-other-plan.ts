/** Real parties; party 1 was given another plan. */
import { longer, onOrder } from './tamper.ts';

onOrder('task', (task) => {
  if (task.role === 'party' && task.party === 1) longer(task);
});
await import('../../../server/runs/party-process.ts');
