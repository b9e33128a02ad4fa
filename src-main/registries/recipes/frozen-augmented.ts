import { lessonAugmentation } from './lesson-augmentation.ts';
import { headSettings, transferRecipe } from './transfer.ts';

/** The lesson's fourth way: the frozen network inside the model, fed with augmented pictures at every step. */
export const frozenAugmented = transferRecipe({
  id: 'frozen-augmented',
  label: 'Frozen backbone, augmented',
  description:
    'The pretrained network stays as it is and looks at freshly augmented pictures at every step. Slow; cached augmented copies give nearly the same much sooner.',
  settingNames: ['lecture', ...headSettings, 'augmentation'],
  defaults: {
    epochs: 30,
    batchSize: 20,
    stepsPerEpoch: null,
    learningRate: 2e-5,
    imageSize: 224,
    channels: 3,
    headUnits: 256,
    dropout: 0.5,
    keepBest: true,
    augmentation: lessonAugmentation,
  },
  stages: ({ epochs, learningRate }) => [
    { name: 'training', solver: 'gradient-descent', input: 'images', trains: 'head', epochs, learningRate },
  ],
});
