/** The text of the Train screen. */
import { plural } from '../../shared/text/format.ts';

/** The groups of settings, in the order of the form. */
export const settingGroups = [
  'Schedule',
  'Network',
  'Pretrained network',
  'Regularisation',
  'Data and chance',
] as const;

/** Every setting: what it is called, and what it does in one sentence. */
export const settingText = {
  epochs: {
    label: 'Epochs',
    help: 'More epochs learn longer; early stopping ends them when nothing improves any more.',
  },
  batchSize: {
    label: 'Batch size',
    help: 'Images per step: larger is steadier and faster, and needs more memory.',
  },
  stepsPerEpoch: {
    label: 'Steps per epoch',
    help: 'By default, enough for every training image to be seen once an epoch.',
  },
  learningRate: {
    label: 'Learning rate',
    help: 'How far each step moves the weights: the setting that matters most.',
  },
  headEpochs: {
    label: 'Epochs of the head',
    help: 'The head learns alone first, so that its first wild steps do not spoil the pretrained network.',
  },
  headLearningRate: {
    label: 'Rate of the head',
    help: 'The learning rate while only the head is trained; usually larger than the one after it.',
  },
  optimizer: {
    label: 'Optimizer',
    help: 'How gradients become steps: RMSprop as in the lesson; Adam forgives a rough learning rate.',
    options: { rmsprop: 'RMSprop', adam: 'Adam', adamw: 'AdamW', sgd: 'SGD' },
  },
  schedule: {
    label: 'Rate over time',
    help: 'Smaller steps towards the end let the weights settle.',
    options: { constant: 'Constant', step: 'In steps', cosine: 'Cosine' },
  },
  warmupEpochs: {
    label: 'Warm-up',
    help: 'Epochs over which the learning rate rises from nothing, so that the first steps do no harm.',
  },
  patience: {
    label: 'Early stopping',
    help: 'Ends training after this many epochs in a row without a lower validation loss.',
    none: 'Never',
  },
  lecture: {
    label: 'As in the lecture',
    help: 'Exactly the lecture’s network, pixels and schedule. The plan says what differs and what the usual settings gain.',
  },
  keepBest: {
    label: 'Keep the best epoch',
    help: 'Keeps the weights of the epoch with the lowest validation loss instead of the last ones.',
  },
  imageSize: {
    label: 'Image size',
    help: 'Side of the square the network sees, in pixels: twice the side costs four times the time.',
  },
  resize: {
    label: 'Made smaller',
    help: 'With a filter every pixel of a photo counts. The nearest pixels alone are what Keras’ generator takes.',
    options: { filter: 'With a filter', nearest: 'Nearest pixels' },
  },
  pooling: {
    label: 'Feature map',
    help: 'Averaged, the head is small and quick; flattened as in the lesson, it keeps where things are.',
    options: { average: 'Averaged', flatten: 'Flattened' },
  },
  headUnits: {
    label: 'Units of the head',
    help: 'Size of a dense layer before the last one; 0 leaves it out.',
  },
  backbone: {
    label: 'Backbone',
    help: 'The network that has already learned to see; only its weights on this machine can be used.',
  },
  preprocess: {
    label: 'Preprocessing',
    help: 'How the backbone wants its pixels. Choose where a file of your own does not say it; ImageNet is BGR without the mean colour.',
    options: {
      auto: 'Automatic',
      none: '0 to 255',
      '0-1': '0 to 1',
      '-1-1': '−1 to 1',
      imagenet: 'ImageNet',
    },
  },
  unfreezeFrom: {
    label: 'Train from layer',
    help: 'Fine-tuning changes this layer and all after it; those before stay as they are.',
  },
  dropout: {
    label: 'Dropout',
    help: 'The share of values left out at random in each step, so that nothing is memorised.',
  },
  labelSmoothing: {
    label: 'Label smoothing',
    help: 'Aims a little below certainty, which helps where some labels are wrong.',
  },
  mixup: {
    label: 'Mixup',
    help: 'Lays pairs of photos over each other and mixes their labels; 0 is off, 0.2 is usual.',
  },
  augmentation: {
    label: 'Augmentation',
    help: 'Random changes to the training photos; validation and test photos stay as they are.',
  },
  augmentedCopies: {
    label: 'Augmented copies',
    help: 'How many changed copies of each photo are computed once and kept; 0 uses the photo itself.',
  },
  classWeights: {
    label: 'Balance classes',
    help: 'Photos of a rare class count for more, so that all classes count the same.',
  },
  seed: {
    label: 'Seed',
    help: 'Where all random numbers start: the same seed gives the same run.',
  },
} as const;

/** The text of rate-series.ts. */
export const rateSeriesText = {
  loss: 'Loss',
  learningRate: 'Learning rate',
  lossSmoothed: 'Loss, smoothed',
};

/** The text of run-words.ts. */
export const runWordsText = {
  preparing: 'Preparing',
  training: 'Training',
  paused: 'Paused',
  testing: 'Testing',
  done: 'Done',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
};

/** The text of screen.vue. */
export const screenText = {
  train: 'Train',
  makingThePlan: 'Looking at your photos, and starting the engine…',
  settings: 'Settings',
  pauseOrResume: 'Pause or resume',
  showOrHideThe: 'Show or hide the settings',
};

/** The text of settings.ts. */
export const settingsText = {
  notANumber: 'Not a number.',
  aWholeNumberSuch: (min: string | number): string => `A whole number, such as ${min}.`,
  moreThan: 'More than 0.',
  atMost: (max: string | number): string => `At most ${max}.`,
  fromTo: (min: string | number, max: string | number): string => `From ${min} to ${max}.`,
  chosenForYou: 'chosen for you',
  yes: 'yes',
  no: 'no',
  none: 'none',
};

/** The text of train-panel.vue. */
export const trainPanelText = {
  backToTheSettings: 'Back to the settings',
  pretrainedNetworks: 'Pretrained networks',
  thisRun: 'This run',
  settings: 'Settings',
};

/** The text of network-words.ts. */
export const networkText = {
  inStages: (tensors: number, head: string, then: string, from: string | null): string =>
    `${plural(tensors, 'weight tensor')}. While the head learns, ${head} of them train: the pretrained network is frozen. Then ${then} do${from === null ? '' : `, from ${from} on`}.`,
  allTrain: (tensors: number): string => `${plural(tensors, 'weight tensor')}, all of them train.`,
  someTrain: (tensors: number, trained: string): string =>
    `${plural(tensors, 'weight tensor')}, ${trained} of them train: the pretrained network is frozen.`,
  wholeNetwork: 'The whole network learns from your photos.',
  fineTuning: (from: string | null): string =>
    `The backbone is trained too${from === null ? '' : ` from ${from} on`}, in small steps.`,
  headSolved:
    'The best linear head on what the frozen backbone says of each photo: a logistic regression, as strongly regularised as photos it has not learnt from ask for.',
  headOnFeatures: 'The head learns from what the frozen backbone says of each photo, computed once.',
  headOnPhotos: 'The head learns; each step takes its photos through the frozen backbone.',
};
