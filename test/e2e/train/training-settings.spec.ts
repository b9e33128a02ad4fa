/** Every setting of a training: explained, checked, given back, and what the plan makes of it. */
import { join } from 'node:path';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { expect, test } from '../support/test.ts';

test('changes the plan with a setting, explains a wrong value, and resets all', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Two shapes');
  await drawFolder(folder, { circles: 40, stripes: 40 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  const { train } = app;
  await train.chooseRecipe('From scratch');
  await expect(train.fact('epoch')).toHaveText('30');
  await expect(page.getByTestId('stages')).toContainText('The whole network learns');

  await train.set({ epoch: 7, imageSize: 64, batch: 8 });
  await expect(train.fact('epoch')).toHaveText('7');
  await expect(train.fact('imageSize')).toHaveText('64 × 64');
  await expect.poll(async () => Number(await train.fact('step').innerText())).toBeGreaterThanOrEqual(6);
  await expect(page.locator('[data-setting="epochs"]')).toContainText('Recommended: 30.');

  await train.setting('epoch').fill('2.5');
  await expect(page.getByTestId('problem-epoch')).toContainText('A whole number');
  await expect(page.getByTestId('problem-epoch')).toContainText('7 is used');
  await expect(train.fact('epoch')).toHaveText('7');
  await train.setting('epoch').fill('9');
  await expect(page.getByTestId('problem-epoch')).toBeHidden();
  await expect(train.fact('epoch')).toHaveText('9');
  await page.getByTestId('reset-epoch').click();
  await expect(train.fact('epoch')).toHaveText('30');
  await expect(train.setting('epoch')).toHaveValue('30');

  // Switches, choices and sliders by keyboard.
  await page.getByTestId('switch-patience').focus();
  await page.keyboard.press('Space');
  await expect(train.setting('patience')).toHaveValue('8');
  await train.setting('schedule').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'Cosine' }).press('Enter');
  await expect(page.getByTestId('stages')).toContainText('falling to 0');
  const dropout = page.locator('[data-setting="dropout"]');
  await dropout.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(dropout.locator('output')).toHaveText('0.10');

  await expect(page.getByTestId('augmentation-summary')).toHaveText('Nothing is changed.');
  await page.getByRole('radio', { name: 'From Augment' }).check({ force: true });
  await expect(page.getByTestId('augmentation-summary')).toContainText('Rotation 40°');

  // What was set survives a look at another screen.
  await page.getByRole('link', { name: 'Edit in Augment' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Augment' })).toBeVisible();
  await app.go('train');
  await expect(train.setting('patience')).toHaveValue('8');
  await expect(page.getByTestId('augmentation-summary')).toContainText('Rotation 40°');

  const network = page.getByRole('button', { name: /The network, layer by layer/ });
  await network.click();
  await expect(page.getByTestId('trains-sentence')).toHaveText('12 weight tensors, all of them train.');
  await expect(page.getByTestId('layers').locator('[data-learns="yes"]')).toHaveCount(6);
  await expect(page.getByTestId('layers')).toContainText('dropout');

  await expectAccessible(page, 'training settings');

  await page.getByTestId('reset-all').click();
  await expect(page.getByTestId('reset-all')).toBeHidden();
  await expect(train.setting('recipe')).toContainText('Chosen for you');
  await expect(page.getByTestId('switch-patience')).not.toBeChecked();
});

test('finds a learning rate, shows its curve and uses it; can be cancelled', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Two shapes');
  await drawFolder(folder, { circles: 40, stripes: 40 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.set({ imageSize: 64 });
  await page.getByTestId('find-rate').click();
  const finder = page.getByTestId('rate-finder');
  await expect(finder.getByRole('heading')).toBeFocused();
  await expect(page.getByTestId('finder-reading')).toContainText('loss', { timeout: 60_000 });
  await page.getByTestId('finder-cancel').click();
  await expect(page.getByTestId('finder-cancel')).toBeHidden();
  await expect(page.getByTestId('use-rate')).toBeHidden();

  await finder.getByRole('button', { name: 'Again' }).click();
  const use = page.getByTestId('use-rate');
  await expect(use).toBeVisible({ timeout: 90_000 });
  const rate = Number(/[\de.-]+$/.exec(await use.innerText())?.[0]);
  expect(rate).toBeGreaterThan(1e-6);
  expect(rate).toBeLessThan(1);
  await finder.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('finder-reading')).toContainText('1.0e-7');
  await use.click();
  await expect(app.train.setting('learningRate')).toHaveValue(String(rate.toFixed(8)).replace(/\.?0+$/, ''));
  await expect(finder).toContainText('This is the rate that is set');
  // The engine is free again.
  await expect(app.train.trainButton).toBeEnabled();
});
