/** A party's process as in any run, recorded. */
import { recordThisProcess } from './recorded-role.ts';

recordThisProcess();
await import('../../server/runs/party-process.ts');
