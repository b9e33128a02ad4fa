/** A project whose database is lost: Start offers its backups, restoring brings the photos back, nothing is deleted. */
import { copyFile, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

test('a lost database is restored with the button beside the message', async ({ app, server, page }) => {
  const source = join(server.home, 'Lost and found');
  const folder = join(server.projects, 'Lost and found');
  const database = join(folder, 'project.db');
  await drawFolder(source, { circles: 6, stripes: 6 });
  await app.start.drop([source]);
  await app.images.waitForImport();
  await app.go('start');
  await page.getByTestId('close-project').click();
  await expect(page.getByTestId('status-project')).toHaveText('No project open');
  await copyFile(database, join(server.home, 'older.db'));
  await truncate(database, 0);

  const recent = app.start.recent.getByRole('button', { name: /^Lost and found/ });
  await recent.click();
  await expect(app.error).toHaveAttribute('data-code', 'PROJECT_DAMAGED');
  const restore = page.getByTestId('restore-backup');
  await expect(restore).toContainText('12 images');
  await pictures(page, 'restore-offered');
  await expectAccessible(page, 'a backup is offered');
  await restore.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await expect(app.images.tiles).toHaveCount(12);
  expect((await readdir(folder)).some((name) => name.startsWith('project.db.damaged-'))).toBe(true);

  // More photos, and then the older database put back by hand.
  const more = join(server.home, 'more');
  await drawFolder(more, { triangles: 4 });
  await app.images.drop([more]);
  await expect(app.images.tiles).toHaveCount(16);
  await app.go('start');
  await page.getByTestId('close-project').click();
  await expect(page.getByTestId('status-project')).toHaveText('No project open');
  await copyFile(join(server.home, 'older.db'), database);
  await recent.click();
  const unknown = page.getByTestId('unknown-photos');
  await expect(unknown).toContainText('4 photos in uploads/ are not in the project');
  await pictures(page, 'unknown-photos');
  await expectAccessible(page, 'unknown photos');
  await page.getByTestId('import-unknown').click();
  await expect(unknown).toBeHidden();
  await expect(app.images.tiles).toHaveCount(16);
});
