/** The system's Chromium, with the flags that work in containers and on machines without a GPU. */
import { existsSync } from 'node:fs';

/** Path of a Chromium, PARLEY_CHROMIUM first; undefined where there is none. */
export const chromiumPath = [
  process.env['PARLEY_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

export const chromium = {
  ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
