/** Pictures of the screens, kept beside the test results for people to look at. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';

const folder = resolve(import.meta.dirname, '..', '..', '..', 'test-results', 'screenshots');

/** Takes a picture of the page as `test-results/screenshots/<name>.png`. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Let thumbnails and fonts arrive.
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
