/** The whole way: a dropped folder becomes a trained, tested, used model. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawFolder, drawPicture } from '../support/photos.ts';
import { picture } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

test('drops a folder, trains, reloads in the middle, reads the test accuracy, predicts a photo', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Circles and stripes');
  await drawFolder(folder, { circles: 60, stripes: 60 });

  await app.start.drop([folder]);
  await app.images.waitForImport();
  await expect(app.images.outcome).toContainText('120 images');
  await expect(page.getByTestId('status-project')).toHaveText('Circles and stripes');
  const counts = await app.images.readCounts();
  expect(Object.keys(counts)).toEqual(['circles', 'stripes']);
  for (const images of Object.values(counts)) expect(images.reduce((sum, n) => sum + n)).toBe(60);
  const shown = app.images.tiles.first().locator('img');
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  await app.go('train');
  await app.train.set({ epoch: 60, imageSize: 64, learningRate: 0.001 });
  await app.train.start();
  await expect(page.getByTestId('status-activity')).toContainText('Training');
  await app.train.waitForEpoch(1);
  const early = await app.train.curve();
  await app.train.waitForEpoch(2);
  await expect.poll(async () => (await app.train.curve()) !== early).toBe(true);
  await picture(page, 'training-light-1280x800');

  await page.reload();
  await expect(app.train.monitor).toBeVisible();
  await expect(app.train.status).toHaveText(/Training|Testing/);
  const afterReload = await app.train.epoch();
  expect(afterReload).toBeGreaterThanOrEqual(2);
  // A fast machine may be at the last one by now.
  await app.train.waitForEpoch(Math.min(60, afterReload + 1));

  await app.train.waitForOutcome();
  await picture(page, 'trained-light-1280x800');
  const accuracy = await app.train.testAccuracy.innerText();
  expect(Number.parseFloat(accuracy)).toBeGreaterThanOrEqual(75);

  await app.go('results');
  await expect(app.results.accuracy('test')).toHaveText(accuracy);
  const matrix = await app.results.readMatrix();
  const tested = matrix.flat().reduce((sum, n) => sum + n);
  expect(tested).toBe(counts.circles[2] + counts.stripes[2]);
  expect(`${(((matrix[0][0] + matrix[1][1]) / tested) * 100).toFixed(1)}%`).toBe(accuracy);
  await expect(app.results.facts).toContainText('64 × 64');

  // The photos behind a figure.
  await page.getByRole('button', { name: /of stripes that were called stripes/ }).click();
  await expect(page.getByTestId('judged-title')).toHaveText('stripes, named correctly');
  await page.getByTestId('open-in-images').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await expect(app.images.shown).toHaveText(new RegExp(`^${matrix[1][1]} of `));
  await expect(app.images.tiles).toHaveCount(matrix[1][1]);
  await picture(page, 'said-stripes-light-1280x800');

  await app.go('use');
  const photo = join(server.home, 'new photo.jpg');
  const notes = join(server.home, 'notes.jpg');
  await writeFile(photo, await drawPicture('stripes', 4711));
  await writeFile(notes, 'not a picture');
  await app.use.drop([photo, notes]);
  await expect(app.use.predictions).toHaveCount(2);
  const good = app.use.predictions.filter({ hasText: 'new photo.jpg' });
  await expect(good.getByTestId('prediction-label')).toHaveText('stripes');
  await expect(good.getByRole('listitem')).toHaveCount(2);
  const preview = good.locator('img');
  await expect
    .poll(() => preview.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  await expect(app.use.predictions.filter({ hasText: 'notes.jpg' })).toContainText('not an image');
});

test('pauses, resumes, stops and keeps; the run is tested and renamed, and removed', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Two shapes');
  await drawFolder(folder, { circles: 40, triangles: 40 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.set({ epoch: 500, imageSize: 64 });
  await app.train.start();
  await app.train.waitForEpoch(1);

  await app.train.pause.click();
  await expect(app.train.status).toHaveText('Paused');
  const held = await app.train.epoch();
  await page.waitForTimeout(1500);
  expect(await app.train.epoch()).toBe(held);
  await app.train.pause.click();
  await app.train.waitForEpoch(held + 1);

  await app.train.stop.click();
  await expect(app.train.status).toHaveText('Stopped');
  await app.go('results');
  await expect(app.results.accuracy('validation')).toBeVisible();

  if (await app.results.measure('test').isVisible()) await app.results.measure('test').click();
  await expect(app.results.accuracy('test')).toBeVisible();
  await expect(app.results.matrix).toBeVisible();
  await app.results.measure('validation').click();
  await expect(page.getByRole('heading', { name: 'Class by class, validation images' })).toBeVisible();

  await page.keyboard.press('F2');
  await page.getByTestId('run-name-input').fill('Half an hour of shapes');
  await page.keyboard.press('Enter');
  await expect(app.results.name).toHaveText('Half an hour of shapes');
  await expect(app.results.runs.first()).toContainText('Half an hour of shapes');

  // The focus stays where the user put it, and on what takes the place of a button that disappears.
  await page.keyboard.press('F2');
  await page.getByTestId('run-name-input').fill('Shapes');
  await page.getByTestId('run-notes').click();
  await expect(app.results.name).toHaveText('Shapes');
  await expect(page.getByTestId('run-notes')).toBeFocused();
  await page.getByTestId('remove-run').click();
  await expect(page.getByTestId('keep-run')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('remove-run')).toBeFocused();

  await page.getByTestId('remove-run').click();
  await page.getByTestId('confirm-remove').click();
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
});
