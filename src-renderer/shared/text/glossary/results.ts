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
  temperature: {
    word: 'temperature',
    meaning:
      'One number that all scores of a network are divided by before they become probabilities, so that of answers it is 90% sure of, 90% are right. It changes no answer.',
  },
  calibrationError: {
    word: 'expected calibration error',
    meaning:
      'How far probabilities are from the share of answers that are right: answers are put into 15 bins by their probability, and the gaps averaged.',
  },
  likelihood: {
    word: 'negative log likelihood',
    meaning:
      'The loss, computed from the probabilities that are shown: the mean of −log of what the true class was given.',
    torch: 'NLLLoss',
  },
  featureDistance: {
    word: 'distance',
    meaning:
      'How unlike a photo is to the training photos, in the features that the last layer decides by: 1 − cosine to the fifth nearest one.',
  },
  rocArea: {
    word: 'area under the ROC curve',
    meaning:
      'How often a photo of the class gets a higher probability of it than another photo does: 100% is perfect, 50% chance.',
  },
  averagePrecision: {
    word: 'average precision',
    meaning: 'The area under the precision–recall curve: precision averaged over all thresholds.',
  },
  crossValidation: {
    word: 'cross-validation',
    meaning:
      'The photos are divided into folds; each fold is predicted by a head that learned from the others. Every photo is judged, none by a head that has seen it.',
  },
  series: {
    word: 'series',
    meaning: 'The same training with several seeds. How far the results spread shows the effect of chance.',
  },
} as const satisfies Record<string, GlossaryEntry>;
