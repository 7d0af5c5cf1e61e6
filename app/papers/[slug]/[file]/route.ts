/** A paper's badge and its tables as files: an adapter only. */
import { handlePaperFile } from '../../../../server/api/handle-paper-file.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (request: Request): Promise<Response> => handlePaperFile(request);
