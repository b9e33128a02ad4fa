/** The embedding map: made, looked at, a group chosen by a loop and labelled in one go. */
import type { Locator, Page } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { stream } from '../../../src-main/core/random/random.ts';
import { missingData, sharedData } from '../../fixtures/shared-data.ts';
import type { AppPage } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { picture, pictures } from '../support/screenshots.ts';
import type { HostedApp } from '../support/test.ts';
import { expect, test } from '../support/test.ts';

const kinds = {
  sunsets: ['#c03010', '#203060'],
  seas: ['#a0c8f0', '#105060'],
  meadows: ['#d8e8f8', '#4c8c28'],
} as const;
type Kind = keyof typeof kinds;

/** Photos whose kinds differ in colour; those of `folder` have no label when it is none. */
async function drawKinds(folder: string, each: Partial<Record<Kind, number>>, from = 0): Promise<void> {
  for (const [name, photos] of Object.entries(each) as [Kind, number][]) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = from; i < from + photos; i++) {
      const random = stream(3, name, i);
      const [above, below] = kinds[name];
      const line = 36 + random.integer(28);
      const spots = Array.from(
        { length: 4 },
        () =>
          `<circle cx="${random.integer(96)}" cy="${random.integer(96)}" r="${3 + random.integer(9)}" fill="hsl(${random.integer(360)},60%,70%)"/>`,
      ).join('');
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="${above}"/><rect y="${line}" width="96" height="96" fill="${below}"/>${spots}</svg>`;
      await writeFile(
        join(folder, name, `${name} ${i}.jpg`),
        await sharp(Buffer.from(svg)).jpeg().toBuffer(),
      );
    }
  }
}

const heading = (page: Page): Locator => page.getByRole('heading', { level: 1, name: 'Map' });

/** A project of the three kinds with its map. */
async function openMap(app: AppPage, server: HostedApp, each = 60): Promise<void> {
  const folder = join(server.home, 'Landscapes');
  await drawKinds(folder, { sunsets: each, seas: each, meadows: each });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const { page } = app;
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(heading(page)).toBeVisible();
  await page.getByTestId('make-map').click();
  await expect(page.getByTestId('map-canvas')).toBeVisible({ timeout: 60_000 });
}

const line = (page: Page, label: string): Locator =>
  page.getByTestId('legend').getByRole('button', { name: new RegExp(`^${label} `) });

/** Draws a loop along the edge of the map's own square, from one share of it to another. */
async function lasso(page: Page, from: number, to: number): Promise<void> {
  const canvas = page.getByTestId('map-canvas');
  const box = (await canvas.boundingBox())!;
  const [left, top] = [box.x + box.width * from, box.y + 3];
  const [right, bottom] = [box.x + box.width * to - 2, box.y + box.height - 3];
  await page.mouse.move(left, top);
  await page.mouse.down();
  for (const [x, y] of [
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const)
    await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.up();
}

test('a map is made, a group is chosen by a loop, labelled in one go, and the edit taken back', async ({
  app,
  server,
  page,
}) => {
  await openMap(app, server, 40);
  await expect(page.getByTestId('map-facts')).toContainText('120 photos');
  await expect(line(page, 'seas')).toHaveAccessibleName(/^seas 40 photos, shown$/);

  // Only the seas are shown, so a loop around everything chooses just them.
  await line(page, 'sunsets').click();
  await line(page, 'meadows').click();
  await expect(line(page, 'meadows')).toHaveAccessibleName(/^meadows 40 photos, hidden$/);
  await lasso(page, 0, 1);
  await expect(page.getByTestId('chosen-count')).toHaveText('40 photos selected');
  await expect(page.getByTestId('chosen')).toContainText('seas 40');
  await expect(page.getByTestId('chosen-photo')).toHaveCount(40);

  await page.getByTestId('label-as').click();
  await page.getByRole('menuitem', { name: 'New class' }).click();
  await page.getByRole('textbox', { name: 'Name of the class' }).fill('water');
  await page.keyboard.press('Enter');
  await expect(line(page, 'water')).toHaveAccessibleName(/^water 40 photos, shown$/);
  await expect(line(page, 'seas')).toBeHidden();
  await expect(page.getByTestId('map-canvas')).toBeFocused();

  // A form that was left with the choice does not come back with the next one.
  const name = page.getByRole('textbox', { name: 'Name of the class' });
  await page.getByTestId('label-as').click();
  await page.getByRole('menuitem', { name: 'New class' }).click();
  await name.fill('wat');
  await page.getByRole('button', { name: 'Clear the choice' }).click();
  await expect(page.getByTestId('map-canvas')).toBeFocused();
  await lasso(page, 0, 1);
  await expect(page.getByTestId('chosen-photo')).toHaveCount(40);
  await expect(name).toBeHidden();

  await page.getByTestId('label-as').click();
  await page.getByRole('menuitem', { name: 'sunsets' }).click();
  // They are hidden now, so they are no longer chosen.
  await expect(page.getByTestId('chosen')).toBeHidden();
  await page.getByTestId('undo').click();
  await expect(line(page, 'water')).toHaveAccessibleName(/^water 40 photos, shown$/);
});

test('a loop takes what lies inside it; Shift adds, Alt takes away, Escape ends it', async ({
  app,
  server,
  page,
}) => {
  await openMap(app, server, 40);
  const chosen = page.getByTestId('chosen-count');
  const countOf = async (): Promise<number> =>
    (await chosen.isVisible()) ? Number.parseInt(await chosen.innerText(), 10) : 0;
  await lasso(page, 0, 0.5);
  const left = await countOf();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(120);
  await page.keyboard.down('Shift');
  await lasso(page, 0.5, 1);
  await page.keyboard.up('Shift');
  await expect.poll(countOf).toBeGreaterThanOrEqual(119);
  await page.keyboard.down('Alt');
  await lasso(page, 0, 0.5);
  await page.keyboard.up('Alt');
  await expect.poll(countOf).toBeLessThanOrEqual(121 - left);
  await page.keyboard.press('Escape');
  await expect(chosen).toBeHidden();
});

test('by keyboard alone: choose a group, look through it, open it in Images; and from there back', async ({
  app,
  server,
  page,
}) => {
  await openMap(app, server, 30);
  await page.getByRole('button', { name: 'Select all photos of meadows' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chosen-count')).toHaveText('30 photos selected');
  const photos = page.getByTestId('chosen-photo');
  await photos.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(photos.nth(1)).toBeFocused();
  await expect(photos.nth(1)).toHaveAccessibleName(/^meadows \d+\.jpg, meadows$/);
  await page.getByTestId('open-in-images').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await expect(app.images.grid.locator('[aria-selected="true"]').first()).toBeVisible();

  // What is chosen there is chosen on the map.
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(page.getByTestId('chosen-count')).toHaveText('30 photos selected');

  const scale = Number(await page.getByTestId('map-canvas').getAttribute('data-scale'));
  await page.getByTestId('map-canvas').focus();
  await page.keyboard.press('+');
  await expect(page.getByTestId('map-canvas')).not.toHaveAttribute('data-scale', String(scale));
  await page.keyboard.press('0');
  await expect
    .poll(async () => Number(await page.getByTestId('map-canvas').getAttribute('data-scale')))
    .toBeCloseTo(scale, 3);
});

test('left out photos leave the map; photos that came since are told of, and an address points one out', async ({
  app,
  server,
  page,
}) => {
  await openMap(app, server, 20);
  await page.getByRole('button', { name: 'Select all photos of seas' }).click();
  await page.getByTestId('exclude').click();
  await expect(line(page, 'seas')).toBeHidden();
  await page.getByTestId('undo').click();
  await expect(line(page, 'seas')).toHaveAccessibleName(/^seas 20 photos, shown$/);

  const more = join(server.home, 'More');
  await drawKinds(more, { seas: 5 }, 500);
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await app.images.drop([more]);
  await expect(app.images.outcome).toContainText('5 images');
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await expect(page.getByTestId('map-news')).toContainText('5 photos were added or changed');
  await page.getByTestId('compute-again').click();
  await expect(line(page, 'seas')).toHaveAccessibleName(/^seas 25 photos, shown$/, { timeout: 60_000 });
  await expect(page.getByTestId('map-news')).toBeHidden();

  const before = await page.getByTestId('map-canvas').getAttribute('data-scale');
  await page.goto(`${page.url().split('#')[0]}#/map?image=3`);
  await expect(page.getByTestId('map-canvas').locator('circle[stroke-width="3"]')).toHaveCount(1);
  await expect(page.getByTestId('map-canvas')).not.toHaveAttribute('data-scale', before!);

  // From the grid as well.
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await app.images.tiles.nth(4).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show on the map' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Map' })).toBeVisible();
  await expect(page.getByTestId('map-canvas').locator('circle[stroke-width="3"]')).toHaveCount(1);
});

test('an empty project says where photos go, and a map under way can be cancelled', async ({
  app,
  server,
  page,
}) => {
  await app.start.create('Empty');
  await app.go('map');
  await expect(page.getByRole('heading', { name: 'No photos yet' })).toBeVisible();
  const folder = join(server.home, 'Landscapes');
  await drawKinds(folder, { sunsets: 150, seas: 150 });
  await page.getByRole('link', { name: 'Go to Images' }).click();
  await app.images.drop([folder]);
  await app.images.waitForImport();
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.getByTestId('make-map').click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('make-map')).toBeVisible();
  await expect(page.getByTestId('error')).toBeHidden();
});

const network = sharedData('backbones/mobilenet_v2_1.0_224');
const pets = sharedData('cats_and_dogs_original');

test.describe('with a pretrained network', { tag: '@long' }, () => {
  test.skip(
    network === null || pets === null,
    missingData('backbones/mobilenet_v2_1.0_224', 'cats_and_dogs_original'),
  );
  test.beforeAll(() => {
    process.env.LENSLET_BACKBONES = network!;
  });
  test.afterAll(() => {
    delete process.env.LENSLET_BACKBONES;
  });

  test('the map goes by what the photos show, and tells of the photo under the pointer', async ({
    app,
    page,
  }) => {
    await app.start.drop([pets!]);
    await app.images.waitForImport();
    await app.go('map');
    await expect(page.getByTestId('map-features')).toContainText('MobileNetV2');
    await page.getByTestId('make-map').click();
    const canvas = page.getByTestId('map-canvas');
    await expect(canvas).toBeVisible({ timeout: 120_000 });
    await expect(page.getByTestId('map-facts')).toContainText('with MobileNetV2');
    await page.getByTestId('colouring').click();
    await page.getByRole('option', { name: 'Split' }).click();
    await expect(line(page, 'Validation')).toHaveAccessibleName(/^Validation 100 photos, shown$/);
    await page.getByTestId('colouring').click();
    await page.getByRole('option', { name: 'Class', exact: true }).click();
    await page.getByTestId('show-photos').click();
    await expect(page.getByTestId('map-photos').locator('img').first()).toBeVisible();
    await picture(page, 'map-pets-light-1280x800');
    const shown = (await page.getByTestId('map-photos').locator('img').first().boundingBox())!;
    await page.mouse.move(shown.x + shown.width / 2, shown.y + shown.height / 2);
    await expect(page.getByTestId('map-hover')).toContainText(/\.jpg/);
    await page.mouse.wheel(0, -400);
    await picture(page, 'map-pets-hover-light-1280x800');
  });
});

test('passes axe, and looks', async ({ app, server, page }) => {
  const check = (what: string): Promise<void> => expectAccessible(page, what);
  await openMap(app, server, 90);
  await check('the map');
  await pictures(page, 'map');
  await page.getByRole('button', { name: 'Select all photos of seas' }).click();
  await page.getByTestId('chosen-photo').nth(4).hover();
  await check('the map with a choice');
  await pictures(page, 'map-chosen');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('button', { name: 'Clear the choice' }).click();
  await page.getByTestId('show-photos').click();
  await expect(page.getByTestId('map-photos').locator('img').first()).toBeVisible();
  await check('the map with photos');
  await pictures(page, 'map-photos');
});
