/**
 * A project of very many photos in the browser: `node test/bench/large-project.ts [PHOTOS]`. Small pictures are made
 * and imported by the command line, then the grid is opened, scrolled from end to end, filtered and sorted. The page
 * must be built.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Page, chromium } from '@playwright/test';
import config from '../e2e/playwright.config.ts';
import { AppPage } from '../e2e/pages/app-page.ts';
import { LensletServer } from '../e2e/support/server.ts';
import { manyPictures } from './support/photos.ts';

/** What was seen; times in milliseconds, memory in megabytes. */
export interface LargeProject {
  readonly photos: number;
  readonly importSeconds: number;
  /** From the click on Images to the first thumbnail. */
  readonly firstPaint: number;
  /** Frames while wheeling. */
  readonly frames: readonly [median: number, p95: number, longest: number];
  /** How long a tile in view had no picture, while wheeling and after jumps over the whole range. */
  readonly missing: readonly [median: number, p95: number, longest: number];
  readonly filter: number;
  readonly sort: number;
  readonly pageMegabytes: number;
  readonly serverMegabytes: number;
}

const checkout = resolve(import.meta.dirname, '..', '..');

async function importPictures(folder: string, project: string): Promise<number> {
  const began = performance.now();
  const args = ['src-main/hosts/cli.ts', 'import', folder, '--project', project, '--json'];
  const child = spawn(process.execPath, args, { cwd: checkout, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  return (performance.now() - began) / 1000;
}

/** Scrolls and notes frames and missing pictures, in the page. */
function scroll(page: Page): Promise<{ frames: number[]; missing: number[] }> {
  return page.getByTestId('image-grid').evaluate(async (grid) => {
    const frames: number[] = [];
    const missing: number[] = [];
    const since = new Map<string, number>();
    const look = (now: number): number => {
      const { top, bottom } = grid.getBoundingClientRect();
      const seen = new Set<string>();
      let without = 0;
      for (const tile of grid.querySelectorAll<HTMLElement>('[data-place]')) {
        const box = tile.getBoundingClientRect();
        if (box.bottom <= top || box.top >= bottom) continue;
        const place = tile.dataset.place!;
        const image = tile.querySelector('img');
        seen.add(place);
        if (image !== null && image.complete && image.naturalWidth > 0) {
          const from = since.get(place);
          if (from !== Infinity) missing.push(from === undefined ? 0 : now - from);
          since.set(place, Infinity);
        } else {
          without++;
          if (since.get(place) === undefined) since.set(place, now);
        }
      }
      for (const place of since.keys()) if (!seen.has(place)) since.delete(place);
      return without;
    };
    const frame = async (): Promise<number> => {
      await new Promise(requestAnimationFrame);
      return look(performance.now());
    };
    for (let step = 0; step < 300; step++) {
      const began = performance.now();
      grid.scrollTop += 120;
      await frame();
      frames.push(performance.now() - began);
    }
    for (let jump = 0; jump <= 40; jump++) {
      grid.scrollTop = (grid.scrollHeight * jump) / 40;
      await frame();
      const began = performance.now();
      while ((await frame()) > 0 && performance.now() - began < 5000);
    }
    return { frames, missing };
  });
}

function spread(values: readonly number[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return [at(0.5), at(0.95), at(1)];
}

/** Clicks something that changes what is shown. @returns milliseconds from the last click to the first new picture */
async function untilShown(page: Page, act: () => Promise<void>): Promise<number> {
  const first = '[data-testid="image-grid"] [data-place="0"] img';
  const before = await page.locator(first).getAttribute('src');
  await page.evaluate(() => {
    addEventListener('click', () => performance.mark('clicked'), { capture: true });
  });
  await act();
  return page.evaluate(
    async ([selector, old]) => {
      const began = performance.now();
      for (;;) {
        const image = document.querySelector<HTMLImageElement>(selector);
        const shown = image !== null && image.complete && image.naturalWidth > 0;
        if (shown && image.getAttribute('src') !== old) break;
        if (performance.now() - began > 30_000) throw new Error('nothing new is shown');
        await new Promise(requestAnimationFrame);
      }
      return performance.now() - performance.getEntriesByName('clicked').at(-1)!.startTime;
    },
    [first, before] as const,
  );
}

async function look(server: LensletServer, photos: number, importSeconds: number): Promise<LargeProject> {
  const { launchOptions = {} } = config.use ?? {};
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(server.url);
    const app = new AppPage(page);
    await app.go('start');
    const began = performance.now();
    await app.go('images');
    const firstImage = app.images.tiles.first().locator('img');
    await firstImage.waitFor();
    await firstImage.evaluate((image: HTMLImageElement) => image.decode());
    const firstPaint = performance.now() - began;
    const { frames, missing } = await scroll(page);
    await app.images.grid.evaluate((element) => (element.scrollTop = 0));
    await app.images.grid.locator('[data-place="0"] img').waitFor();
    const filter = await untilShown(page, () => app.images.choose('class', 'two'));
    await page.getByTestId('sort').click();
    const sort = await untilShown(page, () => page.getByRole('menuitemcheckbox').last().click());
    await page.requestGC();
    const pageBytes = await page.evaluate(
      () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    );
    const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
    return {
      photos,
      importSeconds,
      firstPaint,
      frames: spread(frames),
      missing: spread(missing),
      filter,
      sort,
      pageMegabytes: pageBytes / 2 ** 20,
      serverMegabytes: Number(resident) / 1024,
    };
  } finally {
    await browser.close();
  }
}

/** Makes, imports and looks at a project. @param say tells what is being done */
export async function measureLargeProject(
  photos: number,
  say: (line: string) => void,
): Promise<LargeProject> {
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-large-'));
  try {
    say(`  ${photos} pictures are made`);
    await manyPictures(join(folder, 'pictures'), photos);
    say('  … imported');
    const project = join(folder, 'project');
    const importSeconds = await importPictures(join(folder, 'pictures'), project);
    say('  … looked at');
    const server = await LensletServer.start({}, ['--project', project]);
    try {
      return await look(server, photos, importSeconds);
    } finally {
      await server.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The figures in a sentence. */
export function describeLargeProject(seen: LargeProject): string {
  const three = (values: readonly number[]): string => {
    const [median, p95, longest] = values.map((value) => value.toFixed(1));
    return `median ${median} ms, p95 ${p95} ms, longest ${longest} ms`;
  };
  return [
    `${seen.photos.toLocaleString('en')} photos: imported in ${seen.importSeconds.toFixed(1)} s`,
    `first thumbnail ${seen.firstPaint.toFixed(0)} ms after the click`,
    `frames while scrolling: ${three(seen.frames)}`,
    `a tile in view without its picture: ${three(seen.missing)}`,
    `filter ${seen.filter.toFixed(0)} ms, sort ${seen.sort.toFixed(0)} ms to the first picture`,
    `page ${seen.pageMegabytes.toFixed(0)} MB, server ${seen.serverMegabytes.toFixed(0)} MB afterwards`,
  ].join('; ');
}

if (import.meta.main) {
  const seen = await measureLargeProject(Number(process.argv[2] ?? 100_000), (line) => console.log(line));
  console.log(describeLargeProject(seen));
}
