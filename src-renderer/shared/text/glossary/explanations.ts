/** Explanations: activations, filter patterns, heatmaps. */
import type { GlossaryEntry } from './entry.ts';

export const explanationsTerms = {
  featureMap: {
    word: 'feature map',
    meaning: 'Where in the image one filter found its pattern, and how strongly.',
    torch: 'one channel of the output',
  },
  activation: {
    word: 'activation',
    meaning: 'The output of a layer for one photo. Each channel shows where a feature is.',
    torch: 'what a forward hook sees',
  },
  sparsity: {
    word: 'sparsity',
    meaning: 'The share of zeros. It grows with depth: deep filters respond to things that few photos have.',
  },
  filterPattern: {
    word: 'filter pattern',
    meaning:
      'The image that activates one filter most: noise, changed step by step along the gradient of its mean activation.',
    torch: 'torch.autograd.grad with respect to the input',
  },
  heatmap: {
    word: 'class activation heatmap',
    meaning:
      'Where in the photo the evidence for a class lies. Warm colours are evidence for it, cold colours are not.',
  },
  gradCam: {
    word: 'Grad-CAM',
    meaning:
      'The channels of the last convolution, each weighted with how much it raises the score of the class, added up.',
    torch: 'register_full_backward_hook on the last nn.Conv2d',
  },
  gradCamPlusPlus: {
    word: 'Grad-CAM++',
    meaning: 'Weights each place separately, so that several objects of a class are all highlighted.',
  },
  occlusion: {
    word: 'occlusion sensitivity',
    meaning:
      'Covers one part of the photo after the other and measures how much the probability falls. It is slow and needs no gradient.',
  },
  randomisedWeights: {
    word: 'randomised weights',
    meaning:
      'If the heatmap stays the same when the learned weights are shuffled, it shows the photo and not the network.',
  },
  deletionCurve: {
    word: 'deletion curve',
    meaning: 'The warmest pixels are greyed out first. With a good heatmap the probability falls fast.',
  },
  insertionCurve: {
    word: 'insertion curve',
    meaning:
      'The warmest pixels are restored first in a blurred photo. With a good heatmap the probability rises fast.',
  },
} as const satisfies Record<string, GlossaryEntry>;
