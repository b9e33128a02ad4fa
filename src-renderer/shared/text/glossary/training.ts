/** Training: recipes, steps and hyperparameters. */
import type { GlossaryEntry } from './entry.ts';

export const trainingTerms = {
  recipe: {
    word: 'recipe',
    meaning: 'A network together with the way it is trained: size, learning rate, number of epochs.',
  },
  epoch: { word: 'epoch', meaning: 'One pass over the training images: usually each is used once.' },
  step: {
    word: 'step',
    meaning: 'One batch goes through the network and the weights are updated once.',
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
  seed: {
    word: 'seed',
    meaning:
      'The start of all random numbers. The same seed and data on the same machine give the same result.',
    torch: 'torch.manual_seed',
  },
  optimizer: {
    word: 'optimizer',
    meaning:
      'The rule that turns gradients into steps. All but SGD use a separate step size for each weight; AdamW also pulls weights towards 0.',
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
    meaning: 'The learning rate rises from 0 over the first epochs. Helps with large rates.',
    torch: 'lr_scheduler.LinearLR',
  },
  patience: {
    word: 'patience',
    meaning:
      'Epochs without a lower validation loss after which training stops. Later epochs would mostly overfit.',
  },
  lecture: {
    word: 'the lecture',
    meaning:
      'The course that Lenslet’s recipes come from, after chapter 5 of François Chollet’s “Deep Learning with Python”.',
  },
  keepBest: {
    word: 'best epoch',
    meaning:
      'The epoch with the lowest validation loss: here the network was best on photos that it was not trained on.',
  },
  classWeights: {
    word: 'class weights',
    meaning: 'Errors on rare classes weigh more: images / (classes × images of the class).',
    torch: 'weight of CrossEntropyLoss',
  },
  labelSmoothing: {
    word: 'label smoothing',
    meaning:
      'The right class counts as, say, 95% instead of 100%. The network becomes less overconfident, and wrong labels do less harm.',
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
      'Tries larger and larger rates, one step each, on a temporary copy of the network. A good rate is where the loss falls most steeply.',
  },
  bfloat16: {
    word: 'bfloat16',
    meaning:
      'Numbers of 16 bits instead of 32: the same range, but only two to three significant digits. Some processors multiply them much faster.',
    torch: 'torch.bfloat16, torch.autocast',
  },
  engine: {
    word: 'engine',
    meaning: 'The process that does the computation: with TensorFlow where it is available.',
  },
} as const satisfies Record<string, GlossaryEntry>;
