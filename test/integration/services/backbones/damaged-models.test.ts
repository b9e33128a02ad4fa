/** Model files of strangers in the backbone folders: each is shown with its reason, and nothing else suffers. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackboneInfo } from '../../../../src-main/contract/app/backbones.ts';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import { examineFile } from '../../../../src-main/services/backbones/examine-file.ts';
import { resolveBackbone } from '../../../../src-main/services/backbones/resolve-backbone.ts';
import { chooseBackbone } from '../../../../src-main/services/runs/run-backbone.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { damagedModels, kerasFile, modelJson, writeDamaged } from '../../../fixtures/damaged-models.ts';
import { codeOf } from '../../../fixtures/training-core.ts';
import { writeWeightNames } from '../../../fixtures/models/weights-file.ts';

let here: TestCore;
let given: string;
let settings: string;
beforeEach(async () => {
  here = await openTestCore();
  settings = join(here.folder, 'settings');
  given = join(here.folder, 'given');
  mkdirSync(given);
  vi.stubEnv('LENSLET_BACKBONES', given);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await here.close();
});

/** One byte of `stack.h5` set to 255: HDF5 then looks for the end of a list for ever. */
const endless = 8504;
const vggLayers = ['block1_conv1', 'block1_conv2', 'block5_conv3'];

/** Files that are listed with a problem. */
async function damaged(): Promise<BackboneInfo[]> {
  const list = await here.client.backbones.list();
  return list.filter(({ file }) => file !== null && file.problem !== null);
}

describe('a model file that cannot be used', () => {
  it('is listed with its reason, whatever is wrong with it, beside those that can', async () => {
    for (const model of damagedModels) writeDamaged(given, model);
    await writeWeightNames(join(given, 'whole.h5'), vggLayers);
    const list = await here.client.backbones.list();
    for (const [what, ending, , reason] of damagedModels) {
      const folder = join(given, what);
      const info = list.find(({ file }) => file?.folder === folder);
      expect(info?.file?.problem, what).toMatchObject({ code: 'MODEL_FILE_INVALID', kind: 'expected' });
      expect(info!.file!.problem!.message, what).toMatch(reason);
      expect(info, what).toMatchObject({
        known: false,
        label: ending.startsWith('.') ? `model${ending}` : what,
      });
    }
    expect(list.find(({ reference }) => reference === 'vgg16')?.file).toMatchObject({ problem: null });
    expect((await chooseBackbone(settings))?.id).toBe('vgg16');
  });

  it('can be removed where it is a copy of Lenslet’s', async () => {
    const own = join(settings, 'backbones');
    for (const model of damagedModels.filter(([what]) => /deep|entry many|h5 file/.test(what)))
      writeDamaged(own, model);
    const found = await damaged();
    expect(found.map(({ file }) => file!.removable)).toEqual([true, true, true]);
    for (const { file } of found) await here.client.backbones.remove({ file: file!.id });
    expect(await damaged()).toEqual([]);
    for (const { file } of found) expect(existsSync(join(file!.folder, file!.name))).toBe(false);
  });

  it('is not chosen for a run', async () => {
    mkdirSync(join(given, 'deep'));
    const path = join(given, 'deep', 'model.json');
    writeFileSync(path, '['.repeat(1000));
    const [{ reference }] = await damaged();
    await here.client.training.plan({ recipe: 'feature-extraction' });
    for (const backbone of [reference, path])
      expect(await codeOf(resolveBackbone(settings, backbone))).toBe('MODEL_FILE_INVALID');
    expect(await chooseBackbone(settings)).toBeNull();
  });

  it('is refused when it is added', async () => {
    const path = writeDamaged(
      here.folder,
      damagedModels.find(([what]) => what === 'one entry many times')!,
    );
    const add = here.client.backbones.add({ picks: [here.core.context.pickedPaths.add(path)] });
    expect(await codeOf(add)).toBe('MODEL_FILE_INVALID');
  });

  it('is looked into again when it changes, and only then', async () => {
    mkdirSync(join(given, 'x'));
    const path = join(given, 'x', 'model.json');
    writeFileSync(path, '[[[');
    expect(await damaged()).toHaveLength(1);
    const memory = join(settings, 'recognised-models.json');
    expect(existsSync(memory)).toBe(true);
    const input = { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 8, 8, 3] } };
    writeFileSync(path, modelJson([input], {}, 'Sequential'));
    expect(await damaged()).toEqual([]);
  });
});

it(
  'answers other requests while a file keeps its reader busy, and gives that up',
  { timeout: 60_000 },
  async () => {
    const whole = kerasFile('stack.h5');
    whole[endless] = 255;
    writeFileSync(join(given, 'endless.h5'), whole);
    let answered = 0;
    const list = here.client.backbones.list();
    const listed = list.then(() => true);
    while (!(await Promise.race([listed, here.client.labels.journalState().then(() => false)]))) {
      answered++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(answered).toBeGreaterThan(10);
    const problem = (await list).at(-1)!.file!.problem!;
    expect(problem.code).toBe('MODEL_FILE_INVALID');
    expect(problem.message).toMatch(/too complex/);
  },
);

it.skipIf(process.platform !== 'linux')('leaves no descriptors open for 300 damaged .h5 files', async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const whole = kerasFile('stack.h5');
  await examineFile(await writeWeightNames(join(given, 'first.h5'), vggLayers));
  const before = descriptors();
  for (let at = 0; at < 300; at++) {
    const path = join(given, `${at}.h5`);
    writeFileSync(path, whole.subarray(0, 200 + at * 50));
    expect(await codeOf(examineFile(path))).toBe('MODEL_FILE_INVALID');
  }
  // The thread itself and its timers have a few.
  expect(descriptors() - before).toBeLessThan(10);
  expect((await examineFile(join(given, 'first.h5'))).backbone?.id).toBe('vgg16');
});

describe('files with bytes changed at random', () => {
  const random = createRandom(13);
  const below = (end: number): number => random.integer(end);
  it.each([
    ['stack.h5', 'model.h5'],
    ['branches.keras', 'model.keras'],
    ['a description', 'model.json'],
  ])('%s: every one is read or refused with a code', async (name, target) => {
    const whole = name.includes('.')
      ? kerasFile(name)
      : Buffer.from(damagedModels.at(-2)![2]()).subarray(0, 20_000);
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(whole);
      for (let change = below(20); change >= 0; change--)
        bytes[below(bytes.length)] = target.endsWith('.json') ? 32 + below(96) : below(256);
      const path = join(given, `${round}-${target}`);
      writeFileSync(path, round % 4 === 0 ? bytes.subarray(0, below(bytes.length)) : bytes);
      const answer = await examineFile(path).catch((error: unknown) => error);
      if (answer instanceof Error) {
        expect(answer).toBeInstanceOf(AppError);
        expect((answer as AppError).code).toMatch(/^MODEL_/);
      }
    }
  });
});
