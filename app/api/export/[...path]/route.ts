/** Objects as files by suffix, `/runs/<id>.csv`: an adapter only. */
import { handleExport } from '../../../../server/api/handle-export.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (request: Request): Promise<Response> => handleExport(request);
