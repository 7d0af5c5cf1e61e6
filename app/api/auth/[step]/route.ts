/** Login, logout and a new password: an adapter only. */
import { handleAuth } from '../../../../server/api/handle-auth.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const POST = (request: Request): Promise<Response> => handleAuth(request);
