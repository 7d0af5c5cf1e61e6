/** The audit log as a file: an adapter only. */
import { handleAudit } from '../../../server/api/handle-audit.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (request: Request): Promise<Response> => handleAudit(request);
