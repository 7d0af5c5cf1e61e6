/** zod may compile its checks with `new Function`, which our CSP forbids: tell it not to try. */
import { z } from 'zod';

z.config({ jitless: true });
