import { lessonAugmentation } from './lesson-augmentation.ts';
import { headSettings, transferRecipe } from './transfer.ts';

/** The lesson's third way: the frozen network looks at each photo once, and a small head learns from what it says. */
export const featureExtraction = transferRecipe({
  id: 'feature-extraction',
  label: 'Feature extraction',
  description:
    'A network that has already seen a million photos looks at each of yours once; a small head learns from what it says. Seconds to minutes, and good with few photos.',
  settingNames: ['lecture', ...headSettings, 'augmentedCopies', 'augmentation'],
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
    // For augmented copies, of which there are none unless they are asked for.
    augmentation: lessonAugmentation,
  },
  stages: ({ epochs, learningRate }) => [
    { name: 'head', solver: 'gradient-descent', input: 'features', trains: 'head', epochs, learningRate },
  ],
});
