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
