import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prediction } from '../../../../src-main/contract/app/training.ts';
import type { ModelChoice } from '../../../../src-main/services/runs/models.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { type TrainingCore, codeOf, trainingCore } from '../../../fixtures/training-core.ts';

let here: TrainingCore;
beforeAll(async () => {
  here = await trainingCore();
});
afterAll(async () => {
  await here.close();
});

async function predict(choice: ModelChoice, ...paths: string[]): Promise<Prediction[]> {
  const answers: Prediction[] = [];
  for await (const answer of here.core.training.models.predict(choice, paths)) answers.push(answer);
  return answers;
}

/** Best first. */
function ranked({ probabilities }: Prediction): [string, number][] {
  return Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
}

/** A model whose answer can be worked out: the mean of red, green and blue are its three scores. */
function writeColourModel(name: string, topology: Record<string, unknown> = {}): string {
  const folder = join(here.folder, name);
  mkdirSync(folder, { recursive: true });
  const dense = {
    class_name: 'Dense',
    config: { name: 'scores', units: 3, activation: 'softmax', use_bias: false },
  };
  const pooling = { class_name: 'GlobalAveragePooling2D', config: { name: 'means' } };
  const first = {
    class_name: 'InputLayer',
    config: { name: 'input', batch_input_shape: [null, 16, 16, 3], dtype: 'float32' },
  };
  const layers = [first, ...((topology.before as object[] | undefined) ?? []), pooling, dense];
  const modelTopology = { class_name: 'Sequential', config: { name: 'colours', layers } };
  const kernel = new Float32Array([10, 0, 0, 0, 10, 0, 0, 0, 10]);
  writeFileSync(join(folder, 'part.bin'), new Uint8Array(kernel.buffer));
  const weights = [{ name: 'scores/kernel', shape: [3, 3], dtype: 'float32' }];
  const weightsManifest = [{ paths: ['part.bin'], weights }];
  writeFileSync(
    join(folder, 'model.json'),
    JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
  );
  return join(folder, 'model.json');
}

async function writePlain(name: string, colour: { r: number; g: number; b: number }): Promise<string> {
  const path = join(here.folder, name);
  await sharp({ create: { width: 40, height: 30, channels: 3, background: colour } })
    .png()
    .toFile(path);
  return path;
}

describe('a model made elsewhere', () => {
  it('is used with assumptions that are said, and gives what can be worked out', async () => {
    const path = writeColourModel('plain');
    const description = await here.core.training.models.describe({ path });
    expect(description).toMatchObject({
      imageSize: 16,
      channels: 3,
      preprocessing: '0-1',
      classes: ['class 0', 'class 1', 'class 2'],
    });
    expect(description.assumed).toHaveLength(2);
    expect(description.summary).toMatchObject({ params: 9, trainableWeights: 1 });
    const green = await writePlain('green.png', { r: 51, g: 204, b: 102 });
    const [answer] = await predict({ path }, green);
    // Scores 2, 8 and 4.
    const sum = Math.exp(2) + Math.exp(8) + Math.exp(4);
    expect(answer.label).toBe('class 1');
    expect(answer.probability).toBeCloseTo(Math.exp(8) / sum, 4);
    expect(answer.probabilities['class 2']).toBeCloseTo(Math.exp(4) / sum, 4);
  });

  it('takes other preprocessing and names when they are given', async () => {
    const path = writeColourModel('given');
    const grey = await writePlain('grey.png', { r: 255, g: 0, b: 0 });
    const choice = { path, preprocessing: '-1-1' as const, classes: ['red', 'green', 'blue'] };
    const [answer] = await predict(choice, grey);
    expect(answer.label).toBe('red');
    const sum = Math.exp(10) + 2 * Math.exp(-10);
    expect(answer.probability).toBeCloseTo(Math.exp(10) / sum, 6);
    expect(await codeOf(here.core.training.models.describe({ path, classes: ['one'] }))).toBe(
      'MODEL_CLASSES_MISMATCH',
    );
  });

  it('is not preprocessed when it rescales itself', async () => {
    const before = [{ class_name: 'Rescaling', config: { name: 'rescaling', scale: 1 / 255, offset: 0 } }];
    const path = writeColourModel('rescaling', { before });
    expect(await here.core.training.models.describe({ path })).toMatchObject({ preprocessing: 'none' });
    const blue = await writePlain('blue.png', { r: 0, g: 0, b: 255 });
    const [answer] = await predict({ path }, blue);
    expect(answer.label).toBe('class 2');
    expect(answer.probability).toBeGreaterThan(0.999);
  });

  it('predicts folders, and what cannot be read with the reason', async () => {
    const path = writeColourModel('folder');
    const pictures = join(here.folder, 'pictures');
    mkdirSync(pictures);
    await writePlain('pictures/a.png', { r: 255, g: 0, b: 0 });
    await writePlain('pictures/b.png', { r: 0, g: 255, b: 0 });
    writeFileSync(join(pictures, 'c.jpg'), '<html>');
    const answers = await predict({ path }, pictures);
    expect(answers.map(({ label }) => label)).toEqual(['class 0', 'class 1', null]);
    expect(answers[2].error).toMatchObject({ code: 'IMAGE_NOT_AN_IMAGE' });
    writeFileSync(join(here.folder, 'notes.txt'), 'no picture');
    const named = await predict(
      { path },
      join(here.folder, 'gone.png'),
      join(here.folder, 'notes.txt'),
      pictures,
    );
    expect(named.map(({ error }) => error?.code ?? null)).toEqual([
      'IMAGE_MISSING',
      'IMAGE_NOT_AN_IMAGE',
      null,
      null,
      'IMAGE_NOT_AN_IMAGE',
    ]);
    expect(await codeOf(predict({ path: join(here.folder, 'nowhere') }, pictures))).toBe('MODEL_NOT_FOUND');
  });
});

const elephant = sharedData('elephant/creative_commons_elephant.jpg');
describe.skipIf(elephant === null)("published networks on the lesson's elephant", () => {
  it.each([
    ['mobilenet_v2_1.0_224', 0.48],
    ['mobilenet_v1_0.75_192', 0.91],
  ])('%s', async (name, expected) => {
    const path = sharedData(`backbones/${name}/model.json`)!;
    const description = await here.core.training.models.describe({ path });
    expect(description.preprocessing).toBe('-1-1');
    expect(description.classes).toHaveLength(1000);
    expect(new Set(description.classes).size).toBe(1000);
    expect(description.assumed.join(' ')).toContain('MobileNet');
    const [answer] = await predict({ path }, elephant!);
    expect(answer.label).toBe('African_elephant');
    // How the photo is made smaller changes this by several hundredths.
    expect(Math.abs(answer.probability! - expected)).toBeLessThan(0.1);
    expect(
      ranked(answer)
        .slice(0, 3)
        .map(([label]) => label),
    ).toContain('tusker');
  });
});
