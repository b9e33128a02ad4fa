import { commonSettings } from './stack.ts';
import { linearHead } from './linear-probe.ts';
import { recipeDefaultsSchema } from '../../contract/shared/training-settings.ts';
import { transferRecipe } from './transfer.ts';

/** The best linear head, then the network's last layers with it, where that lowers the validation loss. */
export const tunedProbe = transferRecipe({
  id: 'tuned-probe',
  label: 'Linear probe, then fine-tuning',
  description:
    'The best linear head is solved for, as in a linear probe. Then the network’s last layers learn with it for some epochs; what they learnt is kept only where it lowers the validation loss. For the last points of accuracy, from some hundreds of photos on; minutes.',
  settingNames: [...commonSettings, 'backbone', 'unfreezeFrom', 'augmentation'],
  defaults: recipeDefaultsSchema.parse({
    ...linearHead,
    epochs: 4,
    batchSize: 32,
    stepsPerEpoch: null,
    learningRate: 1e-4,
    optimizer: 'adam',
    schedule: 'cosine',
    imageSize: 224,
    channels: 3,
    keepBest: true,
  }),
  head: linearHead,
  stages: ({ epochs, learningRate }) => [
    { name: 'head', solver: 'l-bfgs', input: 'features', trains: 'head', epochs: 1, learningRate: null },
    {
      name: 'fine-tuning',
      solver: 'gradient-descent',
      input: 'images',
      trains: 'from',
      epochs,
      learningRate,
      mustImprove: true,
    },
  ],
});
