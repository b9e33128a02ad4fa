import { commonSettings } from './stack.ts';
import { fineTuningStage, linearHead, solvedHead, transferRecipe } from './transfer.ts';

/** The best linear head, then the network's last layers with it, where that lowers the validation loss. */
export const tunedProbe = transferRecipe({
  id: 'tuned-probe',
  label: 'Linear probe, then fine-tuning',
  description:
    'The best linear head is solved for, as in a linear probe. Then the network’s last layers learn with it for some epochs; what they learnt is kept only where it lowers the validation loss. For the last points of accuracy, from some hundreds of photos on; minutes.',
  settingNames: [...commonSettings, 'backbone', 'preprocess', 'unfreezeFrom', 'augmentation'],
  defaults: {
    epochs: 4,
    batchSize: 32,
    stepsPerEpoch: null,
    learningRate: 1e-4,
    optimizer: 'adam',
    schedule: 'cosine',
    imageSize: 224,
    channels: 3,
    keepBest: true,
    headEpochs: 1,
  },
  head: linearHead,
  stages: (settings) => [solvedHead, { ...fineTuningStage(settings), mustImprove: true }],
});
