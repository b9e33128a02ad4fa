/** Settings: the ways in, fast mathematics and what it is worth, the cache. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { expect, test } from '../support/test.ts';

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Settings' });

/** True where this processor gains from fast mathematics; elsewhere it must be said why there is no switch. */
async function isOffered(page: Page): Promise<boolean> {
  await expect(page.getByTestId('status-engine')).not.toContainText('starting');
  const switched = page.getByTestId('fast-math-switch');
  const why = page.getByTestId('fast-math-why');
  await expect(switched.or(why)).toBeVisible();
  if (await switched.isVisible()) return true;
  await expect(why).toContainText(/processor|graphics card|TensorFlow/);
  await expect(page.getByTestId('compare-fast-math')).toBeHidden();
  return false;
}

test('opens by the gear, by a key and from the engine; the focus comes back; fast mathematics is switched', async ({
  app,
  page,
}) => {
  await expect(app.start.sample).toBeVisible();
  const dialog = dialogOf(page);
  const gear = page.getByTestId('open-settings');
  await gear.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await expect(page.getByTestId('fast-math')).toBeVisible();
  await expect(dialog).not.toContainText('Storage');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(gear).toBeFocused();

  await app.start.sample.focus();
  await page.keyboard.press('ControlOrMeta+,');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(app.start.sample).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('complementary').getByText('Settings')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByTestId('status-engine').click();
  await page.getByTestId('engine-settings').click();
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('status-engine')).toBeFocused();
  await gear.click();
  if (await isOffered(page)) {
    await expect(page.getByTestId('comparison-missing')).toContainText('Open a project');
    const fast = page.getByTestId('fast-math-switch');
    await expect(fast).not.toBeChecked();
    await fast.focus();
    await page.keyboard.press('Space');
    await expect(fast).toBeChecked();
    // Nothing is at work: the engine starts again with it at once.
    await expect(page.getByTestId('fast-math-pending')).toBeHidden();
    await expect(page.getByTestId('status-engine')).not.toContainText('starting');
    await page.keyboard.press('Escape');
    await page.reload();
    await gear.click();
    await expect(fast).toBeChecked();
    await fast.click();
    await expect(fast).not.toBeChecked();
  }
  await expectAccessible(page, 'settings');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('compares on a trained network, clears the cache and limits it', async ({ app, server, page }) => {
  // Four engines are started one after the other.
  test.setTimeout(300_000);
  const folder = join(server.home, 'Two shapes');
  await drawFolder(folder, { circles: 30, stripes: 30 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const dialog = dialogOf(page);
  const gear = page.getByTestId('open-settings');
  await gear.click();
  if (await isOffered(page)) await expect(page.getByTestId('comparison-missing')).toContainText('Train one');
  await page.keyboard.press('Escape');
  await app.go('train');
  await app.train.set({ epoch: 2, imageSize: 64 });
  await app.train.start();
  await app.train.waitForOutcome();

  await gear.click();
  if (await isOffered(page)) {
    const compare = page.getByTestId('compare-fast-math');
    await compare.click();
    await expect(dialog.getByTestId('task')).toContainText('of 4', { timeout: 60_000 });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(compare).toHaveText('Compare');
    await expect(compare).toBeFocused();
    await expect(page.getByTestId('comparison')).toBeHidden();
    await compare.click();
    const table = page.getByTestId('comparison');
    await expect(table).toBeVisible({ timeout: 120_000 });
    await expect(table.locator('[data-row="step"]')).toContainText(/\d ms.*\d ms.*(times as|about as fast)/);
    await expect(table.locator('[data-row="predict"]')).toContainText('Predicting 60 photos');
    await expect(table.locator('[data-row="accuracy"]')).toContainText(/\d%.*\d%/);
    await expect(page.getByTestId('comparison-difference')).toContainText(/(same|another) class/);
    await expectAccessible(page, 'settings');
  }

  const parts = dialog.locator('[data-part]');
  const thumbnails = dialog.locator('[data-part="thumbnails"]');
  const size = page.getByTestId('cache-size');
  await expect(parts.first()).toContainText('Tiles of');
  await expect(size).toContainText(/[kM]B/);
  await expect(thumbnails.locator('td').first()).toHaveText('60');
  await thumbnails.getByRole('button', { name: 'Clear' }).click();
  await expect(thumbnails.getByTestId('part-size')).toHaveText('0 B');
  await expect(page.getByTestId('clear-outcome')).toContainText('freed');
  await expect(thumbnails.getByRole('button', { name: 'Clear' })).toBeFocused();
  const tiles = parts.filter({ hasText: 'Tiles of' }).first();
  const name = await tiles.getAttribute('data-part');
  await tiles.getByRole('button', { name: 'Clear' }).click();
  await expect(dialog.locator(`[data-part="${name}"]`)).toHaveCount(0);
  await expect(page.getByTestId('clear-all')).toBeFocused();
  await page.getByTestId('clear-all').click();
  await expect(size).toHaveText('0 B');
  await expect(parts).toHaveCount(1);

  const limit = page
    .getByTestId('cache-limit')
    .locator('input')
    .or(page.locator('input[data-testid="cache-limit"]'));
  await limit.fill('much');
  await limit.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('A number of gigabytes');
  await limit.fill('1.5');
  await limit.press('Enter');
  await expect(dialog).toContainText('of at most 1.5 GB');
  // What was begun in the field does not count when the button is pressed.
  await limit.fill('3');
  await page.getByTestId('cache-limit-automatic').click();
  await expect(dialog).not.toContainText(/of at most (1\.5|3) GB/);
  await expect(limit).toHaveValue('');
  await page.keyboard.press('Escape');

  // All is made again when it is wanted.
  await app.go('images');
  await page.reload();
  await expect(app.images.tiles.first().locator('img')).toBeVisible();
  await gear.click();
  await expect(size).not.toHaveText('0 B');
});
