/** Pictures of the screens for people to look at, taken where `LENSLET_PICTURES` is set: they assert nothing. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { setTheme } from './accessible.ts';

const folder = resolve(import.meta.dirname, '..', '..', '..', 'test-results', 'screenshots');
const wanted = process.env.LENSLET_PICTURES === '1';

/** The window sizes that screens are drawn for. */
export const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** Takes a picture of the page as `test-results/screenshots/<name>.png`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!wanted) return;
  await mkdir(folder, { recursive: true });
  // Let thumbnails and fonts arrive.
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/**
 * Takes pictures in both themes and in all window sizes, as `<name>-<theme>-<size>.png`. The page is light and has the
 * size of the first afterwards.
 */
export async function pictures(page: Page, name: string): Promise<void> {
  if (!wanted) return;
  for (const theme of ['dark', 'light'] as const) {
    await setTheme(page, theme);
    for (const size of sizes.toReversed()) {
      await page.setViewportSize(size);
      await picture(page, `${name}-${theme}-${size.width}x${size.height}`);
    }
  }
}
