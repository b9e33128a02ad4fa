/** Pretrained networks: what is here, downloading on the user's word, dropping files, removing them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { type FileServer, fileServer } from '../../fixtures/photos/file-server.ts';
import { weightNamesOfSize, writeWeightNames } from '../../fixtures/models/weights-file.ts';
import type { AppPage } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { dropPaths } from '../support/drop.ts';
import { drawFolder } from '../support/photos.ts';
import { picture, pictures } from '../support/screenshots.ts';
import type { HostedApp } from '../support/test.ts';
import { expect, test } from '../support/test.ts';

let mirror: FileServer;
test.beforeAll(async () => {
  mirror = await fileServer(new Uint8Array(0));
  process.env.LENSLET_BACKBONES_MIRROR = mirror.address;
});
test.afterAll(async () => {
  delete process.env.LENSLET_BACKBONES_MIRROR;
  await mirror.close();
});

const entry = (page: Page, reference: string): Locator => page.getByTestId(`backbone-${reference}`);

async function openList(app: AppPage, server: HostedApp): Promise<void> {
  const folder = join(server.home, 'Two shapes');
  await drawFolder(folder, { circles: 20, stripes: 20 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.chooseRecipe('Feature extraction');
  await app.page.getByTestId('get-backbones').click();
  await expect(entry(app.page, 'vgg16')).toBeVisible();
}

test('downloads weights when asked, stops, resumes and removes them', async ({ app, server, page }) => {
  mirror.content = await weightNamesOfSize(
    join(server.home, 'any.h5'),
    ['conv1', 'conv_dw_13', 'conv_pw_13'],
    17_225_924,
  );
  mirror.manners = { slowly: 32_768 };
  await openList(app, server);
  expect(mirror.ranges, 'nothing is fetched before it is asked for').toEqual([]);
  const mobilenet = entry(page, 'mobilenet');
  await expect(mobilenet).toContainText('from 127.0.0.1');
  await mobilenet.getByRole('button', { name: 'Download 17 MB for MobileNet' }).click();
  await expect(mobilenet.getByRole('progressbar')).toBeVisible();
  await expect(mobilenet).toContainText(/of 17 MB/);
  await picture(page, 'backbones-downloading-light-1280x800');
  await mobilenet.getByRole('button', { name: 'Stop' }).click();
  await expect(mobilenet.getByRole('button', { name: /Resume from \d+%/ })).toBeVisible();
  mirror.manners = {};
  await mobilenet.getByRole('button', { name: /Resume from/ }).click();
  await expect(mobilenet).toHaveAttribute('data-state', 'here');
  expect(mirror.ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  await mobilenet.getByRole('button', { name: /^Remove/ }).click();
  await mobilenet.getByTestId('confirm-remove').click();
  await expect(mobilenet).toHaveAttribute('data-state', 'missing');
});

test('reports a failed download, and takes or refuses a dropped file', async ({ app, server, page }) => {
  mirror.content = new TextEncoder().encode('<html>Please sign in</html>');
  mirror.manners = { contentType: 'text/html' };
  await openList(app, server);
  const vgg = entry(page, 'vgg16');
  await vgg.getByRole('button', { name: /Download/ }).click();
  await expect(vgg.getByRole('alert')).toContainText('The server sent a web page instead');
  await expect(vgg.getByRole('button', { name: /Download/ })).toBeVisible();

  const bad = join(server.home, 'bad.h5');
  writeFileSync(bad, '<html>');
  await dropPaths(vgg, [bad]);
  const panel = page.getByRole('complementary', { name: 'Settings' });
  await expect(panel.getByTestId('error')).toContainText('a web page');
  await page.getByRole('button', { name: 'Dismiss this message' }).click();

  const good = await writeWeightNames(join(server.home, 'my-vgg.h5'), [
    'block1_conv1',
    'block1_conv2',
    'block5_conv3',
  ]);
  await page.getByTestId('backbone-input').setInputFiles(good);
  await expect(vgg).toHaveAttribute('data-state', 'here');
  await expect(vgg).toContainText('my-vgg.h5');
  // What can be chosen for training follows at once.
  await page.getByTestId('close-backbones').click();
  await expect(page.getByTestId('setting-backbone')).toContainText('VGG16');
});

test('passes axe in the list of backbones', async ({ app, server, page }) => {
  mirror.manners = { status: 503 };
  await openList(app, server);
  await entry(page, 'resnet50')
    .getByRole('button', { name: /Download/ })
    .click();
  await expect(entry(page, 'resnet50').getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'the list of backbones');
  await pictures(page, 'backbones');
});
