import { photoStack, stackRecipe } from './stack.ts';

/** The lesson's cats-and-dogs network: 3,453,121 parameters for two classes. */
export const scratch = stackRecipe(
  {
    id: 'scratch',
    label: 'From scratch',
    description:
      'Four convolutions with pooling and a dense layer on 150×150 colour pictures, trained on your photos alone. Wants hundreds of photos per class.',
    defaultClasses: 2,
    defaults: {
      epochs: 30,
      batchSize: 20,
      stepsPerEpoch: null,
      learningRate: 1e-4,
      imageSize: 150,
      channels: 3,
    },
  },
  photoStack,
);
