/** Everything that pages ask of the papers. */
import { router } from '../../trpc.ts';
import { cell } from './cell.ts';
import { findings } from './findings.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { price } from './price.ts';
import { queue } from './queue.ts';
import { queueSide, sideBySide } from './side-by-side.ts';

export const papersRouter = router({
  list,
  get,
  cell,
  findings,
  price,
  queue,
  sideBySide,
  queueSide,
});
