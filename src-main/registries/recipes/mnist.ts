import { conv, dense, flatten, pool, stackRecipe } from './stack.ts';

/** The lesson's digits network: 93,322 parameters for ten classes. */
export const mnist = stackRecipe(
  {
    id: 'mnist',
    label: 'Small grey pictures',
    description:
      'Three convolutions and a small dense layer on 28×28 grey pictures, as for handwritten digits. Trains in a minute.',
    defaultClasses: 10,
    defaults: {
      epochs: 5,
      batchSize: 64,
      stepsPerEpoch: null,
      learningRate: 1e-3,
      imageSize: 28,
      channels: 1,
    },
  },
  [conv(32), pool, conv(64), pool, conv(64), flatten, dense(64)],
);
