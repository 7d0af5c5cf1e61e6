/** Tables as files by suffix, `/api/results.csv`: an adapter only. */
import { handleTable } from '../../../server/api/handle-table.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (request: Request): Promise<Response> => handleTable(request);
