/** The confusion matrix of more classes than a table has room for. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expectAccessible } from '../support/accessible.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

/** Ten classes of grey squares, each a little brighter than the one before. */
async function drawShades(folder: string): Promise<void> {
  for (let shade = 0; shade < 10; shade++) {
    await mkdir(join(folder, `shade ${shade}`), { recursive: true });
    for (let number = 0; number < 12; number++) {
      const grey = 10 + 22 * shade + number;
      const create = {
        width: 32,
        height: 32,
        channels: 3 as const,
        background: { r: grey, g: grey, b: 240 },
      };
      await sharp({ create })
        .png()
        .toFile(join(folder, `shade ${shade}`, `${number}.png`));
    }
  }
}

test('shows ten classes as a picture whose cells keys reach, in three orders, with the worst pairs', async ({
  app,
  server,
  page,
}) => {
  const folder = join(server.home, 'Ten shades');
  await drawShades(folder);
  await app.start.drop([folder]);
  await app.images.waitForImport();
  await app.go('train');
  await app.train.set({ epoch: 1, imageSize: 48 });
  await app.train.start();
  await app.train.waitForOutcome();
  await app.go('results');

  const matrix = page.getByRole('grid', { name: /Confusion matrix/ });
  const readout = page.getByTestId('matrix-readout');
  await expect(matrix).toHaveAttribute('aria-rowcount', '10');
  await expectAccessible(page, 'a matrix of ten classes');
  await pictures(page, 'matrix');
  const box = (await matrix.boundingBox())!;
  expect(await matrix.evaluate((frame) => frame.scrollWidth <= frame.clientWidth)).toBe(true);
  expect(box.height).toBeLessThan(700);

  await matrix.focus();
  await page.keyboard.press('Home');
  const says = (): Promise<string> => readout.innerText();
  for (let at = 0; at < 10 && (await says()).startsWith('0 of'); at++)
    await page.keyboard.press('ArrowRight');
  const cell = /^(\d+) of shade \d were /.exec(await says())!;
  await expect(matrix.getByRole('gridcell')).toHaveText(await says());
  await page.getByTestId('matrix-order').click();
  await page.getByRole('option', { name: 'Similar classes together' }).click();
  await page.getByTestId('matrix-order').click();
  await page.getByRole('option', { name: 'Class order' }).click();
  await matrix.press('Enter');
  await expect(page.getByTestId('judged-count')).toHaveText(new RegExp(`^${cell[1]} photos?$`));
  await page.getByTestId('judged-back').click();

  const worst = page.getByTestId('worst-pairs').getByRole('button').first();
  await expect(worst.locator('img').first()).toBeVisible();
  await worst.click();
  await expect(page.getByTestId('judged-title')).toContainText('that were called');
});
