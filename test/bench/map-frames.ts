/**
 * Frame times of the embedding map in the browser: `node test/bench/map-frames.ts [PHOTOS]`. Drawn digits are imported,
 * the map is made by colours and shapes, then it is moved and zoomed by the pointer while frames are timed.
 */
import { chromium } from '@playwright/test';
import { join } from 'node:path';
import config from '../e2e/playwright.config.ts';
import { AppPage } from '../e2e/pages/app-page.ts';
import { writeIdxFiles } from '../e2e/support/photos.ts';
import { LensletServer } from '../e2e/support/server.ts';

const photos = Number(process.argv[2] ?? 10_000);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const server = await LensletServer.start();
const { launchOptions = {} } = config.use ?? {};
const browser = await chromium.launch(launchOptions);
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url);
  const app = new AppPage(page);
  const folder = join(server.home, 'digits');
  await writeIdxFiles(folder, photos);
  await app.start.drop([folder]);
  await app.images.outcome.waitFor({ timeout: 600_000 });
  await app.go('map');
  let began = performance.now();
  await page.getByTestId('make-map').click();
  const canvas = page.getByTestId('map-canvas');
  await canvas.waitFor({ timeout: 600_000 });
  say(
    `${photos} photos: map made in ${((performance.now() - began) / 1000).toFixed(1)} s, measuring included`,
  );
  await app.go('images');
  began = performance.now();
  await app.go('map');
  await canvas.waitFor();
  say(`opened again in ${Math.round(performance.now() - began)} ms`);

  await page.getByText('Move', { exact: true }).click();
  const box = (await canvas.boundingBox())!;
  const times = page.evaluate(async () => {
    const frames: number[] = [];
    let last = performance.now();
    for (let frame = 0; frame < 180; frame++) {
      await new Promise(requestAnimationFrame);
      frames.push(performance.now() - last);
      last = performance.now();
    }
    return frames.slice(5).sort((a, b) => a - b);
  });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let step = 0; step < 60; step++) {
    const [x, y] = [Math.sin(step / 6) * 150, Math.cos(step / 6) * 100];
    await page.mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y);
  }
  await page.mouse.up();
  for (let step = 0; step < 60; step++) await page.mouse.wheel(0, step < 30 ? -40 : 40);
  const frames = await times;
  const at = (share: number): string => frames[Math.floor(frames.length * share)].toFixed(1);
  say(`frames while moving and zooming: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(0.999)} ms`);
} finally {
  await browser.close();
  await server.close();
}
