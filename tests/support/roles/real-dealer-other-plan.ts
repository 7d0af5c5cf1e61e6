/** The real dealer, given another plan than the parties. */
import { longer, onOrder } from './tamper.ts';

onOrder('task', longer);
await import('../../../server/runs/dealer-process.ts');
