/** One click with a pretrained network at hand: the head is solved for, and Use takes it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNarrowNetwork } from '../../fixtures/models/small-backbone-file.ts';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

test.describe('with a pretrained network', () => {
  let given: string;
  test.beforeAll(async () => {
    given = mkdtempSync(join(tmpdir(), 'lenslet-narrow-'));
    await writeNarrowNetwork(given);
    process.env.LENSLET_BACKBONES = given;
  });
  test.afterAll(() => {
    delete process.env.LENSLET_BACKBONES;
    rmSync(given, { recursive: true, force: true });
  });

  test('one click solves for the head: no epochs, no curves, and nothing to extend', async ({
    app,
    server,
    page,
  }) => {
    const folder = join(server.home, 'Circles and stripes');
    await drawFolder(folder, { circles: 20, stripes: 20 });
    await app.start.drop([folder]);
    await app.images.waitForImport();
    await app.go('train');
    await expect(page.getByRole('heading', { name: 'Linear probe' })).toBeVisible();
    await expect(page.getByTestId('stages')).toContainText('solved at once');
    for (const term of ['epoch', 'step', 'batch', 'learningRate', 'optimizer'])
      await expect(app.train.fact(term)).toHaveCount(0);
    await expect(app.train.fact('imageSize')).toHaveText('224 × 224');
    const mode = page.getByTestId('mode');
    await mode.getByText('Balanced').click();
    await expect(page.getByRole('heading', { name: 'Linear probe, then fine-tuning' })).toBeVisible();
    await expect(page.getByTestId('stages').locator('li')).toHaveCount(2);
    await expect(app.train.fact('epoch')).toHaveText('5');
    await expectAccessible(page, 'the choice of mode');
    await mode.getByText('Fast').click();
    await expect(page.getByRole('heading', { name: 'Linear probe', exact: true })).toBeVisible();
    await expect(page.getByTestId('stages').locator('li')).toHaveCount(1);
    await app.train.start();
    await app.train.waitForOutcome();
    await expect(app.train.outcome).toContainText('Solved in');
    await expect(page.getByTestId('epoch-figures')).toContainText('no curves');
    await expect(page.getByTestId('extend')).toHaveCount(0);
    await expectAccessible(page, 'a head that was solved for');
    await pictures(page, 'linear-probe');
    const accuracy = await app.train.testAccuracy.innerText();
    expect(Number.parseFloat(accuracy)).toBeGreaterThanOrEqual(75);

    await app.go('results');
    await expect(app.results.accuracy('test')).toHaveText(accuracy);
    await expect(page.getByTestId('epoch-figures')).toBeVisible();
    await expect(page.getByTestId('extend')).toHaveCount(0);
    await page.reload();
    await expect(app.results.accuracy('test')).toHaveText(accuracy);
  });
});
