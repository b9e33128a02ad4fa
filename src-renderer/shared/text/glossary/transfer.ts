/** Transfer learning: backbones and heads. */
import type { GlossaryEntry } from './entry.ts';

export const transferTerms = {
  backbone: {
    word: 'backbone',
    meaning:
      'A network that was trained on a million photos, without its last layers. The features that it has learned work for your photos too.',
    torch: 'torchvision.models with pretrained weights',
  },
  head: {
    word: 'head',
    meaning: 'The few new layers after the backbone: they turn its features into your classes.',
    torch: 'model.fc or model.classifier',
  },
  unfreezeFrom: {
    word: 'fine-tuning',
    meaning:
      'Training continues with the last layers of the backbone unfrozen, at a small rate, so that they adapt to your photos.',
    torch: 'requires_grad = True for the last blocks',
  },
  headEpochs: {
    word: 'epochs of the head',
    meaning: 'Epochs in which only the head is trained and the backbone stays frozen.',
  },
  headLearningRate: {
    word: 'learning rate of the head',
    meaning: 'The learning rate while only the head is trained.',
  },
  headUnits: {
    word: 'units of the head',
    meaning: 'Outputs of the dense layer between backbone and last layer.',
    torch: 'out_features of nn.Linear',
  },
  headPooling: {
    word: 'feature map',
    meaning:
      'The output of the backbone: a small grid per channel. Averaged, each becomes one number; flattened, all values are kept.',
    torch: 'nn.AdaptiveAvgPool2d(1), nn.Flatten',
  },
  augmentedCopies: {
    word: 'augmented copies',
    meaning:
      'Augmented copies of each photo whose features the frozen backbone computes once. Nearly as good as augmenting in every step, and much faster.',
  },
  frozen: {
    word: 'frozen',
    meaning: 'Not changed while the rest is trained.',
    torch: 'requires_grad = False',
  },
} as const satisfies Record<string, GlossaryEntry>;
