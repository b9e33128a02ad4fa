/** The words of the lesson, explained where they stand. `torch`: what a PyTorch user calls the same thing. */

interface GlossaryEntry {
  readonly word: string;
  readonly meaning: string;
  readonly torch?: string;
}

export const glossary = {
  class: {
    word: 'class',
    meaning: 'One of the kinds that the network learns to tell apart, such as cats or dogs.',
  },
  label: { word: 'label', meaning: 'The class an image is said to belong to.', torch: 'target' },
  split: {
    word: 'split',
    meaning:
      'Images are dealt into three parts: training to learn from, validation to watch the learning, test to measure the result once, at the end.',
    torch: 'random_split',
  },
  training: { word: 'training images', meaning: 'The images the network learns from.' },
  validation: {
    word: 'validation images',
    meaning:
      'Held back from learning. Their accuracy tells, after each epoch, whether what was learned holds for new photos.',
  },
  test: {
    word: 'test images',
    meaning: 'Touched once, at the end. Each further look makes their number a little too good to be true.',
  },
  unassigned: {
    word: 'in no split',
    meaning: 'Labelled images that are in none of the three parts yet. They are not used.',
  },
  quarantine: {
    word: 'quarantine',
    meaning: 'Files that could not be used, each with its reason. Nothing happens to the files themselves.',
  },
  recipe: {
    word: 'recipe',
    meaning: 'A network together with the way it is trained: size, learning rate, number of epochs.',
  },
  epoch: { word: 'epoch', meaning: 'One round of training; usually every training image is used once.' },
  step: {
    word: 'step',
    meaning: 'One batch goes through the network and the weights are corrected once.',
    torch: 'one optimizer.step()',
  },
  stepsPerEpoch: {
    word: 'steps per epoch',
    meaning: 'How many batches make one epoch. Usually training images divided by the batch size.',
    torch: 'len(dataloader)',
  },
  batch: {
    word: 'batch',
    meaning: 'The images that go through the network together. Larger is steadier and needs more memory.',
    torch: 'batch_size of the DataLoader',
  },
  learningRate: {
    word: 'learning rate',
    meaning:
      'How far each step moves the weights. Too large: the loss jumps or grows. Too small: it hardly falls.',
    torch: 'lr',
  },
  imageSize: {
    word: 'image size',
    meaning:
      'Every photo is brought to a square of this many pixels before the network sees it. Larger shows more and costs more.',
  },
  seed: {
    word: 'seed',
    meaning:
      'The number all chance is drawn from. The same seed and data on the same machine give the same result.',
    torch: 'torch.manual_seed',
  },
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
      'The network learns the training images by heart: their accuracy keeps rising while that of the validation images stops.',
  },
  precision: { word: 'precision', meaning: 'Of the images called this class, the share that really are.' },
  recall: { word: 'recall', meaning: 'Of the images that really are this class, the share that was found.' },
  support: { word: 'images', meaning: 'How many images of this class were tested.' },
  confusionMatrix: {
    word: 'confusion matrix',
    meaning:
      'Each row is a true class, each column what the network said. The diagonal is right; everything else is a mix-up.',
  },
  probability: {
    word: 'probability',
    meaning:
      'How sure the network is, between 0 and 100%. All classes together make 100%. It can be sure and wrong.',
  },
  smoothing: {
    word: 'smoothing',
    meaning:
      'Exponential moving average: each point keeps this share of the one before. For the eye only; the numbers stay.',
  },
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
    meaning: 'How many products one image costs in this layer: outputs times what each of them looks at.',
  },
  outputShape: {
    word: 'output shape',
    meaning: 'Height × width × channels of what the layer hands on.',
    torch: 'channels come first there: C × H × W',
  },
  dataHash: {
    word: 'data fingerprint',
    meaning:
      'Computed from every image, label and split the run used. Two runs with the same one saw the same data.',
  },
  engine: {
    word: 'engine',
    meaning: 'What does the arithmetic, in a process of its own: TensorFlow where it can be had.',
  },
  conv2d: {
    word: 'Conv2D',
    meaning: 'Slides small filters over the picture; each answers where its pattern is found.',
    torch: 'nn.Conv2d',
  },
  maxPooling2d: {
    word: 'MaxPooling2D',
    meaning: 'Keeps the largest value of each small window and so halves height and width.',
    torch: 'nn.MaxPool2d',
  },
  flatten: { word: 'Flatten', meaning: 'Lays all values of the picture in one row.', torch: 'nn.Flatten' },
  dense: { word: 'Dense', meaning: 'Every output looks at every input.', torch: 'nn.Linear' },
  dropout: {
    word: 'Dropout',
    meaning: 'Blanks a random share of the values while training, so that nothing is learned by heart.',
    torch: 'nn.Dropout',
  },
  filter: {
    word: 'filter',
    meaning:
      'A small grid of weights that slides over the picture. Also called kernel. What it looks for is learned.',
    torch: 'a slice of conv.weight',
  },
  stride: {
    word: 'stride',
    meaning: 'How many cells the window moves on each time. 2 halves height and width.',
    torch: 'stride',
  },
  padding: {
    word: 'padding',
    meaning:
      'valid: the filter stays inside the picture, which shrinks. same: a border of zeros keeps the size.',
    torch: "padding=0, padding='same'",
  },
  pooling: {
    word: 'pooling window',
    meaning: 'The cells that become one: their largest value, or their mean.',
    torch: 'kernel_size of nn.MaxPool2d and nn.AvgPool2d',
  },
  receptiveField: {
    word: 'receptive field',
    meaning: 'The part of the input picture that one value of a layer depends on.',
  },
  translation: {
    word: 'translation',
    meaning:
      'Moving a picture without turning it. A convolution moves its answer along; pooling forgets small moves.',
  },
  featureMap: {
    word: 'feature map',
    meaning: 'Where in the picture one filter found its pattern, and how strongly.',
    torch: 'one channel of the output',
  },
  activation: {
    word: 'activation',
    meaning: 'What a layer answers for one photo. Each of its channels is a picture of where a feature is.',
    torch: 'what a forward hook sees',
  },
  sparsity: {
    word: 'sparsity',
    meaning:
      'The share of zeros. It grows with depth: deep filters look for things that few photos have.',
  },
  filterPattern: {
    word: 'filter pattern',
    meaning:
      'The picture that excites one filter most: noise, changed step by step along the gradient of its mean activation.',
    torch: 'torch.autograd.grad with respect to the input',
  },
  heatmap: {
    word: 'class activation heatmap',
    meaning: 'Where in the photo the evidence for a class lies. Warm: for it. Cold: nothing.',
  },
  gradCam: {
    word: 'Grad-CAM',
    meaning:
      'The channels of the last convolution, each weighted with how much it raises the score of the class, added up.',
    torch: 'register_full_backward_hook on the last nn.Conv2d',
  },
  gradCamPlusPlus: {
    word: 'Grad-CAM++',
    meaning: 'Weights each place by itself, so that several objects of a class all light up.',
  },
  occlusion: {
    word: 'occlusion sensitivity',
    meaning:
      'Covers one part of the photo after the other and measures how much the probability falls. Slow, and needs no gradient.',
  },
  randomisedWeights: {
    word: 'randomised weights',
    meaning:
      'If the heatmap stays the same when what was learned is shuffled away, it shows the photo and not the network.',
  },
  deletionCurve: {
    word: 'deletion curve',
    meaning: 'The warmest pixels are greyed first. A heatmap that points at what matters falls fast.',
  },
  insertionCurve: {
    word: 'insertion curve',
    meaning: 'The warmest pixels come back first into a blurred photo. A good heatmap rises fast.',
  },
  frozen: {
    word: 'frozen',
    meaning: 'Kept as it is while the rest is trained.',
    torch: 'requires_grad = False',
  },
} as const satisfies Record<string, GlossaryEntry>;

export type GlossaryTerm = keyof typeof glossary;

/** What is known about a term. */
export function lookUp(term: GlossaryTerm): GlossaryEntry {
  return glossary[term];
}

/** The entry for a layer type such as `Conv2D`; undefined for types without one. */
export function termOfLayer(type: string): GlossaryTerm | undefined {
  const name = type.toLowerCase();
  return (Object.keys(glossary) as GlossaryTerm[]).find((term) => term.toLowerCase() === name);
}
