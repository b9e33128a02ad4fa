/** Networks: layers and what they cost. */
import type { GlossaryEntry } from './entry.ts';

export const layersTerms = {
  parameters: {
    word: 'parameters',
    meaning: 'The numbers inside the network that training adjusts.',
    torch: 'model.parameters()',
  },
  trainable: {
    word: 'trainable',
    meaning: 'Adjusted by training; the rest is frozen.',
    torch: 'requires_grad',
  },
  multiplications: {
    word: 'multiplications',
    meaning: 'How many multiplications the layer does for one image: outputs times inputs of each output.',
  },
  outputShape: {
    word: 'output shape',
    meaning: 'Height × width × channels of the output.',
    torch: 'channels come first in PyTorch: C × H × W',
  },
  conv2d: {
    word: 'Conv2D',
    meaning: 'Slides small filters over the image; each responds where it finds its pattern.',
    torch: 'nn.Conv2d',
  },
  maxPooling2d: {
    word: 'MaxPooling2D',
    meaning: 'Keeps the largest value of each small window and so halves height and width.',
    torch: 'nn.MaxPool2d',
  },
  flatten: {
    word: 'Flatten',
    meaning: 'Puts all values of the feature maps in one row.',
    torch: 'nn.Flatten',
  },
  dense: { word: 'Dense', meaning: 'Every output depends on every input.', torch: 'nn.Linear' },
  dropout: {
    word: 'Dropout',
    meaning:
      'Sets a random share of the values to 0 during training, so that the network does not memorise the images.',
    torch: 'nn.Dropout',
  },
  filter: {
    word: 'filter',
    meaning:
      'A small grid of weights that slides over the image. Also called kernel. The pattern it responds to is learned.',
    torch: 'a slice of conv.weight',
  },
  stride: {
    word: 'stride',
    meaning: 'How many cells the window moves each time. 2 halves height and width.',
    torch: 'stride',
  },
  padding: {
    word: 'padding',
    meaning:
      'valid: the filter stays inside the image, so the output is smaller. same: a border of zeros keeps the size.',
    torch: "padding=0, padding='same'",
  },
  pooling: {
    word: 'pooling window',
    meaning: 'The cells that are combined into one: their largest value, or their mean.',
    torch: 'kernel_size of nn.MaxPool2d and nn.AvgPool2d',
  },
  receptiveField: {
    word: 'receptive field',
    meaning: 'The part of the input image that one value of a layer depends on.',
  },
  translation: {
    word: 'translation',
    meaning:
      'Shifting an image without rotating it. The output of a convolution shifts with it; pooling ignores small shifts.',
  },
  relu: {
    word: 'ReLU',
    meaning: 'Keeps positive values and sets negative ones to 0.',
    torch: 'nn.ReLU',
  },
  depthwiseConv2d: {
    word: 'DepthwiseConv2D',
    meaning: 'Each channel has its own filter: far fewer weights than a filter over all channels.',
    torch: 'nn.Conv2d with groups equal to the channels',
  },
  batchNormalization: {
    word: 'BatchNormalization',
    meaning: 'Scales each channel to a common range, with statistics learned from the batches.',
    torch: 'nn.BatchNorm2d',
  },
  averagePooling2d: {
    word: 'AveragePooling2D',
    meaning: 'Keeps the mean of each small window.',
    torch: 'nn.AvgPool2d',
  },
  globalAveragePooling2d: {
    word: 'GlobalAveragePooling2D',
    meaning: 'One number per channel: its mean over the whole feature map.',
    torch: 'nn.AdaptiveAvgPool2d(1)',
  },
} as const satisfies Record<string, GlossaryEntry>;
