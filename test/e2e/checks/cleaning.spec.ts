/** A leak planted on purpose: found, fixed by one click, and the accuracy before and after side by side. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { samplePictures } from '../../../src-main/datasets/samples/sample-scenes.ts';
import { expectAccessible } from '../support/accessible.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

/** Scenes in folders by split; some scenes that are taught are asked in the test as well, saved anew. */
async function drawLeak(folder: string): Promise<number> {
  const seen = new Map<string, number>();
  let leaks = 0;
  const write = async (split: string, path: string, bytes: Buffer): Promise<void> => {
    await mkdir(dirname(join(folder, split, path)), { recursive: true });
    await writeFile(join(folder, split, path), bytes);
  };
  for (const one of samplePictures(31, 20)) {
    const name = one.path.split('/')[0];
    const at = seen.get(name) ?? 0;
    seen.set(name, at + 1);
    const bytes = await one.draw();
    await write(at < 12 ? 'train' : at < 16 ? 'validation' : 'test', one.path, bytes);
    if (at >= 8) continue;
    leaks++;
    const again = await sharp(bytes).modulate({ brightness: 1.05 }).jpeg({ quality: 70 }).toBuffer();
    await write('test', one.path.replace(/(\.\w+)$/, ' again$1'), again);
  }
  return leaks;
}

test('a planted leak is found and fixed by one click; Results shows the accuracy before and after', async ({
  app,
  server,
}) => {
  const { page } = app;
  const folder = join(server.home, 'Scenes');
  const leaks = await drawLeak(folder);
  await app.start.drop([folder]);
  await app.images.waitForImport();
  const train = async (): Promise<void> => {
    await app.go('train');
    await app.train.set({ epoch: 3, imageSize: 48, learningRate: 0.001 });
    await app.train.start();
    await app.train.waitForOutcome();
  };
  await train();
  await app.go('results');
  await expect(page.getByTestId('results')).toBeVisible();
  await expect(page.getByTestId('cleaning')).toHaveCount(0);

  await app.go('check');
  await app.check.runAll();
  await app.check.open('split-leakage');
  await page.getByTestId('choose-all').click();
  await app.check.apply.click();
  await expect(page.getByText('Nothing found')).toBeVisible({ timeout: 60_000 });

  await app.go('train');
  if (await app.train.newRun.isVisible()) await app.train.newRun.click();
  await train();
  await app.go('results');
  const card = page.getByTestId('cleaning');
  await expect(card).toContainText('Before cleaning');
  await expect(card).toContainText(`Before, ${leaks} test photos were like a training photo; now none is.`);
  await expect(card).toContainText(`${leaks} photos were moved to another split`);
  await expect(page.getByTestId('cleaning-verdict')).toContainText(/percentage points|No difference/);
  await expectAccessible(page, 'before and after cleaning', {
    tags: ['wcag2a', 'wcag2aa'],
    everyImpact: true,
  });
  await pictures(page, 'cleaning');
  await card.getByRole('link', { name: 'Compare the runs' }).click();
  await expect(page.getByTestId('compare-view')).toContainText('Comparing 2 runs');

  // What a link from a check asks for is shown after a reload too, and taken away with the filter.
  await page.goto(`${server.origin}/#/images?check=near-duplicates`);
  await expect(app.images.shown).toContainText(' of ');
  await page.reload();
  await expect(page.getByTestId('filter-chips')).toContainText('Near-duplicates');
  await page.getByTestId('filter-chips').getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(page).toHaveURL(/#\/images$/);
});
