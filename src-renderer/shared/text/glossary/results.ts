/** Results: figures of a network, and how far they can be trusted. */
import type { GlossaryEntry } from './entry.ts';

export const resultsTerms = {
  loss: {
    word: 'loss',
    meaning:
      'How wrong the probabilities are, over all images; 0 would be perfect. Training makes it smaller.',
    torch: 'criterion, such as BCELoss or CrossEntropyLoss',
  },
  accuracy: { word: 'accuracy', meaning: 'The share of images whose most probable class is the right one.' },
  overfitting: {
    word: 'overfitting',
    meaning:
      'The network memorises the training images: their accuracy keeps rising while that of the validation images does not.',
  },
  precision: { word: 'precision', meaning: 'Of the images called this class, the share that really are.' },
  recall: { word: 'recall', meaning: 'Of the images that really are this class, the share that was found.' },
  support: { word: 'images', meaning: 'How many images of this class were tested.' },
  confusionMatrix: {
    word: 'confusion matrix',
    meaning:
      'Each row is a true class, each column a predicted class. Predictions on the diagonal are right, all others are wrong.',
  },
  probability: {
    word: 'probability',
    meaning:
      'How certain the network is, between 0 and 100%. All classes add up to 100%. It can be certain and wrong.',
  },
  smoothing: {
    word: 'smoothing',
    meaning:
      'Exponential moving average: each point keeps this share of the one before. It changes only the drawing, not the numbers.',
  },
  confidence: {
    word: '95% interval',
    meaning:
      'The accuracy on infinitely many photos of this kind would lie in it 95 times out of 100. More test photos make it narrower.',
  },
  series: {
    word: 'series',
    meaning: 'The same training with several seeds. How far the results spread shows the effect of chance.',
  },
} as const satisfies Record<string, GlossaryEntry>;
