/** Many images in one grid: few elements, little memory, and every image within reach. */
import { join } from 'node:path';
import { writeIdxFiles } from '../support/photos.ts';
import { expect, test } from '../support/test.ts';

for (const [images, options] of [
  [3000, {}],
  [50_000, { tag: '@long' }],
] as const) {
  const shown = images.toLocaleString('en');
  test(
    `${shown} images: scrolls to the very end, keeps few elements and little memory`,
    options,
    async ({ app, server, page }) => {
      test.setTimeout(300_000);
      const folder = join(server.home, 'digits');
      await writeIdxFiles(folder, images);
      await app.start.drop([folder]);
      await expect(app.images.outcome).toContainText(`${shown} images`, { timeout: 200_000 });

      await app.go('start');
      await app.go('images');
      await expect(app.images.tiles.first().locator('img')).toBeVisible();

      const heap = async (): Promise<number> => {
        await page.requestGC();
        return page.evaluate(
          () =>
            (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize /
            2 ** 20,
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
      await expect(app.images.shown).toHaveText(`${(images / 10).toLocaleString('en')} of ${shown}`);
    },
  );
}
