/** Finding what is wrong with the photos, and mending it: planted mistakes, seen and mended as a user would. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Planted, inside, spoilPhotos } from '../fixtures/spoiled-photos.ts';
import type { AppPage } from './pages/app-page.ts';
import { picture } from './support/screenshots.ts';
import type { LensletServer } from './support/server.ts';
import { expect, test } from './support/test.ts';

/** Photos with planted mistakes; two of the copies are in the test split, with half of the others. */
async function leakyPhotos(server: LensletServer): Promise<{ folder: string; planted: Planted }> {
  const folder = join(server.home, 'Spoiled');
  const planted = await spoilPhotos(join(folder, 'train'));
  const tested = [planted.near[0][1], planted.near[1][1]];
  for (const path of tested) {
    const target = inside(join(folder, 'test'), path);
    await mkdir(dirname(target), { recursive: true });
    await rename(inside(join(folder, 'train'), path), target);
  }
  return { folder, planted };
}

/** A project of them, at the Check screen. */
async function openSpoiled(app: AppPage, server: LensletServer): Promise<Planted> {
  const { folder, planted } = await leakyPhotos(server);
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('check');
  return planted;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

test('a leak is found, its fix previewed, done, and taken back', async ({ app, server, page }) => {
  const planted = await openSpoiled(app, server);
  await expect(app.check.welcome).toContainText('less than a minute');
  await app.check.runAll();
  await expect(app.check.health).toHaveAttribute('data-kind', 'error');
  await expect(app.check.row('split-leakage')).toHaveAttribute('data-findings', '2');
  await expect(app.check.row('split-leakage')).toHaveAttribute('data-status', 'fresh');

  await app.check.open('split-leakage');
  await expect(app.check.rows).toHaveCount(2);
  await expect(app.check.findings).toContainText(nameOf(planted.near[0][1]));
  await expect(app.check.findings).toContainText('1 training, 1 test');
  await expect(app.check.preview).toContainText('1 photo would change');
  await page.getByText('All 2', { exact: true }).click();
  await expect(app.check.preview).toContainText('2 photos would change');
  await app.check.apply.click();
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();

  await app.check.undo.click();
  await expect(app.check.rows).toHaveCount(2);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const counts = await app.images.readCounts();
  expect(Object.values(counts).reduce((sum, row) => sum + row[2], 0)).toBe(2);
});

test('findings are looked at large, mended one by one by key, put aside and brought back', async ({
  app,
  server,
  page,
}) => {
  const planted = await openSpoiled(app, server);
  await app.check.runAll();

  await app.check.open('near-duplicates');
  const before = await app.check.rows.count();
  expect(before).toBeGreaterThan(planted.near.length);
  await app.check.rows.first().locator('[data-open]').focus();
  await page.keyboard.press('Enter');
  await expect(app.check.view.getByRole('figure')).toHaveCount(2);
  await expect(app.check.view.getByRole('img').first()).toHaveAttribute('alt', /\.jpg, .+, (training|test)$/);
  await expect(app.check.view.getByTestId('effect')).toHaveText(['would be excluded']);
  const first = await app.check.view.getByRole('heading').innerText();
  await page.keyboard.press('a');
  await expect(app.check.view.getByRole('heading')).not.toHaveText(first);
  await expect(app.check.undo).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(app.check.rows).toHaveCount(before - 1);

  await app.check.back();
  await app.check.open('tiny');
  await app.check.rows.first().locator('[data-open]').focus();
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await app.check.back();
  await expect(app.check.row('tiny')).toContainText('1 finding put aside');
  await app.check.open('tiny');
  await page.getByText('Put aside 1', { exact: true }).click();
  await expect(app.check.rows).toHaveCount(1);
  await app.check.dismiss.click();
  await expect(page.getByRole('heading', { name: 'Nothing is put aside' })).toBeVisible();
  await app.check.back();
  await expect(app.check.row('tiny')).toHaveAttribute('data-findings', '1');
});

test('a split warns while near-duplicates are unknown, and then keeps them together', async ({
  app,
  server,
  page,
}) => {
  await openSpoiled(app, server);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const maker = page.getByTestId('split-maker');
  await expect(maker.getByTestId('not-searched')).toBeVisible();
  await app.check.runAll();
  await expect(maker.getByTestId('not-searched')).toBeHidden();
  await maker.getByRole('checkbox', { name: 'One session' }).check();
  await expect(maker.getByLabel('Minutes between photos of one session')).toHaveValue('5');
  await maker.getByRole('checkbox', { name: 'One session' }).uncheck();
  await maker.getByRole('spinbutton', { name: 'Seed of the split' }).fill('3');
  await maker.getByRole('button', { name: 'Replace the split' }).click();
  await expect(page.getByText('seed 3,')).toBeVisible();
  await expect(app.check.row('split-leakage')).toHaveAttribute('data-findings', '0');
  await expect(app.check.row('split-leakage')).toHaveAttribute('data-status', 'fresh');
});

async function assertAxe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  expect(told, `axe: ${where}`).toEqual([]);
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });
    test('every state of the screen passes axe, and how it looks', async ({ app, server, page }) => {
      const shoot = async (name: string): Promise<void> => {
        for (const size of [
          { width: 1280, height: 800 },
          { width: 1920, height: 1080 },
        ]) {
          await page.setViewportSize(size);
          await picture(page, `check-${name}-${theme}-${size.width}x${size.height}`);
        }
        await page.setViewportSize({ width: 1280, height: 800 });
      };
      await openSpoiled(app, server);
      await page.getByRole('button', { name: 'Change', exact: true }).click();
      await assertAxe(page, 'before the first run');
      await shoot('welcome');
      await app.check.runAll();
      await assertAxe(page, 'overview');
      await shoot('overview');
      await app.check.open('near-duplicates');
      await expect(app.check.rows.first()).toBeVisible();
      await app.check.rows.nth(1).getByRole('checkbox').check();
      await expect(app.check.preview).toContainText('would change');
      await assertAxe(page, 'findings');
      await shoot('findings');
      await app.check.rows.first().locator('[data-open]').click();
      await expect(app.check.view.getByRole('figure').first()).toBeVisible();
      await assertAxe(page, 'one finding');
      await shoot('finding');
      await page.keyboard.press('a');
      await expect(app.check.undo).toBeVisible();
      await assertAxe(page, 'after a fix');
      await shoot('fixed');
    });
  });
}
