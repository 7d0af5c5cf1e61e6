/** /api/metrics: an adapter only. */
import { handleMetrics } from '../../../server/api/handle-health.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (request: Request): Promise<Response> => handleMetrics(request);
