/** The page of an export in a real browser with a camera that plays a test picture. */
import { existsSync } from 'node:fs';
import { type Browser, type Page, chromium } from '@playwright/test';
import { serveFolder } from '../../../fixtures/static-server.ts';

/** Where the browser is; null where there is none. */
export function chromiumPath(): string | null {
  const path = process.env.LENSLET_CHROMIUM ?? '/usr/bin/chromium';
  return existsSync(path) ? path : null;
}

/** What a visitor of the page sees. */
export interface PageVisit {
  /** What the check of the golden photos prints. */
  readonly report: string;
  /** The best class of a photo that is chosen. */
  readonly best: string;
  /** What stands above the classes of each photo that is of none of them; empty where nothing does. */
  readonly doubts: readonly string[];
  /** What stands beneath while the camera runs. */
  readonly camera: string;
  /** The best class of that photo, without a web server. */
  readonly offline: string;
  /** Errors that the page ran into. */
  readonly errors: readonly string[];
}

async function bestOf(page: Page, photo: string): Promise<string> {
  await page.waitForFunction(() => document.getElementById('state')!.textContent === '');
  await page.setInputFiles('#file', photo);
  return (await page.locator('#answer li span').first().textContent())!;
}

/** Visits the page of an export. */
export async function visitPage(
  folder: string,
  executablePath: string,
  photo: string,
  foreign: readonly string[],
): Promise<PageVisit> {
  const server = await serveFolder(folder);
  let browser: Browser | null = null;
  try {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${server.url}#check`);
    await page.waitForFunction(() => /^All|NOT/m.test(document.getElementById('report')!.textContent));
    const report = (await page.textContent('#report'))!;
    const best = await bestOf(page, photo);
    const doubts: string[] = [];
    for (const other of foreign) {
      await bestOf(page, other);
      doubts.push((await page.textContent('#doubt'))!);
    }
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.waitForFunction(() => document.getElementById('state')!.textContent !== '');
    const camera = (await page.textContent('#state'))!;
    await page.getByRole('button', { name: 'Stop the camera' }).click();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await server.close();
    await page.goto(server.url);
    return { report, best, doubts, camera, offline: await bestOf(page, photo), errors };
  } finally {
    await browser?.close();
    await server.close();
  }
}
