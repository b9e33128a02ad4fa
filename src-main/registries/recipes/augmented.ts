import { lessonAugmentation } from './lesson-augmentation.ts';
import { photoStack, stackRecipe } from './stack.ts';

/** The lesson's second way: the same network, with random changes to the pictures and half of the values left out. */
export const augmented = stackRecipe(
  {
    id: 'augmented',
    label: 'From scratch, augmented',
    description:
      'The same network as from scratch, but it never sees the same picture twice: each is turned, shifted, zoomed or mirrored anew. Takes longer and generalises better.',
    defaultClasses: 2,
    defaults: {
      epochs: 100,
      batchSize: 32,
      // Pictures that never look the same twice can be shown more often than once an epoch, as the lesson does.
      stepsPerEpoch: null,
      minSteps: 100,
      // At the lesson's constant 1e-4 the last epochs still jump by five points, and the net still learns. Half as much
      // again on average, large first and none at the end, gets further in the same time and ends at rest.
      learningRate: 3e-4,
      schedule: 'cosine',
      imageSize: 150,
      channels: 3,
      dropout: 0.5,
      keepBest: true,
      augmentation: lessonAugmentation,
    },
  },
  photoStack,
);
