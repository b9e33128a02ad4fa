import { type RecipeDefaultsInput, recipeDefaultsSchema } from '../../contract/shared/training-settings.ts';
import { transferRecipe } from './transfer.ts';

/** A head that can be solved for: one layer on the averaged map, without dropout. */
export const linearHead = { headUnits: 0, dropout: 0, pooling: 'average' } as const;

const defaults: RecipeDefaultsInput = {
  ...linearHead,
  epochs: 1,
  batchSize: 32,
  stepsPerEpoch: null,
  learningRate: 1e-3,
  imageSize: 224,
  channels: 3,
};

/** What the field calls a linear probe: a logistic regression on the features of a frozen network. */
export const linearProbe = transferRecipe({
  id: 'linear-probe',
  label: 'Linear probe',
  description:
    'A network that has already seen a million photos looks at each of yours once, and the best linear classifier of what it saw is solved for.',
  settingNames: ['imageSize', 'seed', 'classWeights', 'backbone'],
  defaults: recipeDefaultsSchema.parse(defaults),
  head: linearHead,
  stages: () => [
    { name: 'head', solver: 'l-bfgs', input: 'features', trains: 'head', epochs: 1, learningRate: null },
  ],
});
