import { linearHead, solvedHead, transferRecipe } from './transfer.ts';

/** What the field calls a linear probe: a logistic regression on the features of a frozen network. */
export const linearProbe = transferRecipe({
  id: 'linear-probe',
  label: 'Linear probe',
  description:
    'A network that has already seen a million photos looks at each of yours once, and the best linear classifier of what it saw is solved for.',
  settingNames: ['imageSize', 'seed', 'classWeights', 'backbone', 'preprocess'],
  defaults: {
    epochs: 1,
    batchSize: 32,
    stepsPerEpoch: null,
    learningRate: 1e-3,
    imageSize: 224,
    channels: 3,
  },
  head: linearHead,
  stages: () => [solvedHead],
});
