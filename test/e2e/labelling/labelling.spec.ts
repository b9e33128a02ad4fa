/** The labelling bench by keyboard and mouse: fast, exact, undoable, and on the disk. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { AppPage } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { type DrawnClass, drawFolder, drawPicture } from '../support/photos.ts';
import { picture, pictures } from '../support/screenshots.ts';
import type { HostedApp } from '../support/test.ts';
import { expect, test } from '../support/test.ts';

/** A project whose photos have no label. */
async function importLoose(app: AppPage, server: HostedApp, name: string, images: number): Promise<void> {
  const folder = join(server.home, name);
  await mkdir(folder, { recursive: true });
  const kinds: DrawnClass[] = ['circles', 'stripes', 'triangles'];
  for (let i = 0; i < images; i++) {
    const file = `photo ${String(i).padStart(3, '0')}.jpg`;
    await writeFile(join(folder, file), await drawPicture(kinds[i % 3], i));
  }
  await app.start.drop([folder]);
  await app.images.waitForImport();
}

async function makeClass(page: Page, name: string): Promise<void> {
  await page.getByTestId('new-class').click();
  await page.getByTestId('class-name').or(page.locator('[data-testid="class-name"] input')).last().fill(name);
  await expect(page.getByTestId('edit-preview')).toContainText(`Made the class “${name}”`);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('class-task')).toBeHidden();
}

/** The counts of the palette, `''` for photos without a label. */
function palette(page: Page): Promise<Record<string, number>> {
  // At one moment: rows come and go.
  return page.getByTestId('palette').evaluate((element) =>
    Object.fromEntries(
      [...element.querySelectorAll<HTMLElement>('[data-class]')].map((row) => {
        const counted = row.querySelector('[data-count]')?.textContent ?? '';
        return [row.dataset.class ?? '', Number(counted.replaceAll(',', ''))];
      }),
    ),
  );
}

const saved = (page: Page) => page.getByTestId('saved');

/** From now on notes for each key how long it took until the grid showed something else, in milliseconds. */
async function measureKeys(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const times: number[] = [];
    (window as unknown as { keyTimes: number[] }).keyTimes = times;
    window.addEventListener(
      'keydown',
      ({ key, timeStamp }) => {
        if (!/^[0-9.]$/.test(key)) return;
        const seen = new MutationObserver(() => {
          seen.disconnect();
          // A message sent before the frame is painted arrives when it is.
          const painted = new MessageChannel();
          painted.port1.onmessage = () => times.push(performance.now() - timeStamp);
          requestAnimationFrame(() => painted.port2.postMessage(null));
        });
        const grid = document.querySelector('[data-testid="image-grid"]')!;
        seen.observe(grid, { subtree: true, childList: true, characterData: true });
      },
      { capture: true },
    );
  });
  return () => page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
}

test('labels 200 photos by keyboard, undoes and redoes, and finds all of them after kill -9', async ({
  app,
  server,
  page,
}) => {
  test.setTimeout(240_000);
  await importLoose(app, server, 'Loose photos', 200);
  expect(await palette(page)).toEqual({ '': 200 });
  await makeClass(page, 'circles');
  await makeClass(page, 'stripes');
  await makeClass(page, 'triangles');
  await app.images.tiles.first().click();
  const times = await measureKeys(page);
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press(String((i % 3) + 1));
    if (i < 199)
      await expect(page.locator(`[data-place="${i + 1}"]`)).toHaveAttribute('aria-selected', 'true');
  }
  await expect(saved(page)).toHaveAttribute('data-state', 'saved');
  await expect.poll(() => palette(page)).toEqual({ circles: 67, stripes: 67, triangles: 66, '': 0 });
  const sorted = (await times()).sort((a, b) => a - b);
  const told = `key to screen, ${sorted.length} labels: p50 ${sorted[sorted.length >> 1].toFixed(1)} ms, p95 ${sorted[Math.floor(sorted.length * 0.95)].toFixed(1)} ms, longest ${sorted.at(-1)!.toFixed(1)} ms`;
  test.info().annotations.push({ type: 'latency', description: told });
  process.stdout.write(`${told}\n`);

  for (let i = 0; i < 20; i++) await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => palette(page)).toMatchObject({ '': 20 });
  // What was taken back last is chosen again.
  await expect(page.locator('[data-place="180"]')).toHaveAttribute('aria-selected', 'true');
  for (let i = 0; i < 10; i++) await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect.poll(() => palette(page)).toMatchObject({ '': 10 });
  await page.getByTestId('redo').click();
  await expect.poll(() => palette(page)).toMatchObject({ '': 9 });
  await expect(page.getByTestId('undo')).toHaveAccessibleName(/Undo: Labelled 1 photo as/);
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByTestId('journal').locator('li[data-undone="true"]')).toHaveCount(9);
  await expect(page.getByTestId('journal').getByRole('listitem').first()).toContainText('Labelled 1 photo');
  await picture(page, 'labelling-history-light-1280x800');

  // More labels, and the server dies as soon as they are shown as saved.
  await page.locator('[data-place="199"]').click();
  await page.keyboard.press('1');
  await page.keyboard.press('Home');
  for (const key of ['3', '3', '3', '2', '.']) await page.keyboard.press(key);
  await expect(saved(page)).toHaveAttribute('data-state', 'saved');
  const before = await palette(page);
  await server.restart();
  await page.goto(server.url);
  await app.start.recent.getByRole('button', { name: /^Loose photos/ }).click();
  await app.go('images');
  await expect.poll(() => palette(page)).toEqual(before);
  const labels = page.getByTestId('image-grid').locator('[data-label]');
  const first = ['triangles', 'triangles', 'triangles', 'stripes', 'stripes'];
  await expect.poll(async () => (await labels.allInnerTexts()).slice(0, 5)).toEqual(first);
  // The journal has survived as well.
  await page.getByTestId('undo').click();
  await expect.poll(async () => (await labels.allInnerTexts())[4]).toBe('stripes');
  await expect(page.getByTestId('redo')).toBeEnabled();
});

test('chooses by Shift, Ctrl and all; labels exactly the chosen photos; drags onto a class; inbox', async ({
  app,
  server,
  page,
}) => {
  await importLoose(app, server, 'To be chosen', 40);
  await makeClass(page, 'a');
  await makeClass(page, 'b');
  const tile = (place: number) => page.locator(`[data-place="${place}"]`);
  const chosen = page.getByTestId('chosen-count');

  await tile(2).click();
  await tile(9).click({ modifiers: ['Shift'] });
  await expect(chosen).toHaveText('8 photos selected');
  await tile(4).click({ modifiers: ['ControlOrMeta'] });
  await tile(12).click({ modifiers: ['ControlOrMeta'] });
  await expect(chosen).toHaveText('8 photos selected');
  await picture(page, 'labelling-chosen-light-1280x800');
  await page.keyboard.press('1');
  await expect.poll(() => palette(page)).toEqual({ a: 8, b: 0, '': 32 });
  await expect(tile(4).locator('[data-label]')).toHaveText('no label');
  await expect(tile(12).locator('[data-label]')).toHaveText('a');
  await expect(tile(13)).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(chosen).toHaveText('3 photos selected');
  await page.keyboard.press('Escape');
  await expect(chosen).toBeHidden();
  await tile(0).click();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(chosen).toHaveText('40 photos selected');
  await page.keyboard.press('Escape');

  await tile(20).click();
  await tile(22).click({ modifiers: ['Shift'] });
  await tile(21).dragTo(page.locator('[data-class="b"]'));
  await expect.poll(() => palette(page)).toEqual({ a: 8, b: 3, '': 29 });

  // The inbox: what gets a label leaves it, and the next photo takes its place.
  await page.getByTestId('inbox').click();
  await expect(app.images.shown).toHaveText('29 of 40');
  await tile(0).click();
  for (let i = 0; i < 5; i++) await page.keyboard.press('2');
  await expect(app.images.shown).toHaveText('24 of 40');
  await expect(tile(0)).toHaveAttribute('aria-selected', 'true');
  await expect(tile(0)).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(app.images.shown).toHaveText('25 of 40');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();

  // Enlarged: one photo, the same keys.
  await tile(0).dblclick();
  await expect(page.getByTestId('loupe')).toBeVisible();
  await page.keyboard.press('2');
  await expect(page.getByTestId('loupe')).toContainText('2 of 40');
  await page.keyboard.press('.');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('label-strip').locator('[aria-pressed="true"]')).toHaveText(/^\s*b/);
  await picture(page, 'labelling-loupe-light-1280x800');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('label-strip').locator('[aria-pressed="true"]')).toHaveText(/^\s*No label/);
  await page.keyboard.press('Escape');
  await expect(app.images.grid).toBeVisible();
});

test('a click on a class or on "No label" shows those photos and labels none; labelling offers Undo', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Shapes');
  await drawFolder(folder, { circles: 6, stripes: 8 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const before = { circles: 6, stripes: 8, '': 0 };
  const row = (name: string) => page.locator(`[data-class="${name}"]`);
  const tile = (place: number) => page.locator(`[data-place="${place}"]`);
  const note = page.getByTestId('undo-toast');

  await tile(0).click();
  await row('stripes').getByTestId('show-class').click();
  await expect(app.images.shown).toHaveText('8 of 14');
  expect(await palette(page)).toEqual(before);
  // The photo that was selected is hidden now: keys and clicks no longer reach it.
  await page.keyboard.press('2');
  await page.keyboard.press('0');
  await page.getByTestId('inbox').click();
  await expect(app.images.shown).toHaveText('0 of 14');
  await expect.poll(() => palette(page)).toEqual(before);
  await expect(note).toBeHidden();
  await page.getByTestId('inbox').click();
  await expect(app.images.tiles).toHaveCount(14);

  await tile(0).click();
  await page.keyboard.press('2');
  await expect(note).toContainText('stripes');
  await expect.poll(() => palette(page)).toEqual({ circles: 5, stripes: 9, '': 0 });
  await note.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => palette(page)).toEqual(before);
  await expect(note).toBeHidden();

  // The chip labels by a click, and says so beforehand.
  await tile(0).click();
  await tile(1).click({ modifiers: ['Shift'] });
  await row('stripes').getByRole('button', { name: 'Label 2 photos as stripes' }).click();
  await expect.poll(() => palette(page)).toEqual({ circles: 4, stripes: 10, '': 0 });
  await picture(page, 'labelling-undo-note-light-1280x800');
  await note.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => palette(page)).toEqual(before);
});

test('menu on photos: label, split, leave out, comment, copy the path', async ({
  app,
  server,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await importLoose(app, server, 'With a menu', 12);
  await makeClass(page, 'a');
  const tile = (place: number) => page.locator(`[data-place="${place}"]`);
  await tile(0).click();
  await tile(2).click({ modifiers: ['Shift'] });
  await tile(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move to split' }).hover();
  await page.getByRole('menuitem', { name: 'Test', exact: true }).click();
  await expect(tile(2)).toHaveAccessibleName(/, test$/);
  await expect(tile(3)).toHaveAccessibleName(/in no split/);

  await tile(5).click({ button: 'right' });
  await expect(tile(5)).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('menuitem', { name: 'Label as' }).hover();
  await page.getByRole('menuitem', { name: /^a\b/ }).click();
  await expect(tile(5)).toHaveAccessibleName(/, a, /);

  await tile(6).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Comment…' }).click();
  await expect(page.locator('textarea')).toBeFocused();
  await page.keyboard.type('A hand in front of it');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(tile(6)).toHaveAccessibleName(/has a comment/);

  await tile(7).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy path' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('photo 007.jpg');

  await tile(8).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Exclude' }).click();
  await expect(app.images.tiles).toHaveCount(11);
  await page.getByTestId('more-filters').click();
  await page.getByRole('switch', { name: /Excluded/ }).click();
  await page.keyboard.press('Escape');
  await expect(app.images.tiles).toHaveCount(1);
  await tile(0).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Include again' }).click();
  await expect(page.getByTestId('nothing-shown')).toBeVisible();
});

test('classes: renamed, split off, merged, marked, deleted; views and orders are kept', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Shapes');
  await drawFolder(folder, { circles: 12, stripes: 12 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const change = async (name: string, item: string): Promise<void> => {
    await page.getByRole('button', { name: `Change the class ${name}`, exact: true }).click();
    await page
      .getByRole('menuitem', { name: item })
      .or(page.getByRole('menuitemcheckbox', { name: item }))
      .click();
  };
  const name = page.locator('input[data-testid="class-name"], [data-testid="class-name"] input');

  await change('circles', 'Rename…');
  await name.fill('stripes');
  await expect(page.getByTestId('class-task').getByTestId('error')).toContainText('stripes');
  await expect(page.getByTestId('apply-task')).toBeDisabled();
  await name.fill('discs');
  await expect(page.getByTestId('edit-preview')).toContainText('Renamed the class “circles” to “discs”.');
  await picture(page, 'labelling-rename-light-1280x800');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-class="discs"]')).toBeVisible();
  expect(Object.keys(await app.images.readCounts().catch(() => ({})))).toContain('discs');

  const tile = (place: number) => page.locator(`[data-place="${place}"]`);
  await tile(0).click();
  await tile(4).click({ modifiers: ['Shift'] });
  await change('discs', 'Split the chosen photos off…');
  await name.fill('dots');
  await expect(page.getByTestId('edit-preview')).toContainText('Split 5 photos off “discs”');
  await page.getByTestId('apply-task').click();
  await expect.poll(() => palette(page)).toEqual({ discs: 7, dots: 5, stripes: 12, '': 0 });

  await change('dots', 'Merge into another…');
  await page.getByTestId('merge-into').click();
  await page.getByRole('option', { name: 'stripes' }).click();
  await page.getByTestId('apply-task').click();
  await expect.poll(() => palette(page)).toEqual({ discs: 7, stripes: 17, '': 0 });

  await change('stripes', '“None of these”');
  await expect(page.getByRole('button', { name: /stripes \d+ photos, none of these$/ })).toBeVisible();
  await change('discs', 'Delete…');
  await expect(page.getByTestId('edit-preview')).toContainText('7 photos lost the label');
  await page.getByTestId('apply-task').click();
  await expect.poll(() => palette(page)).toEqual({ stripes: 17, '': 7 });
  for (let i = 0; i < 5; i++) await page.getByTestId('undo').click();
  await expect.poll(() => palette(page)).toEqual({ circles: 12, stripes: 12, '': 0 });

  await page.getByTestId('sort').click();
  await page.getByRole('menuitemcheckbox', { name: 'Name' }).click();
  await page.getByTestId('sort').click();
  await page.getByRole('menuitemcheckbox', { name: 'Z to A' }).click();
  await app.images.choose('class', 'circles');
  await app.images.filterText.fill('circles 1');
  await expect(app.images.shown).toHaveText('3 of 24');
  await page.getByTestId('views').click();
  await page.locator('input[data-testid="view-name"], [data-testid="view-name"] input').fill('Some circles');
  await page.keyboard.press('Enter');
  await expect(
    page.getByTestId('views-menu').getByRole('button', { name: 'Some circles', exact: true }),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(app.images.tiles).toHaveCount(24);
  await page.reload();
  await page.getByTestId('views').click();
  await page.getByTestId('views-menu').getByRole('button', { name: 'Some circles', exact: true }).click();
  await expect(app.images.shown).toHaveText('3 of 24');
  await expect(app.images.tiles.first()).toHaveAccessibleName(/^circles 11\.jpg/);
  await page.getByTestId('views').click();
  await page.getByRole('button', { name: 'Remove the view Some circles' }).click();
  await expect(page.getByTestId('views-menu').getByRole('listitem')).toHaveCount(0);
});

test('labels come from a CSV after a preview, and go into one', async ({ app, server, page }) => {
  await importLoose(app, server, 'Listed', 10);
  await page.getByTestId('label-files').click();
  const csv = join(server.home, 'labels.csv');
  await writeFile(
    csv,
    'path,label\nphoto 001.jpg,cats\nphoto 002.jpg,cats\nphoto 003.jpg,dogs\nnot here.jpg,dogs\n',
  );
  await page.getByTestId('label-file').setInputFiles(csv);
  await expect(page.getByTestId('import-changed')).toHaveText('3');
  await expect(page.getByTestId('import-preview')).toContainText('not here.jpg');
  await expect(page.getByTestId('import-preview')).toContainText('New classes: cats, dogs');
  await picture(page, 'labelling-files-light-1280x800');
  expect(await palette(page)).toEqual({ '': 10 });
  await page.getByTestId('take-over').click();
  await expect.poll(() => palette(page)).toEqual({ cats: 2, dogs: 1, '': 7 });
  await page.getByTestId('export-labels').click();
  const location = await page.getByTestId('export-outcome').locator('p').nth(1).innerText();
  expect(await readFile(location, 'utf8')).toContain('photo 002.jpg,cats');
  await page.getByTestId('undo').click();
  await expect.poll(() => palette(page)).toEqual({ '': 10 });
});

test('a label that cannot be saved is put back, and the reason is said', async ({ app, server, page }) => {
  const folder = join(server.home, 'Shapes');
  await drawFolder(folder, { circles: 6, stripes: 6 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const tile = page.locator('[data-place="0"]');
  await tile.click();
  // The new server does not know this page.
  await server.restart();
  await expect(page.getByTestId('connection-notice')).toBeVisible({ timeout: 30_000 });
  await tile.focus();
  await page.keyboard.press('2');
  await expect(tile.locator('[data-label]')).toHaveText('stripes');
  await expect(saved(page)).toHaveAttribute('data-state', 'saving');
  await expect(page.locator('[data-code="CONNECTION_LOST"]')).toBeVisible({ timeout: 30_000 });
  await expect(tile.locator('[data-label]')).toHaveText('circles');
  await expect(saved(page)).toHaveAttribute('data-state', 'failed');
  expect(await palette(page)).toMatchObject({ circles: 6, stripes: 6 });

  // A list that does not come is told of as well.
  await page.getByRole('button', { name: 'Dismiss this message' }).click();
  await expect(page.locator('[data-code="CONNECTION_LOST"]')).toBeHidden();
  await app.images.filterText.fill('circles 1');
  await expect(page.locator('[data-code="CONNECTION_LOST"]')).toBeVisible({ timeout: 30_000 });
});

test('everyone can use the bench, and how it looks', async ({ app, server, page }) => {
  test.setTimeout(240_000);
  const folder = join(server.home, 'Bench');
  await drawFolder(folder, { circles: 30, stripes: 24, triangles: 18 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await page.getByRole('button', { name: 'Dismiss the import' }).click();
  const axe = (state: string): Promise<void> => expectAccessible(page, state);
  const tile = (place: number) => page.locator(`[data-place="${place}"]`);
  await tile(1).click();
  await page.keyboard.press('2');
  await tile(1).click();
  await tile(6).click({ modifiers: ['Shift'] });
  await tile(3).click({ modifiers: ['ControlOrMeta'] });
  await pictures(page, 'labelling');
  await axe('several chosen');
  await page.getByTestId('more-filters').click();
  await expect(page.getByTestId('filter-menu')).toBeVisible();
  await pictures(page, 'labelling-filters');
  await axe('filters');
  await page.keyboard.press('Escape');
  await page.getByTestId('views').click();
  await axe('views');
  await page.keyboard.press('Escape');
  await page.getByTestId('new-class').click();
  await axe('new class');
  await page.keyboard.press('Escape');
  await page.getByTestId('label-files').click();
  await axe('files');
  await page.getByRole('tab', { name: 'History' }).click();
  await axe('history');
  await tile(4).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Label as' }).hover();
  await expect(page.getByRole('menuitem', { name: 'New class…' })).toBeVisible();
  await pictures(page, 'labelling-menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await tile(4).click();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('label-strip')).toBeVisible();
  await axe('enlarged');
  await pictures(page, 'labelling-loupe');
});
