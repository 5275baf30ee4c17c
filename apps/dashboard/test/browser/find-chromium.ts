import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  // The one of scripts/setup-browser.sh, where the machine has none.
  fileURLToPath(new URL('../../../../.tools/chromium/chromium', import.meta.url)),
] as const;

/** The browser of the tests: `CHROMIUM=…`, or one of the machine. */
export const findChromium = (): string | undefined => {
  const own = process.env['CHROMIUM'];
  if (own !== undefined && own !== '') return own;
  return INSTALLED.find((path) => existsSync(path));
};
