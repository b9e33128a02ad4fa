/** What only the desktop host has, on the bundled program: its window, its core process, places instead of bytes. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DesktopApp } from '../support/desktop-app.ts';
import { drawFolder } from '../support/photos.ts';
import { expect, test } from '../support/test.ts';

/** The program behind the page. */
const desktopOf = (server: unknown): DesktopApp => server as DesktopApp;

test('a dropped folder is imported from where it lies; a core that crashes comes back with it', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Shapes');
  await drawFolder(folder, { circles: 4, stripes: 4 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const uploads = join(server.projects, 'Shapes', 'uploads');
  expect(existsSync(uploads) ? readdirSync(uploads) : []).toEqual([]);
  const shown = app.images.tiles.first().locator('img');
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  await server.restart();
  await expect(page.getByTestId('crash-notice')).toContainText('crashed and was started again');
  await expect(page.getByTestId('status-project')).toHaveText('Shapes');
  await expect(app.images.tiles).toHaveCount(8);
  await page.getByTestId('crash-notice').getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByTestId('crash-notice')).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId('status-project')).toHaveText('Shapes');
});

test('a project that is named while Lenslet runs is opened, also from the dock; what is none is reported', async ({
  app,
  server,
  page,
}) => {
  const desktop = desktopOf(server);
  for (const name of ['First', 'Second']) {
    await app.go('start');
    await app.start.create(name);
    await expect(page.getByTestId('status-project')).toHaveText(name);
  }
  await desktop.act({ do: 'minimize' });
  expect(await desktop.startAgain([join(server.projects, 'First')])).toBe(0);
  await expect(page.getByTestId('status-project')).toHaveText('First');
  expect(await desktop.act({ do: 'look' })).toMatchObject({ windows: 1, isMinimized: false });

  await desktop.act({ do: 'open-file', path: join(server.projects, 'Second', 'project.db') });
  await expect(page.getByTestId('status-project')).toHaveText('Second');

  await mkdir(join(server.home, 'empty'));
  await desktop.startAgain([join(server.home, 'empty')]);
  await expect(app.error).toBeVisible();
  await expect(page.getByTestId('status-project')).toHaveText('Second');
});

test('the folder dialog gives a project; its window keeps its place; the page has nothing of Node', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'From the dialog');
  await drawFolder(folder, { circles: 3, stripes: 3 });
  await desktopOf(server).act({ do: 'answer', folder, button: 0 });
  await page
    .getByRole('button', { name: /Choose a folder/ })
    .first()
    .click();
  await app.images.waitForImport();
  await expect(page.getByTestId('status-project')).toHaveText('From the dialog');
  expect(await page.evaluate('typeof require + typeof process + window.lenslet.host')).toBe(
    'undefinedundefinedelectron',
  );
  expect(await page.evaluate('Object.isFrozen(window.lenslet)')).toBe(true);
  await desktopOf(server).act({ do: 'close-window' });
  const kept = JSON.parse(readFileSync(join(server.home, 'settings', 'window.json'), 'utf8')) as object;
  expect(kept).toMatchObject({ bounds: { width: 1360, height: 860 }, maximized: false });
});

test('the page may use the camera and copy text, and nothing else; it stays on its page and asks nobody', async ({
  page,
  server,
}) => {
  await expect(page.getByTestId('sample')).toBeVisible();
  const attempt = (work: string): Promise<string> =>
    page.evaluate(`(${work}).then(() => 'allowed', (error) => error.name)`);
  expect(await attempt(`navigator.mediaDevices.getUserMedia({ video: true })`)).toBe('allowed');
  expect(await attempt(`navigator.mediaDevices.getUserMedia({ video: true, audio: true })`)).toBe(
    'NotAllowedError',
  );
  expect(await attempt(`navigator.clipboard.readText()`)).toBe('NotAllowedError');
  expect(await attempt(`navigator.clipboard.writeText('a path')`)).toBe('allowed');
  expect(await attempt(`fetch('https://example.invalid/')`)).toBe('TypeError');
  await page.evaluate(`location.assign('https://example.invalid/')`);
  await page.evaluate(`window.open('https://example.invalid/')`);
  await page.waitForTimeout(300);
  expect(page.url()).toContain(server.origin);
  expect(
    page
      .context()
      .pages()
      .filter((one) => one.url().includes('example')),
  ).toEqual([]);
});

test('photos that are dropped on Use are shown and predicted where they lie', async ({ trained, server }) => {
  const { page } = trained;
  const folder = join(server.home, 'unseen');
  await drawFolder(folder, { circles: 3, stripes: 2 });
  await trained.go('use');
  await trained.use.drop([folder]);
  const cards = page.getByTestId('predictions').locator('img');
  await expect(cards).toHaveCount(5);
  for (const card of await cards.all())
    await expect
      .poll(() => card.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(10);

  await trained.go('explain');
  await page.locator('[data-tab="explain-heatmap"]').click();
  const heatmap = page.getByTestId('heatmap').first().locator('img').last();
  await expect
    .poll(() => heatmap.evaluate((image: HTMLImageElement) => image.naturalWidth), { timeout: 60_000 })
    .toBeGreaterThan(10);
});
