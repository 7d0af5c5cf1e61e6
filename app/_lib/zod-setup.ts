/**
 * zod may compile its checks with `new Function`, which our CSP forbids: tell it not to try. It is told
 * through the object that it reads its settings from, so that pages which check nothing do not load zod
 * (tests/app/zod-setup.test.ts holds zod to that).
 */
interface ZodSettings {
  jitless?: boolean;
}

const place = '__zod_globalConfig';
const holder = globalThis as { [place]?: ZodSettings };

holder[place] ??= {};
holder[place].jitless = true;
