/** The main way through without a mouse. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { drawFolder } from '../support/photos.ts';
import { expect, test } from '../support/test.ts';

/** Presses Tab until the element with this accessible name has the focus. */
async function tabTo(page: Page, name: RegExp, role?: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element?.getAttribute('aria-label') ?? (element as HTMLElement | null)?.innerText ?? '';
      return { label: label.trim(), role: element?.getAttribute('role') ?? element?.tagName.toLowerCase() };
    });
    if (name.test(focused.label) && (role === undefined || focused.role === role)) {
      // What has the focus must show it.
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement!);
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      });
      expect(outline, `the focus is visible on ${name}`).toBe(true);
      return;
    }
  }
  throw new Error(`Tab never reached ${name}`);
}

test('from the samples to a result by keyboard alone', async ({ app, page }) => {
  await expect(app.start.sample).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the screen' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, /^Try with sample images$/);
  await page.keyboard.press('Enter');
  await app.images.waitForImport();

  await tabTo(page, /./, 'gridcell');
  await page.keyboard.press('ArrowRight');
  await expect(app.images.details).toBeVisible();
  const first = await app.images.details.locator('h2').innerText();
  await page.keyboard.press('End');
  await expect(page.locator('[data-place="299"]')).toBeFocused();
  expect(await app.images.details.locator('h2').innerText()).not.toBe(first);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('loupe')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-place="298"]')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.locator('[data-place="0"]')).toBeFocused();
  await page.keyboard.press('PageDown');
  await expect(page.locator('[data-place="0"]')).not.toBeFocused();

  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(app.train.trainButton).toBeEnabled();
  await tabTo(page, /^Settings$/);
  await page.keyboard.press('Enter');
  await expect(app.train.settings).toBeVisible();
  for (const [name, value] of [
    ['epoch', '2'],
    ['imageSize', '64'],
  ]) {
    const input = page.locator(`input[data-testid="setting-${name}"], [data-testid="setting-${name}"] input`);
    for (
      let presses = 0;
      presses < 40 && !(await input.evaluate((el) => el === document.activeElement));
      presses++
    ) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(value);
  }
  await expect(page.getByText('2 epochs of')).toBeVisible();
  await app.train.trainButton.focus();
  await page.keyboard.press('Enter');
  await app.train.waitForOutcome();

  await tabTo(page, /^Curves of the accuracy/);
  await page.keyboard.press('Home');
  await expect(page.getByTestId('chart-accuracy').locator('header')).toContainText('epoch 1');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(app.results.matrix).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await tabTo(page, /^Try 24 test images$/);
  await page.keyboard.press('Enter');
  await expect(app.use.predictions).toHaveCount(24);
});

test('keys mean nothing to the screen behind a menu, a list or a dialog; the list of keys gives the focus back', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Shapes');
  await drawFolder(folder, { circles: 3, stripes: 3 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const images = page.getByRole('heading', { level: 1, name: 'Images' });
  const camera = page.getByTestId('camera-dialog');
  await page.getByTestId('capture-menu').click();
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.getByRole('menuitem', { name: 'Camera' })).toBeFocused();
  await expect(camera).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await page.getByTestId('filter-class').click();
  await expect(page.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('c');
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox')).toBeHidden();
  await expect(images).toBeVisible();
  await expect(camera).toBeHidden();

  const tile = page.locator('[data-place="2"]');
  await tile.click();
  await page.keyboard.press('c');
  await expect(page.getByTestId('shutter')).toBeFocused();
  // A press of a button that goes away leaves the focus nowhere: the dialog is still in front.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (const key of ['g', 't', '2']) await page.keyboard.press(key);
  await page.keyboard.press('Escape');
  await expect(camera).toBeHidden();
  await expect(images).toBeVisible();
  await expect(tile.locator('[data-label]')).toHaveText('circles');

  await tile.focus();
  await page.keyboard.press('?');
  const keys = page.getByRole('complementary', { name: 'Keyboard shortcuts' });
  await expect(keys).toBeFocused();
  await page.keyboard.press('?');
  await expect(keys).toBeHidden();
  await expect(tile).toBeFocused();
  await page.keyboard.press('?');
  await page.keyboard.press('Escape');
  await expect(tile).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page.getByRole('heading', { level: 1, name: 'Train' })).toBeVisible();
});

test('progress is spoken: import, epochs and the result reach the live region', async ({
  app,
  server,
  page,
}) => {
  const spoken: string[] = [];
  await page.exposeFunction('heard', (sentence: string) => spoken.push(sentence));
  await page.evaluate(() => {
    const region = document.querySelector('[role="status"][aria-live="polite"].sr-only')!;
    const { heard } = window as unknown as { heard: (sentence: string) => void };
    new MutationObserver(() => heard(region.textContent)).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  const folder = join(server.home, 'spoken');
  await drawFolder(folder, { circles: 20, stripes: 20 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.set({ epoch: 2, imageSize: 64 });
  await app.train.start();
  await app.train.waitForOutcome();
  expect(spoken.join('\n')).toMatch(/Import finished: 40 images added/);
  expect(spoken.join('\n')).toMatch(/Epoch \d of 2: training accuracy/);
  expect(spoken.at(-1)).toMatch(/Test accuracy/);
});
