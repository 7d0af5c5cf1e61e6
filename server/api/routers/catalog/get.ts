/** Everything that can be chosen on the Run page. */
import { readCatalog } from '../../../runs/catalog.ts';
import { procedure } from '../../trpc.ts';

export const getCatalog = procedure.query(() => readCatalog());
