/** The REST interface: an adapter only. */
import { handleRest } from '../../../../server/api/rest/handle-rest.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

const answer = (request: Request): Promise<Response> => handleRest(request);

export { answer as DELETE, answer as GET, answer as POST };
