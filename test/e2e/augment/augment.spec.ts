/** Augment: what a slider does is seen at once, and is what training sees. */
import { join } from 'node:path';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { picture } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

test('changes the pictures with a slider, rolls again, and keeps the settings', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Shapes to change');
  await drawFolder(folder, { circles: 20, triangles: 20 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('augment');
  const { augment } = app;
  await expect(augment.augmented).toHaveCount(15);
  await expect(page.getByTestId('original')).toBeVisible();

  const lesson = await augment.pixels();
  await augment.changing(() => augment.slider('rotation_range').press('Home'));
  const upright = await augment.pixels();
  expect(upright).not.toBe(lesson);
  await expect(page.getByTestId('value-rotation_range')).toHaveText('0°');
  await augment.changing(() => augment.slider('rotation_range').press('ArrowRight'));
  await expect(page.getByTestId('value-rotation_range')).toHaveText('1°');
  expect(await augment.pixels()).not.toBe(upright);
  // Back to where it was: the same dice give the same pictures.
  await augment.changing(() => augment.choosePreset('As in the lesson'));
  expect(await augment.pixels()).toBe(lesson);

  await augment.changing(() => page.getByTestId('roll').click());
  expect(await augment.pixels()).not.toBe(lesson);
  await augment.changing(() => augment.switchOf('vertical-flip').click());
  await augment.changing(() => augment.switchOf('hue').click());
  await expect(augment.preset).toHaveText('My own');
  await augment.changing(() => page.getByText('Mirrored').click());
  await augment.changing(() => page.getByTestId('photo-strip').getByRole('radio').nth(3).click());
  const own = await augment.pixels();

  // Kept in the project: there after a reload.
  await page.waitForTimeout(700);
  await page.reload();
  await expect(augment.augmented).toHaveCount(15);
  await expect(augment.preset).toHaveText('My own');
  await expect(augment.switchOf('hue')).toBeChecked();
  expect(await augment.pixels()).not.toBe(own);

  await augment.augmented.nth(4).click();
  await expect(augment.loupe).toContainText('5 of 15');
  await page.keyboard.press('ArrowRight');
  await expect(augment.loupe).toContainText('6 of 15');
  await page.keyboard.press('Escape');
  await expect(augment.results).toBeVisible();
});

test('shows a step with shapes, labels, values and pixels, as training gets it', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Shapes in batches');
  await drawFolder(folder, { circles: 40, stripes: 40 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('augment');
  const { augment } = app;
  await expect(augment.augmented).toHaveCount(15);
  await page.keyboard.press('2');
  await expect(augment.batch).toBeVisible();
  await expect(page.getByTestId('batch-recipe')).toBeVisible();
  await page.getByTestId('batch-recipe').click();
  await page.getByRole('option', { name: 'From scratch, augmented' }).click();
  await expect(page.getByTestId('batch-shape')).toHaveText('(32, 150, 150, 3)');
  await expect(page.getByTestId('label-shape')).toHaveText('(32,)');
  await expect(page.getByTestId('batch-range')).toHaveText(/^0\.\d\d to (0|1)\.\d\d, mean 0\.\d\d$/);
  await expect(augment.batchImages).toHaveCount(32);
  const first = await augment.pixels();
  await page.getByRole('button', { name: 'Increase' }).or(page.getByLabel('Increment')).first().click();
  await expect.poll(() => augment.pixels()).not.toBe(first);
  await expect(page.getByText(/of 10,?000, in epoch 1/)).toBeVisible();
  await picture(page, 'augment-step-light-1280x800');

  await augment.batchImages.first().click();
  await augment.loupe.locator('canvas').last().hover();
  await expect(page.getByTestId('pixel')).toContainText(/row \d+, column \d+.*to the network/);
  await picture(page, 'augment-loupe-light-1280x800');
  await page.keyboard.press('Escape');
  await expectAccessible(page, 'a step of augmentation');
});

test('says what to do without photos', async ({ app, page }) => {
  await app.start.create('Nothing yet');
  await app.go('augment');
  await expect(page.getByRole('heading', { name: 'No photos to change yet' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to Images' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
});
