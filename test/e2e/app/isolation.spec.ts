/** What is damaged or gone is shown as that, and everything else goes on. */
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

test('a damaged run is shown with what is wrong and can be removed; a folder that is gone is said to be', async ({
  app,
  server,
  page,
}) => {
  const photos = join(server.home, 'shapes');
  await drawFolder(photos, { circles: 6, stripes: 6 });
  await app.start.drop([photos]);
  await app.images.waitForImport();
  const [name] = await readdir(server.projects);
  const folder = join(server.projects, name);
  await app.go('start');
  await page.getByTestId('close-project').click();
  await expect(page.getByTestId('status-project')).toHaveText('No project open');
  const database = new DatabaseSync(join(folder, 'project.db'));
  database.exec(`INSERT INTO run (id, name, recipe, status, created_at, settings, classes, data_hash)
    VALUES ('run-bad', 'Monday’s run', 'scratch', 'done', '2026-11-23T09:00:00.000Z', '{"epochs":-3}', '[]', '')`);
  database.close();

  await app.start.recent.getByRole('button', { name }).first().click();
  await app.go('results');
  const damaged = page.getByTestId('damaged-runs');
  await damaged.getByText('Monday’s run', { exact: true }).click();
  await expect(damaged).toContainText('is damaged');
  await expect(page.getByRole('heading', { name: 'No run can be read' })).toBeVisible();
  await expectAccessible(page, 'damaged runs', {
    within: '[data-testid="damaged-runs"]',
    everyImpact: true,
  });
  await pictures(page, 'damaged-runs');
  await damaged.getByTestId('remove-damaged').click();
  await damaged.getByTestId('confirm-remove').click();
  await expect(damaged).toBeHidden();
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();

  await app.go('images');
  await expect(page.getByTestId('project-notice')).toBeHidden();
  // A picture that is still on its way would rightly fail once the folder is gone.
  const loaded = (): Promise<boolean> =>
    app.images.tiles
      .locator('img')
      .evaluateAll(
        (all) => all.length === 12 && all.every((one) => (one as HTMLImageElement).naturalWidth > 0),
      );
  await expect.poll(loaded).toBe(true);
  await rename(folder, `${folder} moved`);
  const notice = page.getByTestId('project-notice');
  await expect(notice).toHaveAttribute('data-code', 'PROJECT_GONE');
  await expect(page.getByTestId('saved')).toHaveAttribute('data-state', 'failed');
  await pictures(page, 'project-gone');
  await rename(`${folder} moved`, folder);
  await expect(notice).toBeHidden();
});
