/** Finding what is wrong with the photos, and fixing it: planted mistakes, found and fixed as a user would. */
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { noisePicture, writeFiles } from '../../fixtures/photos/photos.ts';
import { missingData, sharedData } from '../../fixtures/shared-data.ts';
import { type Planted, inside, spoilPhotos } from '../../fixtures/photos/spoiled-photos.ts';
import type { AppPage } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { picture, pictures } from '../support/screenshots.ts';
import type { HostedApp } from '../support/test.ts';
import { expect, test } from '../support/test.ts';

/** Photos with planted mistakes; two of the copies are in the test split, with half of the others. */
async function leakyPhotos(server: HostedApp): Promise<{ folder: string; planted: Planted }> {
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
async function openSpoiled(app: AppPage, server: HostedApp): Promise<Planted> {
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
  await page.getByTestId('open-in-images').click();
  await expect(app.images.shown).toHaveText('4 of 83');
  const counts = await app.images.readCounts();
  expect(Object.values(counts).reduce((sum, row) => sum + row[2], 0)).toBe(2);
});

test('findings are enlarged, fixed one by one by key, dismissed and restored', async ({
  app,
  server,
  page,
}) => {
  const planted = await openSpoiled(app, server);
  await app.check.runAll();

  await app.check.open('near-duplicates');
  await expect(app.check.rows.first()).toBeVisible();
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
  await expect(app.check.row('tiny')).toContainText('1 finding dismissed');
  await app.check.open('tiny');
  await page.getByText('Dismissed 1', { exact: true }).click();
  await expect(app.check.rows).toHaveCount(1);
  await app.check.dismiss.click();
  await expect(page.getByRole('heading', { name: 'No finding is dismissed' })).toBeVisible();
  await app.check.back();
  await expect(app.check.row('tiny')).toHaveAttribute('data-findings', '1');

  // What cannot be undone is no edit of somebody else.
  await app.check.open('tiny');
  await app.check.dismiss.click();
  await expect(app.check.undo).toBeVisible();
  // The new server does not know this page.
  await server.restart();
  await app.check.undo.click();
  await expect(page.locator('[data-code="CONNECTION_LOST"]')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Something was edited since')).toBeHidden();
});

test('hundreds of findings are paged in, chosen together and fixed as one edit', async ({
  app,
  server,
  page,
}) => {
  const dark = 230;
  const files: Record<string, Buffer> = {};
  for (let i = 0; i < dark; i++) {
    const bytes = await noisePicture(i, 60, 45);
    files[`day/${i}.jpg`] = bytes;
    files[`night/${i}.jpg`] = await sharp(bytes).linear(0.06, 0).jpeg().toBuffer();
  }
  const folder = join(server.home, 'Day and night');
  await writeFiles(folder, files);
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('check');
  await page.getByTestId('run-all-first').click();
  const running = page.getByTestId('checks-running');
  // At once: a fast machine is soon through them, and a pointer waits until a button rests.
  await running.getByRole('button', { name: 'Cancel' }).dispatchEvent('click');
  await expect(running).toBeHidden();
  await app.check.runAll();
  await expect(app.check.row('dark')).toHaveAttribute('data-findings', String(dark));
  await app.check.open('dark');
  await app.check.rows.first().locator('[data-open]').focus();
  await page.keyboard.press('End');
  await expect(page.locator(`[data-row="${dark - 1}"] [data-open]`)).toBeFocused();
  await expect(page.locator(`[data-row="${dark - 1}"]`)).toContainText('night');
  await page.getByTestId('choose-all').click();
  await expect(page.getByTestId('chosen-count')).toHaveText(`${dark} findings selected`);
  await expect(app.check.preview).toContainText(`${dark} photos would change`);
  await app.check.apply.click();
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await app.check.undo.click();
  await expect(app.check.rows.first()).toBeVisible();
  await app.check.back();
  await expect(app.check.row('dark')).toHaveAttribute('data-findings', String(dark));
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

  // A split made in Images is looked at just the same.
  await app.go('images');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await maker.getByRole('spinbutton', { name: 'Seed of the split' }).fill('4');
  await maker.getByRole('button', { name: 'Replace the split' }).click();
  await expect(page.getByText('seed 4,')).toBeVisible();
  await app.go('check');
  await expect(app.check.row('split-leakage')).toHaveAttribute('data-status', 'fresh');
});

const network = sharedData('backbones/mobilenet_v2_1.0_224');
const pets = sharedData('cats_and_dogs_small/train');

test.describe('with a pretrained network', () => {
  test.skip(
    network === null || pets === null,
    missingData('backbones/mobilenet_v2_1.0_224', 'cats_and_dogs_small/train'),
  );
  test.beforeAll(() => {
    process.env.LENSLET_BACKBONES = network!;
  });
  test.afterAll(() => {
    delete process.env.LENSLET_BACKBONES;
  });

  test('wrong labels are found, and the suggested ones accepted by key', async ({ app, server, page }) => {
    const folder = join(server.home, 'Pets');
    for (const name of ['cats', 'dogs']) {
      const other = name === 'cats' ? 'dogs' : 'cats';
      await mkdir(join(folder, name), { recursive: true });
      const files = (await readdir(join(pets!, name))).sort().slice(0, 40);
      for (const file of files) await copyFile(join(pets!, name, file), join(folder, name, file));
      const [another] = (await readdir(join(pets!, other))).sort().slice(50);
      await copyFile(join(pets!, other, another), join(folder, name, `wrong in ${name}.jpg`));
    }
    await app.start.drop([folder]);
    await app.images.waitForImport();
    await app.go('check');
    await app.check.runAll();
    await app.check.open('label-errors');
    await expect(app.check.findings).toContainText(
      'wrong in cats.jpg is labelled “cats” but looks like “dogs”.',
    );
    await expect(app.check.findings).toContainText(
      'wrong in dogs.jpg is labelled “dogs” but looks like “cats”.',
    );
    await picture(page, 'check-labels-light-1280x800');
    await page.getByText('wrong in cats.jpg is labelled').click();
    await expect(app.check.view.getByTestId('suggested')).toContainText('dogs');
    await expect(app.check.view.getByTestId('effect')).toHaveText('would become dogs');
    await page.keyboard.press('a');
    await expect(app.check.undo).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(app.check.findings).not.toContainText('wrong in cats.jpg', { timeout: 60_000 });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await app.images.choose('class', 'dogs');
    await expect(app.images.shown).toHaveText('42 of 82');
  });
});

test('photos without a mistake have no findings', async ({ app, page }) => {
  await app.start.sample.click();
  await app.images.waitForImport();
  await app.go('check');
  await app.check.runAll();
  // What the checks still say about good photos can be dismissed.
  const found = app.check.overview.locator('[data-section="found"] [data-check]');
  const ids = await found.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-check')!));
  for (const id of ids) {
    await app.check.open(id);
    await expect(app.check.rows).toHaveCount(1);
    await app.check.dismiss.click();
    await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
    await app.check.back();
  }
  await expect(app.check.health).toHaveAttribute('data-kind', 'clean');
  await expect(app.check.health).toContainText(/\d+ checks looked at 300 photos and found nothing/);
  await expect(app.check.health.getByRole('link', { name: 'Train' })).toBeVisible();
  await expectAccessible(page, 'nothing found');
  await picture(page, 'check-clean-light-1280x800');
});

test('every state of the screen passes axe, and how it looks', async ({ app, server, page }) => {
  await openSpoiled(app, server);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await expectAccessible(page, 'before the first run');
  await pictures(page, 'check-welcome');
  await app.check.runAll();
  await expectAccessible(page, 'overview');
  await pictures(page, 'check-overview');
  await page.getByTestId('before-after').scrollIntoViewIfNeeded();
  await pictures(page, 'check-overview-end');
  await app.check.open('near-duplicates');
  await expect(app.check.rows.first()).toBeVisible();
  await app.check.rows.nth(1).getByRole('checkbox').check();
  await expect(app.check.preview).toContainText('would change');
  await expectAccessible(page, 'findings');
  await pictures(page, 'check-findings');
  await app.check.rows.first().locator('[data-open]').click();
  await expect(app.check.view.getByRole('figure').first()).toBeVisible();
  await expectAccessible(page, 'one finding');
  await pictures(page, 'check-finding');
  await page.keyboard.press('a');
  await expect(app.check.undo).toBeVisible();
  await expectAccessible(page, 'after a fix');
  await pictures(page, 'check-fixed');
});
