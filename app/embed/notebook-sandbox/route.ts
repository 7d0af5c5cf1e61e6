/** The frame in which JavaScript cells run: an adapter only. Below /embed, the one path that may be framed. */
import { sandboxPage } from '../../../server/api/notebook-sandbox.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = (): Response => sandboxPage();
