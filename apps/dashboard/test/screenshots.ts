// Takes the pictures of the docs; given a folder, those of every view in three widths, light and dark.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from 'playwright-core';

import { folderSource, serveDashboard } from '../src/index.ts';
import { launchChromium } from './browser/chromium.ts';
import { settled } from './browser/harness.ts';
import { viewsOf } from './browser/views.ts';
import { syntheticOrganization } from './synthetic/organization.ts';
import { writeData } from './synthetic/write-data.ts';

interface Picture {
  readonly file: string;
  readonly hash: string;
  readonly width: number;
  /** Without it, the whole view. */
  readonly height?: number;
  readonly colorScheme: 'light' | 'dark';
}

const PICTURES = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
const WIDTHS = [1440, 834, 390] as const;

const [given] = process.argv.slice(2);
const folder = given ?? PICTURES;
const organization = syntheticOrganization({ accounts: 300, units: 24 });
const views = viewsOf(organization);

const everyView = (): readonly Picture[] =>
  Object.entries(views).flatMap(([name, hash]) =>
    WIDTHS.flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => ({
        file: `${name}-${width}-${colorScheme}.png`,
        hash,
        width,
        colorScheme,
      })),
    ),
  );

const ofDocs = (): readonly Picture[] => [
  { file: 'organization.webp', hash: '#/', width: 1280, height: 1_440, colorScheme: 'light' },
  { file: 'resource.webp', hash: views['resource'] ?? '', width: 960, colorScheme: 'dark' },
  { file: 'phone.webp', hash: '#/', width: 360, height: 800, colorScheme: 'light' },
];

/** The picture as its name ends: a WebP of the browser has half the size of a PNG. */
const encoded = async (page: Page, png: Buffer, file: string): Promise<Buffer> => {
  if (file.endsWith('.png')) return png;
  const url = await page.evaluate(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.75);
  })()`);
  return Buffer.from(String(url).replace(/^.*,/, ''), 'base64');
};

const take = async (page: Page, url: string, { file, hash, height }: Picture): Promise<void> => {
  // The data has a date of its own: the clock shows how old it is two hours later.
  await page.clock.setFixedTime((organization.overview.asOf + 7_200) * 1_000);
  await page.goto(`${url}${hash}`);
  await settled(page);
  // A picture of the whole view has also what is laid out when it is seen.
  await page.evaluate(
    `for (const map of document.querySelectorAll('.heat')) map.style.contentVisibility = 'visible'`,
  );
  const png = await page.screenshot({ fullPage: height === undefined });
  // The page's own policy forbids pictures.
  await page.goto('about:blank');
  const picture = await encoded(page, png, file);
  writeFileSync(join(folder, file), picture);
  console.log(`${join(folder, file)}, ${Math.ceil(picture.length / 1024)} KB`);
};

mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'dashboard-'));
writeData(data, organization);
const served = await serveDashboard(folderSource(data));
const browser = await launchChromium();
try {
  for (const picture of given === undefined ? ofDocs() : everyView()) {
    const { width, height = 900, colorScheme } = picture;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    await take(await context.newPage(), served.url, picture);
    await context.close();
  }
} finally {
  await browser.close();
  await served.close();
  rmSync(data, { recursive: true });
}
