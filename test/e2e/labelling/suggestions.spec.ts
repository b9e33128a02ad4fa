/** Labels suggested while one labels: switched on, accepted by a key, taken back, switched off for exams. */
import { type Locator, type Page, expect as expectPage } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingData, sharedData } from '../../fixtures/shared-data.ts';
import { writeNarrowNetwork } from '../../fixtures/models/small-backbone-file.ts';
import type { AppPage } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { type DrawnClass, drawPicture } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

const panel = (page: Page): Locator => page.getByTestId('suggestions');
const toggle = (page: Page): Locator => panel(page).getByRole('switch');
const guesses = (page: Page): Locator => page.locator('[data-suggestion]');
const labelled = (page: Page): Locator => page.getByTestId('palette').locator('[data-class=""]');
const tile = (page: Page, name: string): Locator => page.getByRole('gridcell', { name });

async function makeClass(page: Page, name: string): Promise<void> {
  await page.getByTestId('new-class').click();
  await page.getByTestId('class-name').or(page.locator('[data-testid="class-name"] input')).last().fill(name);
  await expect(page.getByTestId('edit-preview')).toContainText(`Made the class “${name}”`);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('class-task')).toBeHidden();
}

/** Labels photos one by one by a key. */
async function labelAs(page: Page, key: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await tile(page, name).click();
    await page.keyboard.press(key);
  }
}

test('without a network it says so and leads to one', async ({ app, server }) => {
  const { page } = app;
  const folder = join(server.home, 'Loose');
  await mkdir(folder);
  await writeFile(join(folder, 'one.jpg'), await drawPicture('circles', 1));
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await expect(toggle(page)).not.toBeChecked();
  await toggle(page).click();
  await expect(panel(page)).toContainText('Suggestions need a pretrained network');
  await page.getByRole('link', { name: 'Add a pretrained network' }).click();
  await expect(page.getByTestId('close-backbones')).toBeVisible();
});

test.describe('with a network', () => {
  let given: string;
  test.beforeAll(async () => {
    given = mkdtempSync(join(tmpdir(), 'lenslet-narrow-'));
    await writeNarrowNetwork(given);
    process.env.LENSLET_BACKBONES = given;
  });
  test.afterAll(() => {
    delete process.env.LENSLET_BACKBONES;
    rmSync(given, { recursive: true, force: true });
  });

  async function openLoose(app: AppPage, home: string): Promise<void> {
    const folder = join(home, 'Loose');
    await mkdir(folder);
    const kinds: DrawnClass[] = ['circles', 'stripes'];
    for (let i = 0; i < 24; i++) {
      const file = `photo ${String(i).padStart(2, '0')}.jpg`;
      await writeFile(join(folder, file), await drawPicture(kinds[i % 2], i));
    }
    await app.start.drop([folder]);
    await app.images.waitForImport();
    await makeClass(app.page, 'circles');
    await makeClass(app.page, 'stripes');
  }
  const photos = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `photo ${String(from + 2 * i).padStart(2, '0')}.jpg`);

  test('a few labels bring suggestions; a key accepts them; undo, reload and the switch do as they say', async ({
    app,
    server,
  }) => {
    const { page } = app;
    await openLoose(app, server.home);
    await labelAs(page, '1', photos(0, 3));
    await page.waitForTimeout(500);
    await expect(guesses(page)).toHaveCount(0);
    await tile(page, 'photo 20.jpg').click();
    await page.keyboard.press('a');
    await expect(labelled(page)).toContainText('21');

    await toggle(page).click();
    await expect(page.getByTestId('suggestions-status')).toContainText('Label 3 more photos of “stripes”', {
      timeout: 60_000,
    });
    await labelAs(page, '2', photos(1, 3));
    await expect(panel(page)).toHaveAttribute('data-status', 'fresh');
    await expect(guesses(page)).toHaveCount(18);
    await expect(page.getByTestId('suggestions-status')).toContainText(
      '18 suggestions, learnt from 6 labels',
    );
    // A guess is told as one, also to those who do not see it.
    await expect(tile(page, 'photo 20.jpg')).toHaveAttribute(
      'aria-label',
      /no label.*looks like \w+, \d+% certain/,
    );

    // Accepted: it is a label now, and one edit that can be taken back.
    await tile(page, 'photo 20.jpg').click();
    const name = (await tile(page, 'photo 20.jpg').locator('[data-suggestion]').innerText()).replace('?', '');
    await page.keyboard.press('a');
    await expect(tile(page, 'photo 20.jpg').locator('[data-label]')).toHaveText(name);
    await expect(page.getByTestId('agreement')).toHaveText('You agreed with the last one.');
    await expect(guesses(page)).toHaveCount(17);
    await page.keyboard.press('Control+z');
    await expect(tile(page, 'photo 20.jpg').locator('[data-suggestion]')).toBeVisible();
    await expect(page.getByTestId('agreement')).toBeHidden();

    // Several at once: each gets its own.
    await tile(page, 'photo 16.jpg').click();
    await tile(page, 'photo 19.jpg').click({ modifiers: ['Shift'] });
    await page.keyboard.press('a');
    await expect(guesses(page)).toHaveCount(14);
    await expect(page.getByTestId('agreement')).toHaveText('You agreed with 4 of the last 4.');

    // What comes later moves nothing up to the photo that one looks at: the order is looked at once all is learnt.
    await expect(page.getByTestId('suggestions-status')).toContainText('learnt from 10 labels');
    await expect(panel(page)).toHaveAttribute('data-status', 'fresh');

    // The queue shows what is uncertain, keeps what one looks at, and goes on by itself.
    await page.getByTestId('suggestion-queue').click();
    await expect(app.images.tiles).toHaveCount(14);
    const certainties = await page.locator('[data-suggestion] + span').allInnerTexts();
    const numbers = certainties.map((text) => parseInt(text, 10));
    expectPage(numbers).toEqual([...numbers].sort((a, b) => a - b));
    await app.images.tiles.first().click();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('loupe').locator('[data-suggested]')).toBeVisible();
    await page.keyboard.press('a');
    await expect(page.getByTestId('loupe')).toContainText('1 of 13');
    await page.keyboard.press('Escape');
    await expect(app.images.tiles).toHaveCount(13);

    await page.reload();
    await expect(toggle(page)).toBeChecked();
    await expect(guesses(page)).toHaveCount(13);
    await toggle(page).click();
    await expect(guesses(page)).toHaveCount(0);
    await expect(page.getByTestId('suggestions-status')).toBeHidden();
    await page.reload();
    await expect(app.images.tiles.first()).toBeVisible();
    await expect(toggle(page)).not.toBeChecked();
    await expect(guesses(page)).toHaveCount(0);
  });

  test('are kept over a crash, and the key after g still goes to a screen', async ({ app, server }) => {
    const { page } = app;
    await openLoose(app, server.home);
    await labelAs(page, '1', photos(0, 3));
    await labelAs(page, '2', photos(1, 3));
    await toggle(page).click();
    await expect(guesses(page)).toHaveCount(18, { timeout: 60_000 });
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await expect(page.getByRole('heading', { level: 1, name: 'Augment' })).toBeVisible();
    await server.restart();
    await page.goto(server.url);
    await app.start.recent.getByRole('button', { name: /^Loose/ }).click();
    await app.go('images');
    await expect(guesses(page)).toHaveCount(18, { timeout: 60_000 });
  });
});

const network = sharedData('backbones/mobilenet_v2_1.0_224');
const pets = sharedData('cats_and_dogs_original/train');
test.describe('with real photos', () => {
  test.skip(
    network === null || pets === null,
    missingData('backbones/mobilenet_v2_1.0_224', 'cats_and_dogs_original/train'),
  );
  test.beforeAll(() => {
    process.env.LENSLET_BACKBONES = network!;
  });
  test.afterAll(() => {
    delete process.env.LENSLET_BACKBONES;
  });

  test('cats and dogs from ten labels', { tag: '@long' }, async ({ app, server }) => {
    const { page } = app;
    const folder = join(server.home, 'Pets');
    await mkdir(folder);
    for (const kind of ['cats', 'dogs']) {
      for (const file of (await readdir(join(pets!, kind))).slice(0, 45))
        await copyFile(join(pets!, kind, file), join(folder, file));
    }
    await app.start.drop([folder]);
    await app.images.waitForImport();
    await makeClass(page, 'cats');
    await makeClass(page, 'dogs');
    await toggle(page).click();
    await expect(page.getByTestId('task')).toBeVisible();
    await pictures(page, 'suggestions-looking');
    await expect(page.getByTestId('suggestions-status')).toBeVisible({ timeout: 120_000 });
    await pictures(page, 'suggestions-waiting');
    for (const [key, kind] of [
      ['1', 'cat'],
      ['2', 'dog'],
    ]) {
      await app.images.filterText.fill(kind);
      await expect(app.images.tiles.first()).toHaveAttribute('aria-label', new RegExp(`^${kind}`));
      await app.images.tiles.first().click();
      for (let i = 0; i < 5; i++) await page.keyboard.press(key);
    }
    await app.images.filterText.fill('');
    await expect(panel(page)).toHaveAttribute('data-status', 'fresh');
    await app.images.tiles.nth(5).click();
    for (let i = 0; i < 8; i++) await page.keyboard.press('a');
    await expect(page.getByTestId('agreement')).toBeVisible();
    await expect(panel(page)).toHaveAttribute('data-status', 'fresh');
    await pictures(page, 'suggestions');
    await expectAccessible(page, 'suggestions', { tags: ['wcag2a', 'wcag2aa'], everyImpact: true });
    await page.getByTestId('suggestion-queue').click();
    await app.images.tiles.first().click();
    await page.setViewportSize({ width: 1920, height: 1080 });
    await pictures(page, 'suggestions-queue');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('loupe')).toBeVisible();
    await pictures(page, 'suggestions-loupe');
  });
});
