/** Files of runs, streamed: an adapter only. */
import { handleFile } from '../../../../../server/api/handle-file.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (request: Request): Promise<Response> => handleFile(request);
