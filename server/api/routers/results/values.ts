/** Values that stored runs have, for completion. */
import { knownValues, type KnownValue } from '../../../results/summarise-results.ts';
import { procedure } from '../../trpc.ts';

export type { KnownValue };

export const values = procedure.query(({ ctx }) => knownValues(ctx.connection.db));
