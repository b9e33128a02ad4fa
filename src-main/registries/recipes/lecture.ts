/** Each recipe exactly as the lecture has it (after chapter 5 of Chollet's book), where Lenslet usually does otherwise. */
import type { TrainingSettings } from '../../contract/shared/training-settings.ts';
import type { Recipe } from '../../engine/network/recipe.ts';
import { lessonAugmentation } from './lesson-augmentation.ts';

/** What the lecture does otherwise than the recipe's own settings, and what those gain, a sentence each. */
interface LectureWay {
  readonly settings: TrainingSettings;
  readonly differences: readonly string[];
}

/** VGG16 as the lecture feeds it, with its whole feature map. */
const vgg: TrainingSettings = {
  backbone: 'vgg16',
  preprocess: '0-1',
  imageSize: 150,
  pooling: 'flatten',
  headUnits: 256,
  keepBest: false,
};

const vggDifferences = [
  'As in the lecture: VGG16 on 150×150 pictures with pixels from 0 to 1. Usually it gets them as it was trained, blue first and less the means of ImageNet, which suits its filters better.',
  'As in the lecture: the last epoch is kept. Usually it is the one with the lowest validation loss.',
];

const noDropout =
  'As in the lecture: nothing is left out before the head. Usually half of the values are, so that it learns less by heart.';

const steps = 100;

const ways: Readonly<Record<string, LectureWay>> = {
  mnist: { settings: {}, differences: [] },
  'mnist-no-pooling': { settings: {}, differences: [] },
  scratch: { settings: {}, differences: [] },
  augmented: {
    settings: { learningRate: 1e-4, schedule: 'constant', keepBest: false, stepsPerEpoch: steps },
    differences: [
      'As in the lecture: the learning rate stays at 0.0001. Usually it begins at 0.0003 and falls to nothing, which gets further in the same time and ends at rest.',
      'As in the lecture: the last epoch is kept. Usually it is the one with the lowest validation loss.',
    ],
  },
  'feature-extraction': {
    settings: { ...vgg, dropout: 0.5, augmentedCopies: 0 },
    differences: vggDifferences,
  },
  'frozen-augmented': {
    settings: { ...vgg, dropout: 0, stepsPerEpoch: steps, augmentation: lessonAugmentation },
    differences: [...vggDifferences, noDropout],
  },
  'fine-tuning': {
    settings: {
      ...vgg,
      dropout: 0,
      stepsPerEpoch: steps,
      unfreezeFrom: 'block5_conv1',
      augmentation: lessonAugmentation,
    },
    differences: [
      ...vggDifferences,
      noDropout,
      'As in the lecture: the head too is trained on augmented photos, through the whole network at every step. Usually it learns from features that are computed once, many times sooner.',
    ],
  },
};

/** What holds for all that begin with photos of any size. */
const nearest =
  'As in the lecture: of every photo the nearest pixels are taken, as Keras’ generator does. Usually those between count too, which keeps fine lines whole.';

/**
 * The lecture's settings of a recipe: its own defaults with what the lecture does otherwise. Null for recipes that the
 * lecture has not.
 */
export function lectureSettings({ id, defaults }: Pick<Recipe, 'id' | 'defaults'>): TrainingSettings | null {
  const way = ways[id];
  if (way === undefined) return null;
  const own = Object.entries(defaults).filter(([name]) => name !== 'channels' && name !== 'minSteps');
  return { ...(Object.fromEntries(own) as TrainingSettings), resize: 'nearest', ...way.settings };
}

/** How a run in the lecture's way differs from the usual one, and what the usual one gains. */
export function lectureDifferences({ id }: Pick<Recipe, 'id'>): readonly string[] {
  const way = ways[id];
  return way === undefined ? [] : [...way.differences, nearest];
}
