/** The addresses under which the page is opened again: reload, a second tab, a bookmark, a new start. */
import { drawFolder } from '../support/photos.ts';
import { expect, test } from '../support/test.ts';

test('reload, a second tab, a bookmark and a copied address show the project and its photos', async ({
  app,
  page,
  server,
}) => {
  const folder = `${server.home}/Shapes`;
  await drawFolder(folder, { circles: 4, stripes: 4 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const photosShow = async (shown: typeof page): Promise<void> => {
    const photo = shown.locator('img[src*="thumbnail"]').first();
    await expect(photo).toBeVisible();
    await expect
      .poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
  };
  await photosShow(page);
  expect(page.url()).not.toContain('key=');
  await page.reload();
  await photosShow(page);
  for (const address of [page.url(), `${server.origin}/#/images`, `${server.origin}/~old/#/images`]) {
    const second = await page.context().newPage();
    await second.goto(address);
    await photosShow(second);
    await second.close();
  }
});

test('a browser that has the cookie alone is told to open the printed address', async ({
  app,
  page,
  server,
}) => {
  await expect(app.start.recent.or(page.getByRole('heading', { level: 1 })).first()).toBeVisible();
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${server.origin}/`);
  await expect(page.getByTestId('connection-notice')).toContainText('Open the address', { timeout: 30_000 });
});

test('after a new start one tab with the new address brings the others back', async ({
  app,
  page,
  server,
}) => {
  await app.start.create('Two tabs');
  await expect(page.getByTestId('status-project')).toHaveText('Two tabs');
  await server.restart();
  await expect(page.getByTestId('connection-notice')).toBeVisible({ timeout: 30_000 });
  const second = await page.context().newPage();
  await second.goto(server.url);
  await expect(page.getByTestId('connection-notice')).toBeHidden({ timeout: 30_000 });
});
