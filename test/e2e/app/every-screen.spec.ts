/** What holds on every screen: nothing leaves the machine, everyone can use it, and how it looks. */
import type { AppPage, ScreenName } from '../pages/app-page.ts';
import { screens } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { picture, pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

/** The screens, and the settings over the last of them. */
const views = [...screens, 'settings'] as const;

/** Opens a screen and brings it to its fullest state. */
async function show(app: AppPage, screen: ScreenName | 'settings'): Promise<void> {
  const { page } = app;
  if (screen === 'settings') {
    await page.getByTestId('open-settings').click();
    await expect(page.getByTestId('cache-size')).toBeVisible();
    return;
  }
  await app.go(screen);
  if (screen === 'images') {
    await expect(app.images.tiles.first().locator('img')).toBeVisible();
    await app.images.tiles.nth(6).click();
    await expect(app.images.details).toBeVisible();
  }
  if (screen === 'map') {
    const make = page.getByTestId('make-map');
    const canvas = page.getByTestId('map-canvas');
    await expect(make.or(canvas)).toBeVisible();
    if (await make.isVisible()) await make.click();
    await expect(canvas).toBeVisible({ timeout: 60_000 });
  }
  if (screen === 'augment') await expect(app.augment.augmented).toHaveCount(15);
  if (screen === 'train') {
    if (await app.train.newRun.isVisible()) await app.train.newRun.click();
    await app.train.set({});
    const network = page.getByRole('button', { name: 'The network, layer by layer' });
    if ((await network.getAttribute('aria-expanded')) === 'false') await network.click();
    await expect(page.getByTestId('layers')).toBeVisible();
  }
  if (screen === 'results') await expect(app.results.matrix).toBeVisible();
  if (screen === 'use' && (await app.use.tryTest.isVisible())) {
    await app.use.tryTest.click();
    await expect(app.use.predictions.first().locator('img')).toBeVisible();
  }
}

test('every screen passes axe and keeps to the machine', async ({ trained }) => {
  // Ten screens, each looked at in both themes.
  test.setTimeout(420_000);
  for (const screen of views) {
    await show(trained, screen);
    await expectAccessible(trained.page, screen);
  }
});

// It asserts nothing that the test before it does not.
test('screenshots of every screen', { tag: '@long' }, async ({ trained }) => {
  for (const screen of views) {
    await show(trained, screen);
    await pictures(trained.page, screen);
  }
});

test('at 200% zoom nothing is cut off, and the panel is a drawer', async ({ trained }) => {
  const { page } = trained;
  await page.setViewportSize({ width: 640, height: 400 });
  for (const screen of screens) {
    await show(trained, screen === 'images' ? 'start' : screen);
    if (screen === 'images') await trained.go('images');
    expect(await page.evaluate(() => document.documentElement.scrollWidth), screen).toBeLessThanOrEqual(640);
  }
  await trained.go('images');
  const palette = page.getByTestId('palette');
  await expect(palette).toBeHidden();
  await page.getByTestId('open-panel').click();
  await expect(palette).toBeVisible();
  await expectAccessible(page, 'the drawer');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(page.getByTestId('open-panel')).toBeFocused();
});

test('panels, menus and tooltips fetch nothing from elsewhere', async ({ trained }) => {
  const { page } = trained;
  await page.getByTestId('status-engine').click();
  await expect(page.getByRole('heading', { name: 'Engine' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeHidden();
  for (const screen of screens) await show(trained, screen);
  await trained.go('results');
  const term = page.getByRole('button', { name: 'Confusion matrix' });
  await term.hover();
  await expect(page.getByText('Predictions on the diagonal are right').first()).toBeVisible();
  await expect(term).toHaveAccessibleDescription(/diagonal are right/);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the accuracy values as CSV' }).click();
  expect((await saved).suggestedFilename()).toContain('.csv');
});

test('first start looks inviting, and an empty project says where photos go', async ({ app, page }) => {
  await picture(page, 'first-start-light-1280x800');
  await app.start.create('Empty');
  await expect(page.getByRole('heading', { name: 'Drop a folder of photos here' })).toBeVisible();
  await picture(page, 'empty-project-light-1280x800');
  await app.go('results');
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
  await app.go('use');
  await expect(page.getByRole('heading', { name: 'No trained network yet' })).toBeVisible();
  await expectAccessible(page, 'no trained network yet');
});
