/** What goes wrong says what it is and what to do, and the app goes on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawFolder, drawPicture } from '../support/photos.ts';
import { expect, test } from '../support/test.ts';

test('a folder without images says what was expected and what was found', async ({ app, server }) => {
  const folder = join(server.home, 'letters');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'a.txt'), 'dear');
  await writeFile(join(folder, 'b.txt'), 'sir');
  await app.start.drop([folder]);
  await expect(app.error).toHaveAttribute('data-code', 'DATASET_NO_IMAGES');
  await expect(app.error).toContainText('one folder per class');
});

test('one class alone is named, and training is held back with the reason', async ({ app, server, page }) => {
  const folder = join(server.home, 'only circles');
  await drawFolder(folder, { circles: 8 });
  await app.start.drop([folder]);
  await expect(page.locator('[data-code="DATASET_ONE_CLASS"]')).toContainText('circles');
  await app.go('train');
  await expect(app.train.trainButton).toBeDisabled();
  await expect(page.locator('main [data-code="DATASET_ONE_CLASS"]')).toContainText('second class');
});

test('broken photos are set aside with a reason each; the import goes on', async ({ app, server, page }) => {
  const folder = join(server.home, 'mixed');
  await drawFolder(folder, { circles: 12, stripes: 12 });
  const whole = await drawPicture('circles', 99);
  await writeFile(join(folder, 'circles', 'empty.jpg'), '');
  await writeFile(join(folder, 'circles', 'page.jpg'), '<!doctype html><title>404</title>');
  await writeFile(join(folder, 'stripes', 'cut.jpg'), whole.subarray(0, Math.floor(whole.length / 2)));
  await writeFile(join(folder, 'stripes', 'Füchse 🦊 北极狐.jpg'), whole);
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await expect(app.images.outcome).toContainText('25 images');
  await app.images.outcome.getByRole('button', { name: '3 files set aside' }).click();
  await expect(app.images.quarantine.locator('[data-code="IMAGE_EMPTY"]')).toContainText('empty.jpg');
  await expect(app.images.quarantine.locator('[data-code="IMAGE_NOT_AN_IMAGE"]')).toContainText('page.jpg');
  await expect(app.images.quarantine.locator('[data-code="IMAGE_TRUNCATED"]')).toContainText('cut.jpg');

  await app.images.filterText.fill('北极狐');
  await expect(app.images.tiles).toHaveCount(1);
  await app.images.tiles.first().click();
  await expect(app.images.details).toContainText('Füchse 🦊 北极狐.jpg');

  // The same folder again: everything is known.
  await app.images.filterText.fill('');
  await app.images.drop([folder]);
  await expect(page.getByTestId('import-outcome')).toContainText('25 already here', { timeout: 60_000 });
});

test('an import can be cancelled and gone on with', async ({ app, server, page }) => {
  const folder = join(server.home, 'many');
  await drawFolder(folder, { circles: 300, stripes: 300 });
  await app.start.drop([folder]);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByTestId('import-running')).toBeHidden();
  await app.images.drop([folder]);
  await expect(app.images.outcome).toContainText('Imported', { timeout: 90_000 });
  const counts = await app.images.readCounts();
  expect(Object.values(counts).map((row) => row.reduce((sum, n) => sum + n))).toEqual([300, 300]);
});

test('settings that cannot work are refused before training, with the smallest that can', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'shapes');
  await drawFolder(folder, { circles: 10, stripes: 10 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.set({ imageSize: 20 });
  await expect(page.locator('main [data-code="MODEL_TOO_SMALL_INPUT"]')).toContainText('at least');
  await expect(app.train.trainButton).toBeDisabled();
  await app.train.set({ imageSize: 64 });
  await expect(app.train.trainButton).toBeEnabled();
});

test('a wrong token gets a page that says where the right address is', async ({ page, server }) => {
  const answer = await page.goto(`${server.origin}/?token=wrong`);
  expect(answer?.status()).toBe(401);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('body')).toContainText('address it printed');
});

test('a killed server: the page says so; the new one asks for its own address and has the project', async ({
  app,
  server,
  page,
}) => {
  await app.start.create('Survivor');
  await expect(page.getByRole('heading', { name: 'Images', level: 1 })).toBeVisible();
  await expect(page.getByTestId('status-project')).toHaveText('Survivor');
  await page.waitForLoadState('networkidle');
  await server.restart();
  await expect(page.getByTestId('connection-notice')).toContainText('was restarted', { timeout: 30_000 });
  // The page itself still works.
  await app.go('start');
  await page.goto(server.url);
  await expect(app.start.recent).toContainText('Survivor');
  await app.start.recent.getByRole('button', { name: /^Survivor/ }).click();
  await expect(page.getByTestId('status-project')).toHaveText('Survivor');
});

test('killed in the middle of a training: the run waits as interrupted, and resume goes on from it', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Interrupted shapes');
  await drawFolder(folder, { circles: 20, stripes: 20 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.set({ epoch: 200, imageSize: 64 });
  await app.train.start();
  await app.train.waitForEpoch(2);
  const reached = await app.train.epoch();

  await server.restart();
  await page.goto(server.url);
  await app.start.recent.getByRole('button', { name: /^Interrupted shapes/ }).click();
  await app.go('results');
  await expect(app.results.runs.first()).toContainText('Interrupted');
  await page.getByRole('link', { name: 'Resume on Train' }).click();
  const kept = await app.train.epoch();
  expect(kept).toBeGreaterThanOrEqual(reached - 1);
  await app.train.outcome.or(app.error).getByRole('button', { name: 'Resume' }).click();
  await expect(app.train.status).toHaveText(/Preparing|Training/);
  await app.train.waitForEpoch(kept + 1);
});
