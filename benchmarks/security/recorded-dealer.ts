/** The dealer's process as in any run, recorded. */
import { recordThisProcess } from './recorded-role.ts';

recordThisProcess();
await import('../../server/runs/dealer-process.ts');
