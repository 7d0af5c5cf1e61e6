/** Real parties; party 1 is ended when it has its weights. */
import { onTrace } from './tamper.ts';

onTrace(1, (task) => {
  if (task.role === 'party' && task.party === 1) process.kill(process.pid, 'SIGKILL');
});
await import('../../../server/runs/party-process.ts');
