/** Runs after their end: notes, going on, other seeds, and side by side. */
import { join } from 'node:path';
import type { AppPage } from '../pages/app-page.ts';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import type { HostedApp } from '../support/test.ts';
import { expect, test } from '../support/test.ts';

async function importShapes(app: AppPage, server: HostedApp): Promise<void> {
  const folder = join(server.home, 'Two shapes');
  await drawFolder(folder, { circles: 40, stripes: 40 });
  await app.start.drop([folder]);
  await app.images.waitForImport();
}

/** A tiny run: seconds. */
async function trainTiny(app: AppPage, settings: Parameters<AppPage['train']['set']>[0]): Promise<void> {
  await app.go('train');
  if (await app.train.newRun.isVisible()) await app.train.newRun.click();
  await app.train.set({ epoch: 2, imageSize: 48, ...settings });
  await app.train.start();
  await app.train.waitForOutcome();
}

test('keeps notes over a reload, extends a finished run, and compares two runs', async ({
  app,
  server,
  page,
}) => {
  await importShapes(app, server);
  await trainTiny(app, { learningRate: 0.001 });

  await page.getByTestId('extend-epochs').fill('3');
  await page.getByTestId('extend-epochs').press('Tab');
  await page.getByTestId('extend-start').click();
  await expect(app.train.outcome).toContainText('Trained 5 epochs', { timeout: 90_000 });
  await expect(app.train.testAccuracy).toBeVisible();

  await app.go('results');
  await app.results.notes.fill('Good start; next a smaller rate.');
  await expect(page.getByTestId('notes-state')).toHaveText('Saved');
  await page.reload();
  await expect(app.results.notes).toHaveValue('Good start; next a smaller rate.');

  await trainTiny(app, { learningRate: 0.00001 });
  await app.go('results');
  await expect(app.results.runs).toHaveCount(2);
  await expect(app.results.notes).toHaveValue('');
  const names = await app.results.runs.locator('[title]').allInnerTexts();
  await app.results.compare(names);
  const settings = page.getByTestId('differing-settings');
  await expect(settings.getByRole('row', { name: /Learning rate/ })).toContainText('0.00001');
  await expect(settings.getByRole('row', { name: /Learning rate/ })).toContainText('0.001');
  await expect(settings).not.toContainText('Batch size');
  await expect(settings).not.toContainText('Recipe');
  const figures = page.getByTestId('test-figures').locator('tbody tr');
  await expect(figures).toHaveCount(2);
  for (const row of await figures.all()) await expect(row).toContainText(/\d+\.\d–\d+\.\d%/);
  await expect(page.getByTestId('verdict')).toContainText(/chance/);
  await expect(page.getByTestId('chart-accuracy').getByTestId('chart-readings')).toContainText(/A.*%.*B.*%/);

  // Curves by keyboard, as a table, and as a file.
  await page.getByTestId('chart-accuracy').getByRole('slider').focus();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('chart-accuracy').locator('header')).toContainText('epoch 1');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the loss values as CSV' }).click();
  expect((await saved).suggestedFilename()).toBe('compared runs loss.csv');

  await expectAccessible(page, 'the comparison');

  // The comparison stands in the address.
  await page.reload();
  await expect(figures).toHaveCount(2);
  await page.getByTestId('compare-end').click();
  await expect(app.results.facts).toBeVisible();
});

test('shows repeats over three seeds as one row that opens, with mean and spread', async ({
  app,
  server,
  page,
}) => {
  await importShapes(app, server);
  await app.go('train');
  await app.train.set({ epoch: 2, imageSize: 48, learningRate: 0.001 });
  await page.getByTestId('repeat-start').click();
  await expect(app.train.monitor).toBeVisible();
  await app.go('results');
  const toggle = page.getByTestId('series-toggle');
  await expect(toggle).toContainText('3 seeds', { timeout: 120_000 });
  await expect(page.getByTestId('run-status')).toBeVisible();
  await expect(page.getByTestId('series')).toContainText('One of 3 runs');
  await expect
    .poll(() => page.getByTestId('series').locator('tbody tr', { hasText: '%' }).count(), {
      timeout: 120_000,
    })
    .toBe(3);
  await expect(page.getByTestId('series-mean')).toHaveText(/^\d+\.\d% ± \d+\.\d$/);
  await expect(toggle.getByTestId('series-spread')).toHaveText(
    await page.getByTestId('series-mean').innerText(),
  );
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await toggle.focus();
  await page.keyboard.press('Enter');
  await expect(app.results.runs).toHaveCount(3);
  await expect(app.results.runs.first()).toContainText('seed 1');
});

test('takes the model of a run out, and says what was proved', async ({ app, server, page }) => {
  await importShapes(app, server);
  await trainTiny(app, { learningRate: 0.001 });
  await app.go('results');
  const panel = page.getByTestId('take-out');
  await expect(panel.getByTestId('format-onnx')).toBeChecked();
  await expect(panel).toContainText('one file, run by ONNX Runtime');
  await panel.getByTestId('export').click();
  await expect(panel.getByTestId('exported')).toContainText(
    /10 photos compared with ONNX Runtime .*: largest difference/,
  );
  const place = join('exports', 'From scratch 1 ONNX');
  await expect(panel.getByTestId('exported')).toContainText(place);
  await expectAccessible(page, 'an export');

  // The report and the model card, by one click.
  await page.getByTestId('write-report').click();
  await expect(page.getByTestId('reported')).toContainText(join('exports', 'From scratch 1 report.html'));
  await expect(page.getByTestId('reported')).toContainText('From scratch 1 model card.md');

  // A second export gets a name of its own.
  await panel.getByTestId('export').click();
  await expect(panel.getByTestId('exported')).toContainText(`${place} 2`);
  await page.reload();
  await expect(panel.getByTestId('exported')).toHaveCount(0);
});
