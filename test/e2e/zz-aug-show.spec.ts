import { test, expect } from './support/test.ts';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
test('show', async ({ app, server, page }) => {
  const folder = join(server.home, 'Cats and dogs');
  await cp('/work/shared/data/cats_and_dogs_original', folder, { recursive: true });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('augment');
  await expect(app.augment.augmented).toHaveCount(15);
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    await app.augment.changing(() => app.augment.slider('rotation_range').press('ArrowRight'));
    times.push(Number(await app.augment.results.getAttribute('data-took')));
  }
  console.log('slider to pictures ms', times.join(' '));
  for (const [w, h] of [[1280, 800], [1920, 1080]]) {
    await page.setViewportSize({ width: w, height: h });
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(400);
      await page.screenshot({ path: `/tmp/augshow/photo-${theme}-${w}.png` });
      await page.keyboard.press('2');
      await expect(app.augment.batchImages.first()).toBeVisible();
      await page.waitForTimeout(400);
      await page.screenshot({ path: `/tmp/augshow/batch-${theme}-${w}.png` });
      await app.augment.batchImages.first().click();
      await app.augment.loupe.locator('canvas').last().hover();
      await page.waitForTimeout(300);
      await page.screenshot({ path: `/tmp/augshow/loupe-${theme}-${w}.png` });
      await page.keyboard.press('Escape');
      await page.keyboard.press('1');
      await expect(app.augment.results).toBeVisible();
    }
  }
  const bt: number[] = [];
  await page.keyboard.press('2');
  await expect(app.augment.batch).toBeVisible();
  for (let i = 0; i < 6; i++) {
    await app.augment.changing(() => app.augment.slider('rotation_range').press('ArrowRight'));
    bt.push(Number(await app.augment.batch.getAttribute('data-took')));
  }
  console.log('batch ms', bt.join(' '), await page.getByTestId('batch-shape').innerText());
  await page.keyboard.press('1');
  // While a training is running.
  await app.go('train');
  await page.getByTestId('train').click();
  await expect(page.getByTestId('status-activity')).toContainText('Training'); await page.waitForTimeout(6000);
  await app.go('augment');
  await expect(app.augment.augmented).toHaveCount(15);
  const busy: number[] = [];
  for (let i = 0; i < 12; i++) {
    await app.augment.changing(() => app.augment.slider('rotation_range').press('ArrowLeft'));
    busy.push(Number(await app.augment.results.getAttribute('data-took')));
  }
  console.log('while training ms', busy.join(' '));
});
