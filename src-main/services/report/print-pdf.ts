/** HTML to PDF by a Chromium of this computer. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { AppError } from '../../contract/shared/errors.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge',
];
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
];
const maxMilliseconds = 60_000;

/** A Chromium on this computer: `LENSLET_CHROMIUM`, on the path, in its usual places; null where there is none. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const given = environment.LENSLET_CHROMIUM;
  return (
    [...(given === undefined ? [] : [given]), ...onPath, ...usualPlaces].find((path) => existsSync(path)) ??
    null
  );
}

/**
 * Prints a page. It may have no scripts: the browser that prints it has no network and a profile of its own.
 * @throws AppError REPORT_NO_BROWSER, REPORT_NOT_PRINTED, CANCELLED
 */
export async function printPdf(html: string, signal: AbortSignal): Promise<Buffer> {
  const browser = findBrowser();
  if (browser === null) throw new AppError('REPORT_NO_BROWSER');
  const folder = await mkdtemp(temporaryPath('print'));
  const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
  try {
    await writeFile(page, html);
    const words = [
      '--headless',
      '--disable-gpu',
      '--no-first-run',
      '--disable-extensions',
      '--no-pdf-header-footer',
      '--proxy-server=127.0.0.1:9',
      `--user-data-dir=${join(folder, 'profile')}`,
      `--print-to-pdf=${pdf}`,
      // Root has no sandbox to be in; anyone else has.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      pathToFileURL(page).href,
    ];
    await promisify(execFile)(browser, words, { signal, timeout: maxMilliseconds });
    return await readFile(pdf);
  } catch (error) {
    if (signal.aborted) throw new AppError('CANCELLED', {}, { cause: error });
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new AppError('REPORT_NOT_PRINTED', { reason }, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
