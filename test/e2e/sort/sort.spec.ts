/** A folder dropped on Sort: predicted, reviewed by keys, sorted into folders, and put back. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from '../support/accessible.ts';
import { dropPaths } from '../support/drop.ts';
import { drawFolder } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

test('sorts a folder, with a review by keys, and undoes it', async ({ trained, trainedServer }) => {
  test.setTimeout(180_000);
  const { page } = trained;
  const folder = join(trainedServer.home, 'card');
  await drawFolder(folder, { circles: 8, stripes: 8 });
  await trained.go('use');
  await page.getByTestId('sort-folder').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sort a folder' })).toBeVisible();
  await page.getByTestId('own-threshold').click();
  await page.getByRole('spinbutton', { name: 'Unknown below, in percent' }).fill('99');
  await page.getByRole('spinbutton', { name: 'Unknown below, in percent' }).press('Enter');
  await expectAccessible(page, 'sorting before a folder is chosen');
  await dropPaths(page.getByTestId('drop-area'), [folder]);

  const views = page.getByTestId('views');
  await expect(page.getByTestId('apply-sort')).toBeVisible({ timeout: 60_000 });
  await expect(views.getByRole('button', { name: /All photos/ })).toContainText('16');
  const review = views.getByRole('button', { name: /To review/ });
  const doubtful = Number((await review.innerText()).replace(/\D/g, ''));
  expect(doubtful).toBeGreaterThan(2);
  await expect(page.getByTestId('sorted-photo').first()).toBeFocused();
  await page.keyboard.press('2');
  await expect(review).toContainText(String(doubtful - 1));
  await expect(page.getByTestId('sorted-photo').first().locator('[data-fate]')).toHaveText('stripes');
  await page.keyboard.press('Enter');
  await expect(review).toContainText(String(doubtful - 2));
  await page.keyboard.press('z');
  await expect(review).toContainText(String(doubtful - 1));
  await page.keyboard.press('t');
  await page.getByTestId('sort-finder').getByRole('textbox').fill('hexagons');
  await page.keyboard.press('Enter');
  await expect(views.getByRole('button', { name: /hexagons/ })).toContainText('1');
  await expectAccessible(page, 'a sorting in review');
  await pictures(page, 'sort-review');

  await page.getByTestId('apply-sort').click();
  await expect(page.getByTestId('undo-sort')).toBeVisible({ timeout: 30_000 });
  const out = await page.getByTestId('sort-plan').locator('[title]').first().getAttribute('title');
  expect(readdirSync(join(out!, 'hexagons'))).toHaveLength(1);
  await page.reload();
  await page.getByTestId('open-sorting').first().click();
  await page.getByTestId('undo-sort').click();
  await expect(page.getByTestId('apply-sort')).toBeVisible({ timeout: 30_000 });
  expect(existsSync(join(out!, 'hexagons'))).toBe(false);
});
