/** The real dealer, which falls silent before it deals: its connections stay open. */
import { onTrace } from './tamper.ts';

onTrace(1, () => process.kill(process.pid, 'SIGSTOP'));
await import('../../../server/runs/dealer-process.ts');
