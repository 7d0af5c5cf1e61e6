/** Which backends can impose a link on this machine, and why one cannot. */
import { backendStates } from '../../../runs/backend-states.ts';
import { procedure } from '../../trpc.ts';

export const backends = procedure.query(() => backendStates());
