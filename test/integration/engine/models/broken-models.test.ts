/** Model files that are broken in ways a download, a disk or a program breaks them: named at once, the engine goes on. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { convolutionFiles } from '../../../fixtures/models/hand-made-models.ts';
import { type TrainingCore, trainingCore } from '../../../fixtures/training-core.ts';

const keras = join(import.meta.dirname, '../../../fixtures/keras-models/keras-3');

let here: TrainingCore;
beforeAll(async () => {
  here = await trainingCore();
});
afterAll(async () => {
  await here.close();
});

function write(name: string, bytes: Uint8Array | string): string {
  const path = join(here.folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A model file with something in its network changed. */
function changed(name: string, change: (layers: { config: Record<string, unknown> }[]) => void): string {
  const [path] = convolutionFiles(join(here.folder, name));
  const content = JSON.parse(readFileSync(path, 'utf8')) as {
    modelTopology: { config: { layers: { config: Record<string, unknown> }[] } };
  };
  change(content.modelTopology.config.layers);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const cases: [string, () => string, string, RegExp][] = [
  [
    'an .h5 file that ends too early',
    () => write('short.h5', readFileSync(join(keras, 'stack.h5')).subarray(0, 9000)),
    'MODEL_FILE_INVALID',
    /cut off or damaged/,
  ],
  [
    'a .keras file that ends too early',
    () => write('short.keras', readFileSync(join(keras, 'stack.keras')).subarray(0, 9000)),
    'MODEL_FILE_INVALID',
    /cut off or damaged/,
  ],
  [
    'an .h5 file whose reader would look for its end for ever',
    () => {
      const whole = readFileSync(join(keras, 'stack.h5'));
      whole[8504] = 255;
      return write('endless.h5', whole);
    },
    'MODEL_FILE_INVALID',
    /too complex/,
  ],
  ['a web page', () => write('page.h5', '<!DOCTYPE html><html>'), 'MODEL_FILE_INVALID', /a web page/],
  ['nothing', () => write('nothing.h5', ''), 'MODEL_FILE_INVALID', /it is empty/],
  [
    'a zip that fills the memory',
    () => {
      const bomb = { 'config.json': new Uint8Array(2), 'model.weights.h5': new Uint8Array(2 ** 27) };
      return write('bomb.keras', zipSync(bomb, { level: 1 }));
    },
    'MODEL_FILE_INVALID',
    /would unpack to 128 MB/,
  ],
  [
    'a layer larger than the memory',
    () => changed('large', (layers) => (layers[2].config.units = 2e12)),
    'MODEL_FILE_INVALID',
    /larger than the memory/,
  ],
  [
    'pictures larger than the memory',
    () => changed('wide', (layers) => (layers[0].config.batch_input_shape = [null, 100000, 100000, 3])),
    'MODEL_FILE_INVALID',
    /pictures of 100000×100000×3/,
  ],
  [
    'pictures without size',
    () => changed('none', (layers) => (layers[0].config.batch_input_shape = [null, 0, 0, 3])),
    'MODEL_FILE_INVALID',
    /pictures of 0×0×3/,
  ],
];

it.each(cases)('%s is named', async (_, make, code, message) => {
  const error = await here.core.training.models.describe({ path: make() }).then(
    () => null,
    (thrown: unknown) => thrown as AppError,
  );
  expect(error).toMatchObject({ code });
  expect(error!.message).toMatch(message);
});

it.skipIf(process.platform === 'win32')('a pipe that nobody writes into is refused', async () => {
  const path = join(here.folder, 'pipe.h5');
  execFileSync('mkfifo', [path]);
  await expect(here.core.training.models.describe({ path })).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  });
});

it('whole models work after that', async () => {
  const [path] = convolutionFiles(join(here.folder, 'whole'));
  expect(await here.core.training.models.describe({ path })).toMatchObject({ imageSize: 16 });
});
