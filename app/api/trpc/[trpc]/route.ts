/** The door of the API: an adapter only. */
import { handleRequest } from '../../../../server/api/handle-request.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export { handleRequest as GET, handleRequest as POST };
