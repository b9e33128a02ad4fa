/** Two projects whose photos have the same ids: on no screen is one's photo to be seen in the other, also not for a moment. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { stream } from '../../../src-main/core/random/random.ts';
import type { AppPage } from '../pages/app-page.ts';
import { AppPage as TheApp } from '../pages/app-page.ts';
import { expect, test, watch } from '../support/test.ts';

const colours = { Reds: [225, 60, 50], Blues: [40, 70, 225] } as const;
type Colour = keyof typeof colours;

/** Photos all in one colour, told apart by where their shape is; of each class one comes twice. */
async function drawColoured(folder: string, colour: Colour): Promise<void> {
  const [r, g, b] = colours[colour];
  for (const [kind, round] of Object.entries({ discs: true, squares: false })) {
    await mkdir(join(folder, kind), { recursive: true });
    for (let number = 0; number < 12; number++) {
      const random = stream(11, colour, kind, number);
      const [x, y, side] = [20 + random.integer(40), 20 + random.integer(40), 14 + random.integer(20)];
      const shape = round
        ? `<circle cx="${x}" cy="${y}" r="${side}"/>`
        : `<rect x="${x - side}" y="${y - side}" width="${2 * side}" height="${side}"/>`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="rgb(${r},${g},${b})"/><g fill="rgb(${r >> 1},${g >> 1},${b >> 1})">${shape}</g></svg>`;
      const drawn = sharp(Buffer.from(svg));
      const path = join(folder, kind, `${kind} ${number}`);
      await writeFile(`${path}.jpg`, await drawn.jpeg({ quality: 90 }).toBuffer());
      if (number === 0) await writeFile(`${path} again.jpg`, await drawn.jpeg({ quality: 75 }).toBuffer());
    }
  }
}

/** The mean colour of each picture as it is decoded in the page: what the user sees, not where it came from. */
async function coloursIn(pictures: Locator): Promise<string[]> {
  return pictures.evaluateAll((elements) =>
    elements
      .filter((element): element is HTMLImageElement => element instanceof HTMLImageElement)
      .map((picture) => {
        if (!picture.complete || picture.naturalWidth === 0) return 'nothing';
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [8, 8];
        const context = canvas.getContext('2d')!;
        context.drawImage(picture, 0, 0, 8, 8);
        const { data } = context.getImageData(0, 0, 8, 8);
        let [red, blue] = [0, 0];
        for (let at = 0; at < data.length; at += 4) [red, blue] = [red + data[at], blue + data[at + 2]];
        return red > blue ? 'Reds' : 'Blues';
      }),
  );
}

/** Waits until pictures are there, and says that all of them are of one project. */
async function expectAll(pictures: Locator, colour: Colour, where: string): Promise<void> {
  await expect(pictures.first(), where).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(async () => [...new Set(await coloursIn(pictures))], { message: where, timeout: 30_000 })
    .toEqual([colour]);
}

const gridOf = (page: Page): Locator => page.getByTestId('image-grid').locator('img');

/** A project with findings, a map and a run. */
async function makeProject(app: AppPage, page: Page, home: string, colour: Colour): Promise<void> {
  const folder = join(home, colour);
  await drawColoured(folder, colour);
  await app.go('start');
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('check');
  await page.getByTestId('run-all-first').click();
  // The other checks may run on, or not at all: one with findings is enough.
  await expect(page.getByTestId('open-near-duplicates')).toBeVisible({ timeout: 120_000 });
  await app.go('map');
  await page.getByTestId('make-map').click();
  await expect(page.getByTestId('map-canvas')).toBeVisible({ timeout: 60_000 });
  await app.go('train');
  await app.train.chooseRecipe('From scratch');
  await app.train.set({ epoch: 2, imageSize: 64 });
  await app.train.start();
  await app.train.waitForOutcome();
}

/** Looks at every screen that shows photos. */
async function expectOnlyPhotosOf(app: AppPage, page: Page, colour: Colour): Promise<void> {
  await app.go('images');
  await expectAll(gridOf(page), colour, 'grid');
  await app.images.tiles.first().click();
  await expectAll(app.images.details.locator('img').first(), colour, 'details');
  await app.images.tiles.first().dblclick();
  await expectAll(page.getByTestId('loupe').locator('img').first(), colour, 'enlarged');
  await page.keyboard.press('Escape');

  await app.go('check');
  await expect(page.getByTestId('checks-running')).toBeHidden({ timeout: 120_000 });
  await expectAll(app.check.overview.locator('img'), colour, 'check overview');
  await app.check.open('near-duplicates');
  await expectAll(app.check.rows.locator('img'), colour, 'findings');
  await app.check.rows.first().locator('[data-open]').click();
  await expectAll(app.check.view.locator('img'), colour, 'finding');
  await page.keyboard.press('Escape');
  await app.check.back();

  await app.go('map');
  const photos = page.getByTestId('map-photos');
  if (!(await photos.isVisible())) await page.getByTestId('show-photos').click();
  await expectAll(photos.locator('img'), colour, 'map');

  await app.go('augment');
  await expectAll(page.getByTestId('photo-strip').locator('img'), colour, 'augment strip');

  await app.go('explain');
  await page.getByRole('link', { name: 'Heatmap' }).click();
  await expectAll(page.getByTestId('photo-offer').locator('img'), colour, 'pickers of Explain');
  await expectAll(page.getByTestId('photo-chooser').locator('img').first(), colour, 'photo of Explain');

  await app.go('use');
  await app.use.tryTest.click();
  await expectAll(app.use.predictions.locator('img'), colour, 'use');
}

async function openRecent(app: AppPage, name: Colour): Promise<void> {
  await app.go('start');
  await app.start.recent.getByRole('button', { name }).first().click();
  await expect(app.images.tiles.first()).toBeVisible();
}

test('after switching projects every screen shows the photos of the project that is open', async ({
  app,
  server,
  page,
}) => {
  test.setTimeout(900_000);
  // Every screen has shown the photos of one project before it is asked for those of the other, both ways.
  await makeProject(app, page, server.home, 'Reds');
  await expectOnlyPhotosOf(app, page, 'Reds');
  await makeProject(app, page, server.home, 'Blues');
  await expectOnlyPhotosOf(app, page, 'Blues');
  await openRecent(app, 'Reds');
  await expectAll(gridOf(page), 'Reds', 'grid at once');
  await expectOnlyPhotosOf(app, page, 'Reds');
});

test('a second window follows to the other project, and the addresses it had lead to nothing there', async ({
  app,
  server,
  page,
  context,
}) => {
  for (const colour of ['Reds', 'Blues'] as const) {
    await drawColoured(join(server.home, colour), colour);
    await app.go('start');
    await app.start.drop([join(server.home, colour)]);
    await app.images.waitForImport();
    await expect(app.images.tiles).toHaveCount(26);
  }
  const second = await context.newPage();
  const guard = watch(second, server.origin);
  await second.goto(server.url);
  const there = new TheApp(second);
  await there.go('images');
  await expectAll(gridOf(second), 'Blues', 'second window');
  const old = await gridOf(second).evaluateAll((images) =>
    images.map((image) => (image as HTMLImageElement).src),
  );

  // Whatever the second window draws while the first one switches, it never draws a blue photo's tile anew in red.
  await openRecent(app, 'Reds');
  await expectAll(gridOf(page), 'Reds', 'first window');
  await expectAll(gridOf(second), 'Reds', 'second window after the switch');
  const answers = await second.evaluate(
    (addresses) => Promise.all(addresses.map(async (one) => (await fetch(one, { cache: 'reload' })).status)),
    old,
  );
  expect(new Set(answers)).toEqual(new Set([409]));
  await there.go('augment');
  await expectAll(second.getByTestId('photo-strip').locator('img'), 'Reds', 'strip of the second window');

  await openRecent(there, 'Blues');
  await expectAll(gridOf(second), 'Blues', 'second window, having switched');
  await expectAll(gridOf(page), 'Blues', 'first window, following');
  guard.assertClean();
});
