import { lessonAugmentation } from './lesson-augmentation.ts';
import { fineTuningStage, headSettings, transferRecipe } from './transfer.ts';

/** The lesson's fifth way: first the head on the frozen network, then the network's last layers with it, gently. */
export const fineTuning = transferRecipe({
  id: 'fine-tuning',
  label: 'Fine-tuning',
  description:
    'First a head is trained on the frozen network, then the network’s last layers are trained with it at a small rate. For the last points of accuracy.',
  settingNames: [
    'lecture',
    ...headSettings,
    'headEpochs',
    'headLearningRate',
    'unfreezeFrom',
    'augmentation',
    'augmentedCopies',
  ],
  defaults: {
    epochs: 100,
    batchSize: 20,
    stepsPerEpoch: null,
    learningRate: 1e-5,
    imageSize: 224,
    channels: 3,
    headUnits: 256,
    dropout: 0.5,
    keepBest: true,
    headEpochs: 30,
    headLearningRate: 2e-5,
    augmentation: lessonAugmentation,
  },
  stages: ({ headEpochs, headLearningRate, lecture, ...settings }) => [
    {
      name: 'head',
      solver: 'gradient-descent',
      // The lecture augments in both stages, so that there are no features to keep.
      input: lecture ? 'images' : 'features',
      trains: 'head',
      epochs: headEpochs,
      learningRate: headLearningRate,
    },
    fineTuningStage(settings),
  ],
});
