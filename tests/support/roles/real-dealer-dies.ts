/** The real dealer, ended when it has dealt for the first inference. */
import { onTrace } from './tamper.ts';

onTrace(2, () => process.kill(process.pid, 'SIGKILL'));
await import('../../../server/runs/dealer-process.ts');
