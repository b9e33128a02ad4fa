/** The tabs of Explain on the real engine, with a run trained on drawn pictures. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { convolutionFiles, denseFiles } from '../../fixtures/models/hand-made-models.ts';
import { missingData, sharedData } from '../../fixtures/shared-data.ts';
import { expectAccessible } from '../support/accessible.ts';
import { drawFolder } from '../support/photos.ts';
import { picture, pictures } from '../support/screenshots.ts';
import { expect, test } from '../support/test.ts';

async function openTab(page: Page, tab: string): Promise<void> {
  await page.locator('[data-step="explain"]').click();
  await page.locator(`[data-tab="explain-${tab}"]`).click();
}

/** Waits until nothing is being computed any more. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByTestId('task')).toHaveCount(0, { timeout: 90_000 });
}

/** True once the browser has really drawn the picture. */
async function drawn(page: Page, selector: string): Promise<void> {
  await expect
    .poll(
      () =>
        page
          .locator(selector)
          .first()
          .evaluate((image) => (image as HTMLImageElement).naturalWidth),
      {
        timeout: 30_000,
      },
    )
    .toBeGreaterThan(10);
}

test('network map: layers, formulas with their numbers, what if 64 channels, measured times', async ({
  trained,
}) => {
  const { page } = trained;
  await openTab(page, 'network');
  // The first convolution of the lesson's network from scratch: 3·3·3·32 + 32.
  await expect(page.getByTestId('layer-details')).toContainText('conv2d');
  await expect(page.getByTestId('layer-cost')).toContainText('3 · 3 · 3 · 32 + 32 = 896');
  await expect(page.getByTestId('layer-cost')).toContainText('32 · 62 · 62 · (3 · 3 · 3)');
  await expect(page.getByTestId('what-if')).toContainText('21.3 times');

  await page.getByTestId('network-drawing').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('layer-cost')).toContainText('3 · 3 · 32 · 64 + 64 = 18,496');
  await expect(page.getByTestId('field-picture')).toContainText('sees 8 × 8 pixels');
  await page.getByTestId('measure').click();
  await expect(page.getByTestId('measured')).toContainText('for one image', { timeout: 60_000 });
  await expect(page.getByTestId('network-table')).toContainText(/\d ms/);

  await page.getByText('A recipe', { exact: true }).click();
  await page.getByTestId('recipe-select').click();
  await page.getByRole('option', { name: 'Small grey pictures', exact: true }).click();
  await expect(page.getByTestId('layer-cost')).toContainText('3 · 3 · 1 · 32 + 32 = 320');
});

test('activations: every layer, one channel enlarged with its strongest photos, two photos side by side', async ({
  trained,
  trainedServer,
}) => {
  const { page } = trained;
  await openTab(page, 'activations');
  const layers = page.getByTestId('activation-layer');
  await expect(layers).toHaveCount(8, { timeout: 60_000 });
  await expect(layers.first()).toContainText('conv2d');
  await expect(layers.first().getByTestId('sparsity')).toContainText(/32 channels, .* blank/);
  await drawn(page, '[data-testid="tile-grid"] img');

  await layers.first().getByTestId('tile-grid').focus();
  await page.keyboard.press('ArrowRight');
  const channel = page.getByTestId('channel');
  await expect(channel.getByRole('heading', { name: 'Channel 1' })).toBeVisible();
  await channel.getByTestId('find-strongest').click();
  await settled(page);
  await expect(channel.getByText(/photos were searched|None of them activates it/)).toBeVisible();

  await page.getByRole('radiogroup', { name: 'Compare with' }).getByText('A photo').click();
  const second = page.getByRole('region', { name: 'Second photo' });
  await second.getByTestId('photo-offer').nth(2).click();
  await expect(layers.first().getByTestId('tile-grid')).toHaveCount(2, { timeout: 30_000 });
  const dropped = join(trainedServer.home, 'second');
  await drawFolder(dropped, { stripes: 1 });
  await second.getByTestId('files-input').setInputFiles(join(dropped, 'stripes', 'stripes 0.jpg'));
  await expect(layers.first().getByTestId('side-title').nth(1)).toContainText('stripes 0.jpg');

  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save the activations of conv2d as SVG' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^conv2d activations\.svg$/);
  expect(await readFile(await file.path(), 'utf8')).toContain('<svg');
});

test('activations: two epochs of the same run side by side, also on coming from another tab', async ({
  trained,
}) => {
  const { page } = trained;
  await openTab(page, 'network');
  await expect(page.getByTestId('totals')).toContainText('12 weight tensors');
  await openTab(page, 'activations');
  const layers = page.getByTestId('activation-layer');
  await expect(layers).toHaveCount(8, { timeout: 60_000 });
  await page.getByRole('radiogroup', { name: 'Compare with' }).getByText('An epoch').click();
  await expect(layers.last().getByTestId('tile-grid')).toHaveCount(2, { timeout: 30_000 });
  await expect(layers.first().getByTestId('side-title')).toHaveText([/^As it is now: /, /^After epoch 1: /]);
  // The fixture's run has five epochs, of which the first, second and fifth are kept.
  await page.getByRole('combobox', { name: 'Epoch to compare with' }).click();
  await expect(page.getByRole('option')).toHaveText(['after epoch 1', 'after epoch 2', 'after epoch 5']);
  await page.getByRole('option', { name: 'after epoch 2' }).click();
  await expect(layers.first().getByTestId('side-title').nth(1)).toHaveText(/^After epoch 2: /);
  const pictures = layers.last().locator('[data-testid="tile-grid"] img');
  const [now, before] = await pictures.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).src));
  expect(now).not.toBe(before);
});

test('patterns: progress and cancel, a grid, one enlarged, kept for the next time', async ({ trained }) => {
  const { page } = trained;
  await openTab(page, 'patterns');
  // So many steps that it cannot be over before it is cancelled.
  const steps = page.getByRole('spinbutton', { name: 'Steps' });
  await steps.fill('1000');
  await steps.press('Tab');
  await page.getByTestId('compute-patterns').click();
  await page.getByTestId('task').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByTestId('compute-patterns')).toBeVisible();
  await steps.fill('40');
  await steps.press('Tab');
  await page.getByTestId('compute-patterns').click();
  await expect(page.getByTestId('tile-grid')).toBeVisible({ timeout: 120_000 });
  await expect(page.getByTestId('pattern-facts')).toContainText('40 steps, 64 pixels');
  await page.getByTestId('tile-grid').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('pattern').getByRole('heading', { name: 'Filter 1' })).toBeVisible();
  await drawn(page, '[data-testid="pattern-picture"]');
  const widthOf = (): Promise<number> =>
    page.getByTestId('pattern-picture').evaluate((image) => (image as HTMLImageElement).naturalWidth);
  const small = await widthOf();
  await page.getByTestId('enlarge').click();
  await settled(page);
  await expect.poll(widthOf, { timeout: 30_000 }).toBeGreaterThan(small);

  await page.reload();
  await openTab(page, 'patterns');
  await page.getByTestId('compute-patterns').click();
  await expect(page.getByTestId('pattern-facts')).toContainText('computed earlier', {
    timeout: 60_000,
  });
});

test('heatmap: classes, methods and layers; many photos; can it be trusted', async ({ trained }) => {
  const { page } = trained;
  await openTab(page, 'heatmap');
  await expect(page.getByTestId('heatmap').first()).toBeVisible({ timeout: 60_000 });
  await drawn(page, '[data-testid="heatmap"] img');
  const facts = page.getByTestId('heatmap-facts');
  await expect(facts).toContainText('conv2d_3');
  const other = page.getByTestId('predictions').getByRole('button').nth(2);
  const label = (await other.innerText()).split('\n')[0];
  await other.click();
  await expect(facts).toContainText(label);
  await page.getByText('Occlusion', { exact: true }).click();
  await settled(page);
  await expect(facts).not.toContainText('conv2d_3');
  await page.getByText('Grad-CAM', { exact: true }).click();
  await page.getByTestId('heatmap-layer').click();
  await page.getByRole('option', { name: 'conv2d_1', exact: true }).click();
  await expect(facts).toContainText('conv2d_1');

  // The slider changes the picture at once, and what is saved.
  const before = await page.locator('[data-testid="save-png"]').first().getAttribute('href');
  await page.getByRole('slider', { name: 'Intensity of the heatmap' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('intensity')).toHaveText('0.41');
  expect(await page.locator('[data-testid="save-png"]').first().getAttribute('href')).not.toBe(before);

  await page.getByText('Many photos').click();
  await page.getByTestId('compute-grid').click();
  await expect(page.getByTestId('grid-facts')).toContainText('27 photos', { timeout: 60_000 });
  await expect(page.getByTestId('grid-heatmap')).toHaveCount(27);
  const sheet = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the heatmaps as SVG' }).click();
  const svg = await readFile(await (await sheet).path(), 'utf8');
  expect(svg.match(/<image [^>]*href="data:image/g)).toHaveLength(27);
  expect(svg).toContain('layer conv2d_1, split Test, colours jet, intensity 0.41');
  await page.getByTestId('grid-heatmap').nth(5).click();
  await expect(facts).toBeVisible();

  await page.getByText('Can it be trusted?').click();
  await page.getByTestId('test-weights').click();
  await expect(page.getByTestId('randomised').getByTestId('verdict')).toBeVisible({ timeout: 90_000 });
  await page.getByTestId('test-evidence').click();
  await expect(page.getByTestId('curve-deletion')).toBeVisible({ timeout: 90_000 });
  await expect(page.getByTestId('curve-insertion').locator('canvas')).toBeVisible();
});

test('explains a dropped photo and a picture of the camera', async ({ trained, trainedServer }) => {
  const { page } = trained;
  const folder = join(trainedServer.home, 'single');
  await drawFolder(folder, { circles: 1 });
  await openTab(page, 'heatmap');
  await page.getByTestId('files-input').setInputFiles(join(folder, 'circles', 'circles 0.jpg'));
  await expect(page.getByTestId('photo-chooser')).toContainText('circles 0.jpg', { timeout: 30_000 });
  await expect(page.getByTestId('heatmap').first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByTestId('capture').click();
  await expect(page.getByTestId('photo-chooser')).toContainText('camera.jpg', { timeout: 30_000 });
  await settled(page);
  await expect(page.getByTestId('error')).toHaveCount(0);
});

test('says what to do in the tabs without a run; the lab works', async ({ app }) => {
  const { page } = app;
  await openTab(page, 'heatmap');
  await expect(page.getByRole('heading', { name: 'No network to explain yet' })).toBeVisible();
  await page.getByRole('link', { name: 'To the Lab' }).click();
  await expect(page.getByTestId('convolution')).toBeVisible();
});

test('every tab passes axe', async ({ trained }) => {
  const { page } = trained;
  for (const tab of ['network', 'activations', 'patterns', 'heatmap']) {
    await openTab(page, tab);
    if (tab === 'activations') await expect(page.getByTestId('activation-layer')).toHaveCount(8);
    if (tab === 'heatmap') await expect(page.getByTestId('heatmap').first()).toBeVisible();
    if (tab === 'patterns') {
      await page.getByTestId('compute-patterns').click();
      await expect(page.getByTestId('tile-grid')).toBeVisible({ timeout: 120_000 });
    }
    await settled(page);
    await expectAccessible(page, tab);
    await pictures(page, `explain-${tab}`);
  }
});

test('reports a file that is not a photo, and shows no heatmap of another one', async ({
  trained,
  trainedServer,
}) => {
  const { page } = trained;
  const letter = join(trainedServer.home, 'letter.jpg');
  await writeFile(letter, 'dear reader, this is no picture at all');
  await openTab(page, 'heatmap');
  await expect(page.getByTestId('heatmap').first()).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('files-input').setInputFiles(letter);
  await expect(page.locator('[data-code="IMAGE_NOT_AN_IMAGE"]')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('heatmap')).toHaveCount(0);
});

test('says that a heatmap is empty, and why', async ({ trained, trainedServer }) => {
  const { page } = trained;
  await openTab(page, 'heatmap');
  const files = convolutionFiles(join(trainedServer.home, 'against'), { bias: [8, 0] });
  await page.getByTestId('model-input').setInputFiles(files);
  await expect(page.getByTestId('empty-map')).toHaveText(
    'Everything that this layer found speaks against class 0; nothing that speaks for it is left to show.',
    { timeout: 60_000 },
  );
  // The photo stays as it is: no map lies over it.
  await expect(page.getByTestId('heatmap').locator('img')).toHaveCount(1);
});

test('says why a model cannot be explained', async ({ trained, trainedServer }) => {
  const { page } = trained;
  const folder = join(trainedServer.home, 'broken models');
  const page404 = join(trainedServer.home, 'page.h5');
  await writeFile(page404, '<!DOCTYPE html><html><body>404</body></html>');
  const cases: [string[], RegExp][] = [
    [[page404], /it is a web page/],
    [
      convolutionFiles(join(folder, 'shard')).slice(0, 1),
      /The model file model\.json needs weights\.bin, which is missing/,
    ],
    [convolutionFiles(join(folder, 'type'), { type: 'Swirl' }), /does not support: bright of type Swirl/],
    [convolutionFiles(join(folder, 'nan'), { kernel: Number.NaN }), /NaN or infinite values.* layer bright/],
  ];
  await openTab(page, 'heatmap');
  for (const [files, sentence] of cases) {
    await page.getByTestId('model-input').setInputFiles(files);
    await expect(page.getByTestId('error').first()).toContainText(sentence, { timeout: 30_000 });
  }
  await page.getByTestId('model-input').setInputFiles(denseFiles(join(folder, 'dense')));
  await expect(page.getByText('This network has no convolution whose output')).toBeVisible();
  await page.getByText('Occlusion', { exact: true }).click();
  await expect(page.getByTestId('heatmap-facts')).toContainText('class ', { timeout: 60_000 });
  await openTab(page, 'patterns');
  await expect(page.getByText('This network has no convolutions, so it has no filters')).toBeVisible();
});

test(
  'the elephants under MobileNetV2: named, and the heatmap over them',
  { tag: '@long' },
  async ({ trained }) => {
    const folder = sharedData('backbones/mobilenet_v2_1.0_224');
    const elephants = sharedData('elephant/creative_commons_elephant.jpg');
    test.skip(
      folder === null || elephants === null,
      missingData('backbones/mobilenet_v2_1.0_224', 'elephant/creative_commons_elephant.jpg'),
    );
    const { page } = trained;
    await openTab(page, 'heatmap');
    const files = await readdir(folder!);
    await page.getByTestId('model-input').setInputFiles(files.map((name) => join(folder!, name)));
    await expect(page.getByTestId('model-select')).toContainText('model.json', { timeout: 60_000 });
    await page.getByTestId('files-input').setInputFiles(elephants!);
    await expect(page.getByTestId('heatmap-facts')).toContainText(/African_elephant \d/, { timeout: 60_000 });
    await expect(page.getByTestId('predictions')).toContainText('tusker');
    await expect(page.getByTestId('empty-map')).toHaveCount(0);
    await drawn(page, '[data-testid="heatmap"] img');
    await picture(page, 'explain-heatmap-elephants-light-1280x800');
    await openTab(page, 'network');
    await expect(page.getByTestId('totals')).toContainText('100 layers, 3,487,816 parameters');
    await picture(page, 'explain-network-mobilenet-light-1280x800');
  },
);
