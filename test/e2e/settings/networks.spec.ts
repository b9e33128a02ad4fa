/** Settings, pretrained networks: downloading, verifying, removing and adding them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { weightNamesOfSize } from '../../fixtures/models/weights-file.ts';
import { type FileServer, fileServer } from '../../fixtures/photos/file-server.ts';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
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

const section = (page: Page): Locator => page.getByTestId('settings-networks');
const entry = (page: Page, reference: string): Locator => section(page).getByTestId(`backbone-${reference}`);

async function openSettings(page: Page): Promise<void> {
  await page.getByTestId('open-settings').click();
  await expect(entry(page, 'vgg16')).toBeVisible();
}

/** Changes the last byte of a file. */
function damage(path: string): void {
  const content = readFileSync(path);
  content[content.length - 1] ^= 1;
  writeFileSync(path, content);
}

test('downloads a network without a project, stops, resumes, verifies and removes it by keyboard', async ({
  app,
  server,
  page,
}) => {
  const layers = ['conv1', 'conv_dw_13', 'conv_pw_13'];
  mirror.content = await weightNamesOfSize(join(server.home, 'any.h5'), layers, 17_225_924);
  mirror.manners = { slowly: 32_768 };
  await expect(app.start.sample).toBeVisible();
  await openSettings(page);
  await expect(section(page).getByRole('listitem')).toHaveCount(9);
  await expect(entry(page, 'efficientnet-lite2')).toContainText('checked by SHA-256');
  await expect(entry(page, 'vgg16')).toContainText('checked by MD5');
  const mobilenet = entry(page, 'mobilenet');
  await expect(mobilenet).toContainText('checked by size (no hash is published)');
  await section(page).getByRole('heading', { name: 'Pretrained networks' }).scrollIntoViewIfNeeded();
  await pictures(page, 'settings-networks');
  expect(mirror.ranges, 'nothing is fetched before it is asked for').toEqual([]);

  await mobilenet.getByRole('button', { name: 'Download 17 MB for MobileNet' }).focus();
  await page.keyboard.press('Enter');
  await expect(mobilenet.getByRole('progressbar')).toBeVisible();
  await expect(mobilenet).toContainText(/of 17 MB/);
  await pictures(page, 'settings-networks-downloading');
  await expect(mobilenet.getByRole('button', { name: /^Stop/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(mobilenet.getByRole('button', { name: /Resume from \d+%/ })).toBeFocused();
  mirror.manners = {};
  await page.keyboard.press('Enter');
  await expect(mobilenet).toHaveAttribute('data-state', 'here');
  expect(mirror.ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);

  const verify = mobilenet.getByRole('button', { name: /^Verify/ });
  await expect(verify).toBeFocused();
  await page.keyboard.press('Enter');
  const outcome = mobilenet.getByTestId('verification');
  await expect(outcome).toContainText('Verified: SHA-256 unchanged since it was recorded.');
  await expect(mobilenet).toContainText(/SHA-256 [0-9a-f]{64}/);
  await expectAccessible(page, 'settings with a verified network');
  await pictures(page, 'settings-networks-verified');
  const file = join(server.home, 'settings', 'backbones', 'mobilenet_1_0_224_tf_no_top.h5');
  damage(file);
  await verify.click();
  await expect(outcome).toContainText(/^Damaged\./);
  await expectAccessible(page, 'settings with a damaged network');
  await pictures(page, 'settings-networks-damaged');

  await mobilenet.getByRole('button', { name: /^Remove mobilenet/ }).click();
  await expect(mobilenet.getByRole('button', { name: 'Keep' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(mobilenet.getByRole('button', { name: /^Remove mobilenet/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await mobilenet.getByTestId('confirm-remove').click();
  await expect(mobilenet).toHaveAttribute('data-state', 'missing');
  await expect(mobilenet.getByRole('button', { name: /^Download/ })).toBeFocused();
  await expect(section(page).getByTestId('add-needs-project')).toBeVisible();
});

test('reports a failed download, and adds a file of the user’s own', async ({ app, server, page }) => {
  mirror.manners = { status: 503 };
  const folder = join(server.home, 'Two shapes');
  await drawFolder(folder, { circles: 4, stripes: 4 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await openSettings(page);
  const vgg = entry(page, 'vgg16');
  await vgg.getByRole('button', { name: /^Download/ }).click();
  await expect(vgg.getByRole('alert')).toContainText('503');
  await expectAccessible(page, 'settings with a failed download');
  const own = join(server.home, 'my-vgg.h5');
  const layers = ['block1_conv1', 'block1_conv2', 'block5_conv3'];
  writeFileSync(own, await weightNamesOfSize(own, layers, 100_000));
  await section(page).getByTestId('backbone-input').setInputFiles(own);
  await expect(vgg).toHaveAttribute('data-state', 'here');
  await vgg.getByRole('button', { name: 'Verify my-vgg.h5' }).click();
  await expect(vgg.getByTestId('verification')).toContainText('unchanged since it was recorded');
  await pictures(page, 'settings-networks-own');
});
