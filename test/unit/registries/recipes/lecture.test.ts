import { describe, expect, it } from 'vitest';
import { lectureDifferences, lectureSettings } from '../../../../src-main/registries/recipes/lecture.ts';
import { findRecipe, recipes } from '../../../../src-main/registries/recipes/index.ts';
import { runSettings } from '../../../../src-main/registries/recipes/run-settings.ts';

const inTheLecture = [
  'mnist',
  'mnist-no-pooling',
  'scratch',
  'augmented',
  'feature-extraction',
  'frozen-augmented',
  'fine-tuning',
];

function settingsOf(id: string) {
  const recipe = findRecipe(id);
  return runSettings(recipe, { ...lectureSettings(recipe), lecture: true }, 2000);
}

describe('recipes in the way of the lecture', () => {
  it('are those that the lecture has, each with the setting', () => {
    for (const recipe of recipes) {
      const has = inTheLecture.includes(recipe.id);
      expect(lectureSettings(recipe) !== null, recipe.id).toBe(has);
      expect(recipe.settingNames.includes('lecture'), recipe.id).toBe(has);
    }
  });

  it('train at the lecture’s rates, without keeping another epoch than the last', () => {
    expect(settingsOf('mnist')).toMatchObject({ epochs: 5, batchSize: 64, learningRate: 1e-3 });
    expect(settingsOf('scratch')).toMatchObject({
      epochs: 30,
      batchSize: 20,
      stepsPerEpoch: 100,
      dropout: 0,
    });
    const augmented = { epochs: 100, batchSize: 32, stepsPerEpoch: 100, learningRate: 1e-4, dropout: 0.5 };
    expect(settingsOf('augmented')).toMatchObject({ ...augmented, schedule: 'constant' });
    for (const id of inTheLecture)
      expect(settingsOf(id), id).toMatchObject({ keepBest: false, resize: 'nearest' });
  });

  it('feed VGG16 pixels from 0 to 1 and its whole feature map to the head', () => {
    for (const id of ['feature-extraction', 'frozen-augmented', 'fine-tuning'])
      expect(settingsOf(id)).toMatchObject({
        backbone: 'vgg16',
        preprocess: '0-1',
        imageSize: 150,
        pooling: 'flatten',
        headUnits: 256,
        dropout: id === 'feature-extraction' ? 0.5 : 0,
      });
  });

  it('augment in both stages of fine-tuning, of which the usual way does the first on features', () => {
    const recipe = findRecipe('fine-tuning');
    const lecture = recipe.stages(settingsOf('fine-tuning'));
    expect(lecture).toMatchObject([
      { input: 'images', trains: 'head', epochs: 30, learningRate: 2e-5 },
      { input: 'images', trains: 'from', epochs: 100, learningRate: 1e-5 },
    ]);
    expect(recipe.stages(runSettings(recipe, {}, 2000))[0].input).toBe('features');
  });

  it('say what differs', () => {
    expect(lectureDifferences(findRecipe('augmented')).join(' ')).toContain('stays at 0.0001');
    expect(lectureDifferences(findRecipe('linear-probe'))).toEqual([]);
  });
});
