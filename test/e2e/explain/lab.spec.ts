/** The lab of Explain: the lesson's worked examples in the browser, digit by digit, with mouse and keyboard. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

/** Opens a demonstration of the lab by the rail: no project is needed. */
async function openLab(page: Page, demo: string): Promise<void> {
  await page.locator('[data-step="explain"]').click();
  await page.locator(`[data-demo="${demo}"]`).click();
  await expect(page.getByTestId('explain-figure')).toBeVisible();
}

test("convolution: the lesson's nine positions, each product and each sum", async ({ app }) => {
  const { page } = app;
  await openLab(page, 'convolution');
  const figure = page.getByTestId('convolution');
  const expected = [12, 12, 17, 10, 17, 19, 9, 6, 14];
  await expect(figure).toHaveAttribute(
    'aria-valuetext',
    'Output row 1, column 1: 3·0 + 3·1 + 2·2 + 0·2 + 0·2 + 1·0 + 3·0 + 1·1 + 2·2 = 12',
  );
  for (const [place, sum] of expected.entries()) {
    await expect(page.getByTestId('position')).toHaveText(`Position ${place + 1} of 9`);
    await expect(page.getByTestId('sum')).toHaveText(String(sum));
    if (place < 8) await page.getByTestId('step-on').click();
  }
  await expect(page.getByTestId('step-on')).toBeDisabled();
  await expect(page.getByTestId('output-size')).toHaveText('3');
});

test('convolution: arrows move the filter, fields change numbers, padding and stride change the output', async ({
  app,
}) => {
  const { page } = app;
  await openLab(page, 'convolution');
  const figure = page.getByTestId('convolution');
  await figure.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('sum')).toHaveText('17');
  await page.keyboard.press('End');
  await expect(page.getByTestId('sum')).toHaveText('14');
  await page.keyboard.press('Home');

  // The first cell becomes 5: the filter's weight there is 0, so the first sum stays; the next cell counts once.
  const cell = page.getByRole('textbox', { name: 'Image, row 1, column 1', exact: true });
  await cell.focus();
  await page.keyboard.type('5');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('textbox', { name: 'Image, row 1, column 2', exact: true })).toBeFocused();
  await expect(figure).toHaveAttribute('aria-valuetext', /1: 5·0 \+ 3·1/);
  await expect(page.getByTestId('sum')).toHaveText('12');
  await page.keyboard.type('4');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('sum')).toHaveText('13');

  await page.getByText('same', { exact: true }).click();
  await expect(page.getByTestId('output-size')).toHaveText('5');
  await expect(page.getByTestId('size-formula')).toContainText('(5 − 3 + 2·1) / 1 + 1');
  await expect(page.getByTestId('position')).toHaveText('Position 1 of 25');
  await page.getByText('valid', { exact: true }).click();

  await page.getByRole('radiogroup', { name: 'Stride' }).getByText('3').click();
  await expect(page.getByTestId('does-not-fit')).toContainText(
    'the last 2 rows and columns are never reached',
  );
  await page.getByRole('button', { name: "The lesson's example" }).click();
  await expect(page.getByTestId('sum')).toHaveText('12');
  await expect(page.getByTestId('does-not-fit')).toBeHidden();
});

test("pooling: the lesson's four windows, maximum beside mean", async ({ app }) => {
  const { page } = app;
  await openLab(page, 'pooling');
  const expected = [
    ['max(0.03, 0.16, 0.10, 0.09) = 0.16', '(0.03 + 0.16 + 0.10 + 0.09) / 4 = 0.0950'],
    ['max(0.13, 0.04, 0.14, 0.12) = 0.14', '(0.13 + 0.04 + 0.14 + 0.12) / 4 = 0.1075'],
    ['max(0.05, 0.11, 0.01, 0.07) = 0.11', '(0.05 + 0.11 + 0.01 + 0.07) / 4 = 0.0600'],
    ['max(0.06, 0.02, 0.15, 0.08) = 0.15', '(0.06 + 0.02 + 0.15 + 0.08) / 4 = 0.0775'],
  ];
  for (const [place, [max, average]] of expected.entries()) {
    await expect(page.getByTestId('max-sum')).toHaveText(max);
    await expect(page.getByTestId('average-sum')).toHaveText(average);
    if (place < 3) await page.getByTestId('step-on').click();
  }
});

test('receptive field: 7×7 without pooling, 30,976 values and 15,860,224 parameters', async ({ app }) => {
  const { page } = app;
  await openLab(page, 'receptive-field');
  await expect(page.getByTestId('field')).toContainText('sees 7 × 7 of the 28 × 28 input pixels');
  await expect(page.getByTestId('ending-without')).toContainText('22 × 22 × 64 = 30,976 values');
  await expect(page.getByTestId('ending-without')).toContainText('15,860,224');
  await expect(page.getByTestId('ending-with')).toContainText('3 × 3 × 64 = 576 values');
  await page.getByTestId('stack').focus();
  await page.keyboard.press('PageUp');
  await expect(page.getByTestId('field')).toContainText('sees 5 × 5');
  await page.getByRole('button', { name: 'Pooling', exact: true }).click();
  await expect(page.getByTestId('field')).toContainText('layer 4 sees 8 × 8');
});

test('costs: the three numbers of the lesson', async ({ app }) => {
  const { page } = app;
  await openLab(page, 'cost');
  await expect(page.getByTestId('cost-dense').getByTestId('cost')).toContainText('24,084,480,000');
  await expect(page.getByTestId('cost-conv').getByTestId('cost')).toContainText('27,095,040,000');
  await expect(page.getByTestId('cost-conv-64').getByTestId('cost')).toContainText('1,734,082,560,000');
});

test('local and global: a moved shape is found by the convolution and missed by the dense unit', async ({
  app,
}) => {
  const { page } = app;
  await openLab(page, 'local');
  await expect(page.getByTestId('global-response')).toHaveText('5');
  await page.getByTestId('local').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('local-response')).toHaveText('5');
  await expect(page.getByTestId('global-response')).toHaveText('0');
});

test('on a photo: filters answer differently, and the figure is saved whole, as SVG and as PNG', async ({
  app,
}) => {
  const { page } = app;
  await openLab(page, 'photo');
  const response = page.getByTestId('response');
  await expect(response).toBeVisible();
  const vertical = await response.getAttribute('href');
  await page.getByTestId('photo-filter-preset').click();
  await page.getByRole('option', { name: 'Blur (mean)' }).click();
  await expect(response).not.toHaveAttribute('href', vertical!);

  const saved = page.waitForEvent('download');
  await page.getByTestId('save-svg').click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('Response map, Blur (mean).svg');
  const text = await readFile(await file.path(), 'utf8');
  expect(text).toContain('<svg');
  // Alone it must be whole: pictures inside, no style sheet, no CSS variables, its sentence and settings.
  expect(text).not.toMatch(/var\(--|href="(?!data:)/);
  expect(text).toContain('gives a response map');
  expect(text).toContain('Filter Blur (mean)');

  const savedPng = page.waitForEvent('download');
  await page.getByTestId('save-png').click();
  const png = await readFile(await (await savedPng).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThan(1000);
});

test('a photo of the user, without any project: filtered, seen by the stack, saved with the figure', async ({
  app,
  server,
}) => {
  const { page } = app;
  await drawFolder(join(server.home, 'own'), { triangles: 1 });
  await openLab(page, 'photo');
  const before = await page.getByTestId('response').getAttribute('href');
  await page.getByTestId('files-input').setInputFiles(join(server.home, 'own/triangles/triangles 0.jpg'));
  await expect(page.getByTestId('response')).not.toHaveAttribute('href', before!);
  await page.locator('[data-demo="receptive-field"]').click();
  const saved = page.waitForEvent('download');
  await page.getByTestId('save-svg').click();
  const text = await readFile(await (await saved).path(), 'utf8');
  expect(text).toMatch(/<image [^>]*href="data:image\/jpeg/);

  const letter = join(server.home, 'letter.png');
  await writeFile(letter, 'no picture');
  await page.locator('[data-demo="photo"]').click();
  await page.getByTestId('files-input').setInputFiles(letter);
  await expect(page.locator('[data-code="IMAGE_FORMAT_UNSUPPORTED"]')).toBeVisible();
});

test('every demonstration passes axe', async ({ app }) => {
  const { page } = app;
  for (const demo of ['convolution', 'pooling', 'photo', 'local', 'receptive-field', 'cost']) {
    await openLab(page, demo);
    await expectAccessible(page, demo);
    await pictures(page, `explain-lab-${demo}`);
  }
});
