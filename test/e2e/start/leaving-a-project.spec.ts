/** Leaving a project in which something is at work: asked first, and training can be resumed where one comes back. */
import { join } from 'node:path';
import { drawFolder } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

test('asks before training is ended by opening another project, and Train offers to resume it', async ({
  app,
  server,
  page,
}) => {
  test.setTimeout(300_000);
  const folder = join(server.home, 'At work');
  await drawFolder(folder, { circles: 30, stripes: 30 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.chooseRecipe('From scratch');
  await app.train.set({ epoch: 200, imageSize: 64 });
  await app.train.start();
  await app.train.waitForEpoch(2);

  await app.go('start');
  await app.start.create('Another');
  const dialog = page.getByTestId('busy-dialog');
  await expect(dialog).toBeVisible();
  await expect(page.getByRole('dialog')).toContainText('Training “From scratch 1” has not ended');
  await pictures(page, 'busy-dialog');
  await page.getByTestId('keep-working').click();
  await expect(dialog).toBeHidden();
  await app.go('train');
  await expect(app.train.pause).toBeVisible();

  await app.go('start');
  await app.start.create('Another');
  await page.getByTestId('stop-and-leave').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await app.go('start');
  await app.start.recent.getByRole('button', { name: 'At work' }).first().click();
  await expect(app.images.tiles.first()).toBeVisible();

  await app.go('train');
  const offer = page.getByTestId('interrupted-run');
  await expect(offer).toContainText('From scratch 1 was interrupted after');
  await pictures(page, 'interrupted-run');
  await app.go('use');
  await expect(page.getByTestId('run-select')).toContainText('interrupted · untested');
  await app.go('train');
  await page.getByTestId('resume-interrupted').click();
  await expect(app.train.pause).toBeVisible({ timeout: 60_000 });
});
