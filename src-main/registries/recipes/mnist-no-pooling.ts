import { conv, dense, flatten, stackRecipe } from './stack.ts';

/** The digits network without pooling: its last feature map is 22×22×64 and the dense layer after it is huge. */
export const mnistNoPooling = stackRecipe(
  {
    id: 'mnist-no-pooling',
    label: 'Small grey pictures, without pooling',
    description:
      'The same three convolutions without pooling between them: shows what pooling is for. Larger and slower, seldom better.',
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
  [conv(32), conv(64), conv(64), flatten, dense(64)],
);
