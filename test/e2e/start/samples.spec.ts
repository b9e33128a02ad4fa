/** Without any photos of one's own. */
import { expect, test } from '../support/test.ts';

test('sample images are made on the spot: three classes, split, ready to train', async ({ app, page }) => {
  await app.start.sample.click();
  await app.images.waitForImport();
  await expect.poll(async () => Object.keys(await app.images.readCounts())).toHaveLength(3);
  const counts = await app.images.readCounts();
  for (const [train, validation, test] of Object.values(counts)) {
    expect(train).toBeGreaterThan(validation);
    expect(validation).toBeGreaterThan(0);
    expect(test).toBeGreaterThan(0);
  }

  await app.images.choose('class', Object.keys(counts)[1]);
  await expect(app.images.shown).toContainText(' of ');
  await app.images.choose('split', 'Test');
  const inTest = Object.values(counts)[1][2];
  await expect(app.images.shown).toHaveText(new RegExp(`^${inTest} of `));
  await expect(app.images.tiles).toHaveCount(inTest);

  await app.go('train');
  await expect(app.train.trainButton).toBeEnabled();
  await page.getByRole('button', { name: 'The network, layer by layer' }).click();
  await expect(page.getByTestId('layers')).toContainText('Conv2D');
});

test('the split can be made anew with another seed and other shares', async ({ app, page }) => {
  await app.start.sample.click();
  await app.images.waitForImport();
  const before = await app.images.readCounts();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const maker = page.getByTestId('split-maker');
  await maker.getByRole('slider').first().focus();
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowLeft');
  const preview = await maker.locator('dd').allInnerTexts();
  expect(preview[0]).toBe('60%');
  await maker.getByRole('spinbutton').fill('99');
  await maker.getByRole('button', { name: 'Replace the split' }).click();
  await expect(page.getByText('seed 99')).toBeVisible();
  const after = await app.images.readCounts();
  expect(after).not.toEqual(before);
  const training = Object.values(after).reduce((sum, row) => sum + row[0], 0);
  expect(training).toBe(Number(preview[1].replaceAll(',', '')));
});
