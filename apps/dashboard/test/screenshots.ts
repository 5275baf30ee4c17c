// Takes pictures of every view: node apps/dashboard/test/screenshots.ts FOLDER [view …]
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { folderSource, serveDashboard } from '../src/index.ts';
import { launchChromium } from './browser/chromium.ts';
import { viewsOf } from './browser/views.ts';
import { syntheticOrganization } from './synthetic/organization.ts';
import { writeData } from './synthetic/write-data.ts';

const WIDTHS = [1440, 900, 390];
const [folder = 'screenshots', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'dashboard-'));
const organization = syntheticOrganization({
  accounts: 160,
  units: 16,
  asOf: Math.floor(Date.now() / 1000) - 7_200,
});
writeData(data, organization);
const served = await serveDashboard(folderSource(data));
const browser = await launchChromium();
try {
  for (const [name, hash] of Object.entries(viewsOf(organization))) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const width of WIDTHS)
      for (const colorScheme of width === WIDTHS[0] ? (['light', 'dark'] as const) : (['light'] as const)) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
        page.on('console', (message) => console.log(`${name}: ${message.text()}`));
        page.on('pageerror', (error) => console.log(`${name}: ${error.message}`));
        await page.goto(`${served.url}${hash}`);
        await page.waitForLoadState('networkidle');
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        await page.close();
      }
  }
} finally {
  await browser.close();
  await served.close();
}
