/** 50,000 images in one grid. */
import { join } from 'node:path';
import { writeIdxFiles } from './support/photos.ts';
import { expect, test } from './support/test.ts';

const images = 50_000;

test('50,000 images: opens at once, scrolls to the very end, keeps few elements and little memory', async ({
  app,
  server,
  page,
}) => {
  test.setTimeout(300_000);
  const folder = join(server.home, 'digits');
  await writeIdxFiles(folder, images);
  await app.start.drop([folder]);
  await expect(app.images.outcome).toContainText('50,000 images', { timeout: 200_000 });

  await app.go('start');
  const opened = Date.now();
  await app.go('images');
  await expect(app.images.tiles.first().locator('img')).toBeVisible();
  // The target is 3 s on an idle machine; other work beside the test must not fail it.
  expect(Date.now() - opened).toBeLessThan(10_000);

  const heap = async (): Promise<number> => {
    await page.requestGC();
    return page.evaluate(
      () =>
        (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 2 ** 20,
    );
  };
  const before = await heap();
  await app.images.grid.evaluate(async (grid) => {
    for (let frame = 0; frame < 240; frame++) {
      grid.scrollTop += frame < 200 ? 400 : grid.scrollHeight / 40;
      await new Promise(requestAnimationFrame);
    }
  });

  await app.images.tiles.first().click();
  await page.keyboard.press('End');
  const last = page.locator(`[data-place="${images - 1}"]`);
  await expect(last).toBeFocused();
  await expect
    .poll(() => last.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  expect(await app.images.tiles.count()).toBeLessThan(200);
  expect((await heap()) - before).toBeLessThan(40);

  await app.images.choose('class', '7');
  await expect(app.images.shown).toHaveText('5,000 of 50,000');
});
