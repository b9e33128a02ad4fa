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
  leakage: {
    word: 'leak',
    meaning:
      'The same scene in training and in test. What was learned by heart is asked, and the accuracy says nothing about new photos.',
  },
  nearDuplicates: {
    word: 'near-duplicates',
    meaning:
      'Pictures of one scene: saved again, resized, cropped, mirrored, brightened, or taken in one burst.',
  },
  quarantine: {
    word: 'quarantine',
    meaning: 'Files that could not be used, each with its reason. Nothing happens to the files themselves.',
  },
  recipe: {
    word: 'recipe',
    meaning: 'A network together with the way it is trained: size, learning rate, number of epochs.',
  },
  augmentation: {
    word: 'augmentation',
    meaning:
      'Random changes to each training photo, every time anew, so that the network learns the thing and not the picture.',
    torch: 'torchvision.transforms',
  },
  fillMode: {
    word: 'fill mode',
    meaning: 'What is put where a moved or turned picture leaves nothing. abcd is a row of its pixels.',
    torch: 'padding_mode',
  },
  preprocessing: {
    word: 'preprocessing',
    meaning:
      'Pixels are 0 to 255; networks learn better from small numbers. The same is done in training and in use.',
    torch: 'transforms.Normalize',
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
  bfloat16: {
    word: 'bfloat16',
    meaning:
      'Numbers of 16 bits instead of 32: as wide a range, but only two to three digits. Some processors multiply them much faster.',
    torch: 'torch.bfloat16, torch.autocast',
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
    meaning: 'The share of zeros. It grows with depth: deep filters look for things that few photos have.',
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
  backbone: {
    word: 'backbone',
    meaning:
      'A network trained before on a million photos, without its last layers. What it has learned to see serves for your photos too.',
    torch: 'torchvision.models with pretrained weights',
  },
  head: {
    word: 'head',
    meaning: 'The few new layers after the backbone: they turn what it sees into your classes.',
    torch: 'model.fc or model.classifier',
  },
  unfreezeFrom: {
    word: 'fine-tuning',
    meaning:
      'Going on with the last layers of the backbone unfrozen, at a small rate, so that they adapt to your photos.',
    torch: 'requires_grad = True for the last blocks',
  },
  headEpochs: {
    word: 'epochs of the head',
    meaning: 'Rounds of training in which only the head learns and the backbone stays frozen.',
  },
  headLearningRate: {
    word: 'learning rate of the head',
    meaning: 'How far the steps go while only the head learns.',
  },
  headUnits: {
    word: 'units of the head',
    meaning: 'Outputs of the dense layer between backbone and last layer.',
    torch: 'out_features of nn.Linear',
  },
  headPooling: {
    word: 'feature map',
    meaning:
      'What the backbone hands on: a small picture per channel. Averaged, each becomes one number; flattened, all values are kept.',
    torch: 'nn.AdaptiveAvgPool2d(1), nn.Flatten',
  },
  augmentedCopies: {
    word: 'augmented copies',
    meaning:
      'Changed copies of each photo that the frozen backbone looks at once. Nearly as good as augmenting anew in every step, and much quicker.',
  },
  optimizer: {
    word: 'optimizer',
    meaning:
      'The rule that turns gradients into steps. All but SGD give each weight a step size of its own; AdamW also pulls weights towards 0.',
    torch: 'torch.optim',
  },
  schedule: {
    word: 'learning-rate schedule',
    meaning:
      'Constant: always the same. In steps: a tenth after each third. Cosine: falls smoothly to 0 at the end.',
    torch: 'torch.optim.lr_scheduler',
  },
  warmup: {
    word: 'warm-up',
    meaning: 'The learning rate rises from nothing over the first epochs. Helps with large rates.',
    torch: 'lr_scheduler.LinearLR',
  },
  patience: {
    word: 'patience',
    meaning:
      'Epochs without a lower validation loss after which training ends by itself. What would follow is mostly overfitting.',
  },
  keepBest: {
    word: 'best epoch',
    meaning:
      'The epoch with the lowest validation loss: where the network was best on photos it did not learn from.',
  },
  classWeights: {
    word: 'class weights',
    meaning: 'Errors on rare classes weigh more: images / (classes × images of the class).',
    torch: 'weight of CrossEntropyLoss',
  },
  labelSmoothing: {
    word: 'label smoothing',
    meaning:
      'The right class counts as, say, 95% instead of 100%. The network becomes less cocksure, and wrong labels do less harm.',
    torch: 'label_smoothing of CrossEntropyLoss',
  },
  mixup: {
    word: 'mixup',
    meaning:
      'Two photos are laid over each other in random shares, and so are their labels. The larger the value, the more often half and half.',
  },
  rateFinder: {
    word: 'learning-rate finder',
    meaning:
      'Tries ever larger rates, one step each, on a throw-away copy of the network. Where the loss falls most steeply is a good rate.',
  },
  confidence: {
    word: '95% interval',
    meaning:
      'Where the accuracy would lie on endlessly many photos of this kind, 95 times out of 100. More test photos make it narrower.',
  },
  series: {
    word: 'series',
    meaning: 'The same training with several seeds. How far their results scatter is what chance alone does.',
  },
  frozen: {
    word: 'frozen',
    meaning: 'Kept as it is while the rest is trained.',
    torch: 'requires_grad = False',
  },
  relu: {
    word: 'ReLU',
    meaning: 'Lets positive answers through and makes negative ones 0.',
    torch: 'nn.ReLU',
  },
  depthwiseConv2d: {
    word: 'DepthwiseConv2D',
    meaning: 'Each channel has a filter of its own: far fewer weights than a filter over all channels.',
    torch: 'nn.Conv2d with groups equal to the channels',
  },
  batchNormalization: {
    word: 'BatchNormalization',
    meaning: 'Brings each channel to a common scale, learned from the batches.',
    torch: 'nn.BatchNorm2d',
  },
  averagePooling2d: {
    word: 'AveragePooling2D',
    meaning: 'Keeps the mean of each small window.',
    torch: 'nn.AvgPool2d',
  },
  globalAveragePooling2d: {
    word: 'GlobalAveragePooling2D',
    meaning: 'One number a channel: its mean over the whole picture.',
    torch: 'nn.AdaptiveAvgPool2d(1)',
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
