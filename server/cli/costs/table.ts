/** `parley costs --table`: every operation on every variant, declared, measured now, published. */
import { measureTable } from '../../costs/measure-operations.ts';
import { loadKernels } from '../../engine/ring/load.ts';
import { formatOperationTable } from './format-operation-table.ts';

/** Exit code: 1 where a measured cost is not the declared one. */
export async function printOperationTable(json: boolean): Promise<number> {
  const { rows } = await measureTable(loadKernels());
  console.log(json ? JSON.stringify({ rows }, null, 2) : formatOperationTable(rows));
  return rows.every(({ agrees }) => agrees === true) ? 0 : 1;
}
