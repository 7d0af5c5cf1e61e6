/** /api/health: an adapter only. */
import { handleHealth } from '../../../server/api/handle-health.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (request: Request): Promise<Response> => handleHealth(request);
