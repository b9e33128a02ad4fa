/** The text of the components of the Train screen. */
import { plural } from '../../../shared/text/format.ts';

/** The text of backbone-entry.vue. */
export const backboneEntryText = {
  millionParameters: (parameters: string | number): string => `${parameters} million parameters`,
  from: (host: string | number): string => `from ${host}`,
  thePackage: (name: string | null): string => `the Python package ${name ?? ''}`,
  checkedBy: {
    sha256: 'checked by SHA-256',
    md5: 'checked by MD5',
    size: 'checked by size (no hash is published)',
  },
  sha256: (hash: string): string => `SHA-256 ${hash}`,
  noOfficialDownload: 'There is no official download of these weights: drop a file that you have.',
};

/** The text of backbone-file.vue. */
export const backboneFileText = {
  verify: 'Verify',
  verifyFile: (file: string): string => `Verify ${file}`,
  compareWithWhat: 'Compare its SHA-256 with the expected one',
  remove: (file: string | number): string => `Remove ${file}`,
  removeFromThisMachine: 'Remove from this machine',
  removeIt: 'Remove it from this machine?',
  removeButton: 'Remove',
  keep: 'Keep',
  verifying: 'Verifying…',
  known: {
    published: 'Verified: SHA-256 as published.',
    noted: 'Verified: SHA-256 unchanged since it was recorded.',
    first:
      'No SHA-256 is published for this file. It is recorded now, so that a later change will be noticed.',
  },
  proved: (known: string): string => `${known} It computes what it should.`,
  damaged: 'Damaged.',
  notVerified: 'Not verified.',
  sha256: (hash: string): string => `SHA-256 ${hash}`,
};

/** The text of backbone-download.vue. */
export const backboneDownloadText = {
  downloadOf: (label: string | number): string => `Download of ${label}`,
  stop: 'Stop',
  stopThe: (label: string): string => `Stop the download of ${label}`,
  for: (downloadLabel: string | number, label: string | number): string => `${downloadLabel} for ${label}`,
  of: (total: string | number): string => ` of ${total}`,
  left: (secondsLeft: string | number): string => `${secondsLeft} left`,
  download: (size: string | number): string => `Download ${size}`,
  resume: 'Resume the download',
  resumeFrom: (share: string | number): string => `Resume from ${share}`,
};

/** The text of backbone-list.vue. */
export const backboneListText = {
  dropWeightsHereH5: 'Drop weights here: .h5, .keras, or a folder with model.json',
  haveAWeightsFile:
    'Have a weights file? Drop it here: Keras .h5 or .keras, or a TensorFlow.js folder with model.json.',
  useAFile: 'Use a file',
  lookingForNetworks: 'Looking for networks…',
  openAProjectFirst: 'To add a weights file of your own, open a project first.',
  knownNetworks: 'Known networks',
  yourOwnNetworks: 'Your own networks',
};

/** The text of extend-run.vue. */
export const extendRunText = {
  stillImproving: 'Still improving? Continue where it ended for',
  moreEpochs: 'More epochs',
  more: 'more',
  epochs: 'epochs',
  somethingElseIsBeing: 'Something else is being trained',
  trainOn: 'Train on',
};

/** The text of interrupted-note.vue. */
export const interruptedNoteText = {
  interruptedTraining: 'Interrupted training',
  wasInterruptedAfterOf: (history: string | number, epochs: number): string =>
    `was interrupted after ${history} of ${plural(epochs, 'epoch')}.`,
  showIt: 'Show it',
  resume: 'Resume',
};

/** The text of layer-table.vue. */
export const layerTableText = {
  layersOfTheNetwork: 'Layers of the network',
  layer: 'Layer',
  type: 'Type',
  training: 'Training',
  outputShape: 'Output shape',
  parameters: 'Parameters',
  multiplications: 'Multiplications',
  frozen: 'frozen',
  from: (later: string | number): string => `from ${later}`,
  trainable: 'trainable',
  total: 'Total',
  ofTensors: (weights: string | number, unfrozenWeights: string | number): string =>
    `${weights} of ${unfrozenWeights} tensors`,
  trainableColumn: 'Trainable',
  trainableOfStageWord: (stageWord: string | number): string => `Trainable: ${stageWord}`,
  fineTuned: 'fine-tuned',
};

/** The text of rate-finder.vue. */
export const rateFinderText = {
  learningRateFinder: 'Learning-rate finder',
  cancel: 'Cancel',
  saveTheLearningRates: 'Save the learning rates as PNG',
  saveAsPng: 'Save as PNG',
  saveTheLearningRatesAs: 'Save the learning rates as CSV',
  saveAsCsv: 'Save as CSV',
  again: 'Again',
  closeTheLearningRate: 'Close the learning-rate finder',
  eachPointIsOne:
    'Each point is one step with a larger rate than before, on a copy that is thrown away. Good is where the loss falls most steeply, well before it rises again.',
  rate: 'rate',
  loss: '· loss',
  lossOverLearningRate: 'Loss over learning rate: choose a rate to read',
  rateLoss: (value: string | number, loss: string | number): string => `Rate ${value}: loss ${loss}`,
  noRateTriedYet: 'No rate tried yet',
  use: (shortRate: string | number): string => `Use ${shortRate}`,
  thisIsTheRate: 'This is the rate that is set.',
  setNow: (rate: string | number): string => `Set now: ${rate}.`,
  theLossNeverFell: 'The loss never fell: more photos, a larger batch or another recipe may help.',
  suggested: (shortRate: string | number): string => `suggested ${shortRate}`,
  learningRatesCsv: 'learning rates.csv',
  learningRate: 'learning rate',
  smoothedLoss: 'smoothed loss',
  learningRatesPng: 'learning rates.png',
  ratesTried: (points: string | number): string => `${points} rates tried`,
  of: (done: string | number, total: string | number): string => `: ${done} of ${total}`,
};

/** The text of repeat-form.vue. */
export const repeatFormText = {
  orTrainItWith: 'Or train it with',
  severalSeeds: 'several seeds',
  toSeeHowMuch: ', to see how much is chance:',
  numberOfRunsEach: 'Number of runs, each with another seed',
  train: (runs: number): string => `Train ${plural(runs, 'run')}`,
};

/** The text of run-buttons.vue. */
export const runButtonsText = {
  resume: 'Resume',
  pause: 'Pause',
  stopAndKeep: 'Stop and keep',
  cancel: 'Cancel',
  newRun: 'New run',
};

/** The text of run-facts.vue. */
export const runFactsText = {
  fastMathematicsCouldNot: (whyExact: string | number): string =>
    ` (fast mathematics could not be used: ${whyExact})`,
  asAGraphConvolutions: (precision: string | number, exact: string | number): string =>
    `as a graph, convolutions in ${precision}${exact}`,
  stepByStep: (whyEager: string | number): string => `step by step: ${whyEager}`,
  computed: 'Computed',
  recipe: 'Recipe',
  epochs: 'Epochs',
  parameters: 'Parameters',
  weightTensorsTrained: 'Weight tensors trained',
  engine: 'Engine',
  data: 'Data',
  started: 'Started',
  took: 'Took',
};

/** The text of run-monitor.vue. */
export const runMonitorText = {
  progress: 'Progress',
  paused: 'Paused',
  resumeContinues: 'Resume continues where it stopped.',
  progressOfTheTraining: 'Progress of the training',
  epoch: 'Epoch',
  step: 'Step',
  imagesPerSecond: 'Images per second',
  timeLeft: 'Time left',
  soFar: 'So far',
  photos: 'Photos',
  of: (total: string): string => `of ${total}`,
  /** Before the engine says what it does. */
  statusWords: {
    preparing: 'Preparing',
    training: 'Training',
    paused: 'Paused',
    evaluating: 'Testing',
    done: 'Done',
    stopped: 'Stopped',
    interrupted: 'Interrupted',
    failed: 'Failed',
  },
};

/** The text of run-outcome.vue. */
export const runOutcomeText = {
  resume: 'Resume',
  changeTheSettings: 'Change the settings',
  outcome: 'Outcome',
  testAccuracy: 'Test accuracy',
  trainedIn: (epochs: string | number, seconds: string | number): string => `Trained ${epochs} in ${seconds}`,
  solvedIn: (seconds: string): string => `Solved in ${seconds}`,
  stoppedAfterTheModel: (epochs: string | number): string => `Stopped after ${epochs}; the model is kept`,
  interruptedAfter: (epochs: string | number): string => `Interrupted after ${epochs}`,
  ofPhotosItHad: 'Of photos it had never seen, this share was named correctly.',
  nothingUpToThe: 'Nothing up to the last finished epoch is lost.',
  noEpochWasFinished: 'No epoch was finished, so there is nothing to resume from.',
  itHasNotBeen: 'It has not been measured on the test images yet.',
  results: 'Results',
  tryAPhoto: 'Try a photo',
  trainWithBatchSize: (batchSize: string | number): string => `Train with batch size ${batchSize}`,
  trainWithLearningRate: (learningRate: string | number): string =>
    `Train with learning rate ${learningRate}`,
  epochs: (epochs: number): string => plural(epochs, 'epoch'),
};

/** The text of stage-list.vue. */
export const stageListText = {
  stages: 'Stages',
  epochs: (epochs: number): string => plural(epochs, 'epoch'),
  solved: 'solved at once',
  rate: 'Rate',
  of: (tensors: string | number, unfrozenWeights: string | number): string =>
    `${tensors} of ${unfrozenWeights}`,
  weightTensorsTrain: 'weight tensors train',
  aTenthAfterEach: ', a tenth after each third',
  fallingTo: ', falling to 0',
};

/** The text of training-plan.vue. */
export const trainingPlanText = {
  mode: 'How much to train',
  modes: [
    { value: 'fast', label: 'Fast' },
    { value: 'balanced', label: 'Balanced' },
    { value: 'best', label: 'Best' },
  ] as const,
  modeTakes: {
    fast: 'A moment, once the network has looked at each photo.',
    balanced: 'Minutes: the last layers of the network learn as well.',
    best: 'Longest: as Balanced, on the most accurate network of this computer.',
  },
  thePlan: 'The plan',
  train: 'Train',
  goToImages: 'Go to Images',
  goToCheck: 'Go to Check',
  openTheSettings: 'Open the settings',
  why: 'Why',
  warnings: 'Warnings',
  whatItWillSee: 'What it will see',
  soFar: (classes: number): string => `${plural(classes, 'class', 'classes')} so far.`,
  theNetworkLayerBy: 'The network, layer by layer',
  ofTrainable: (parameters: number, trainableWeights: string | number, tensors: number): string =>
    `${plural(parameters, 'parameter')}, ${trainableWeights} of ${plural(tensors, 'weight tensor')} trainable`,
  epochs: 'Epochs',
  stepsAnEpoch: 'Steps per epoch',
  batchSize: 'Batch size',
  imageSize: 'Image size',
  learningRate: 'Learning rate',
  optimizer: 'Optimizer',
  seed: 'Seed',
};
