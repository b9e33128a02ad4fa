/** From a cell of the matrix to its photos, to what taught the mistake, to the next run, to what changed: by keyboard. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { writeNarrowNetwork } from '../../fixtures/models/small-backbone-file.ts';
import { expectAccessible } from '../support/accessible.ts';
import { type DrawnClass, drawPicture } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

/** Draws photos of one class into the folder of another, or of their own. */
async function draw(folder: string, what: DrawnClass, first: number, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let number = first; number < first + count; number++)
    await writeFile(join(folder, `${what} ${number}.jpg`), await drawPicture(what, number));
}

/** Two thirds of the stripes are taught as circles, and one of the test photos of stripes is labelled as circles. */
async function drawMislabelled(root: string): Promise<void> {
  await draw(join(root, 'train', 'circles'), 'circles', 0, 18);
  await draw(join(root, 'train', 'circles'), 'stripes', 0, 12);
  await draw(join(root, 'train', 'stripes'), 'stripes', 12, 6);
  for (const name of ['circles', 'stripes'] as const) {
    await draw(join(root, 'validation', name), name, 100, 4);
    await draw(join(root, 'test', name), name, 200, 8);
  }
  // As good as one that is taught rightly, so that the network knows better than the label.
  const planted = await sharp(await drawPicture('stripes', 14))
    .jpeg({ quality: 60 })
    .toBuffer();
  await writeFile(join(root, 'test', 'circles', 'planted.jpg'), planted);
}

/** Trains again by key, and goes to what changed by key. */
async function retrain(page: Page): Promise<void> {
  await page.keyboard.press('r');
  await expect(page.getByTestId('see-changed')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('w');
  await expect(page.getByTestId('what-changed').getByRole('heading', { name: 'What changed' })).toBeFocused();
}

test.describe('the loop', () => {
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

  test('leads from a cell to wrong labels, to the next run, to what changed, without the mouse', async ({
    app,
    server,
    page,
  }) => {
    const folder = join(server.home, 'Shapes');
    await drawMislabelled(folder);
    await app.start.drop([folder]);
    await app.images.waitForImport();
    await app.go('train');
    await app.train.start();
    await app.train.waitForOutcome();
    await app.go('results');

    // The cell of stripes that were called circles leads to its photos, in this place.
    const cell = app.results.matrix.getByRole('button', { name: /of stripes that were called circles/ });
    await cell.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('judged-title')).toHaveText('stripes that were called circles');
    const photos = page.getByRole('gridcell');
    await expect(photos.first()).toBeFocused();
    const mistakes = await photos.count();
    expect(mistakes).toBeGreaterThan(3);

    // What the network said, where it looked, and what it learned from that is like the photo.
    await expect(page.getByTestId('exam-said')).toContainText('circles');
    await expect(page.getByTestId('exam-picture')).toHaveAttribute('data-heatmap', 'circles');
    await page.keyboard.press('h');
    await expect(page.getByTestId('exam-picture')).not.toHaveAttribute('data-heatmap');
    await page.keyboard.press('h');
    const similar = page.getByTestId('similar');
    await expect(similar.getByRole('listitem')).toHaveCount(8);
    await expect(similar).toContainText(/of 8 were taught as/);
    await expectAccessible(page, 'the photos of a cell');
    await pictures(page, 'loop-photos');

    // The neighbours are stripes, taught as circles: they are put right together, undone, and done again.
    await page.keyboard.press('n');
    await expect(page.getByTestId('judged-title')).toHaveText('Nearest training photos');
    await expect(photos).toHaveCount(8);
    await expect(page.locator('[role="gridcell"]:focus')).toHaveCount(1);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('2');
    const edited = page.getByTestId('edited-since');
    await expect(edited).toContainText(/\d labels? changed/);
    await page.keyboard.press('Control+z');
    await expect(edited).toContainText('Nothing has been edited');
    await page.keyboard.press('Control+Shift+Z');
    await expect(edited).toContainText(/\d labels? changed/);

    await retrain(page);
    const better = page.getByTestId('flips-better');
    await expect(better).toContainText('for the better');
    await expect(
      better.getByRole('button', { name: /stripes: circles \d+% then stripes \d+%/ }).first(),
    ).toBeVisible();
    await expect(page.getByTestId('change-verdict')).toContainText('McNemar’s test, p =');
    await page.getByTestId('what-changed').getByText('Class by class').click();
    const row = page.getByTestId('class-changes').getByRole('row', { name: /stripes/ });
    await expect(row).toContainText(/\+\d+\.\d/);
    await expectAccessible(page, 'what changed');
    await pictures(page, 'loop-changed');
    await better.getByRole('button').first().press('Enter');
    await expect(page.getByTestId('judged-title')).toHaveText('Changed for the better');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('what-changed')).toBeVisible();

    // The better network finds the mislabelled test photo: one cell, and one key.
    const before = Number.parseFloat(await app.results.accuracy('test').innerText());
    await app.results.matrix
      .getByRole('button', { name: /of circles that were called stripes/ })
      .press('Enter');
    const planted = page.getByRole('gridcell', { name: /planted/ });
    await expect(planted).toBeVisible();
    const left = await photos.count();
    await expect(page.locator('[role="gridcell"]:focus')).toHaveCount(1);
    for (let at = 1; at < left && (await planted.getAttribute('aria-selected')) !== 'true'; at++) {
      await page.keyboard.press('ArrowRight');
      await expect(photos.nth(at)).toHaveAttribute('aria-selected', 'true');
    }
    await expect(page.getByTestId('photo-exam')).toContainText('planted.jpg');
    await page.keyboard.press('2');
    await expect(photos).toHaveCount(left - 1);
    await retrain(page);
    await expect(page.getByTestId('change-report')).toContainText('1 of these labels was changed');
    const after = Number.parseFloat(await app.results.accuracy('test').innerText());
    expect(after).toBeGreaterThan(before);

    // Back on Images, all photos are there again; the way to the same photos leads there too.
    await app.go('images');
    await expect(page.getByTestId('more-filters')).not.toContainText(/\d/);
  });
});
