/** The text of the Activations tab. */
import { plural } from '../../../shared/text/format.ts';

/** The text of activation-row.vue. */
export const activationRowText = {
  theActivationsOf: (layer: string | number): string => `the activations of ${layer}`,
  blankZeros: (title: string | number, blank: string | number, zeros: string | number): string =>
    `${title}: ${blank} blank, ${zeros} zeros`,
  channelsOf: (layer: string | number): string => `Channels of ${layer}`,
  blank: ', blank',
  channel: (place: string | number, value: string | number): string => `Channel ${place}${value}`,
  blankZerosOfChannels: (
    channels: number,
    value: string | number,
    blank: string | number,
    zeros: string | number,
  ): string => `${plural(channels, 'channel')}, ${value} blank (${blank}), ${zeros} zeros`,
  none: 'none',
};

/** The text of channel-panel.vue. */
export const channelPanelText = {
  channel: (channel: string | number): string => `Channel ${channel}`,
  photo: 'photo',
  strengthOfTheMap: 'Strength of the map over the photo',
  map: 'map',
  channelOfChannel: (channel: string | number): string => `channel ${channel}`,
  closeTheChannel: 'Close the channel',
  thePhotoAsThe: 'The photo, as the network sees it',
  theActivationOfThe: 'The activation of the channel',
  theSameEverywhereThis: 'The same everywhere: this channel finds nothing here.',
  fromToMean: (least: string | number, greatest: string | number, mean: string | number): string =>
    `From ${least} to ${greatest}, mean ${mean}.`,
  sparsity: 'Sparsity',
  thePhotosOfThe: 'The photos of the dataset that activate it most',
  theStrongestPhotos: 'the strongest photos',
  searchingThePhotos: 'Searching the photos',
  photoStrengthLookAt: (image: string | number, item: string | number): string =>
    `Photo ${image}, strength ${item}: explain this one`,
  noneOfThemExcites: 'None of them activates it at all.',
  framedWhatTheStrongest: (looked: string | number, total: string | number): string =>
    `Framed: what the strongest unit sees. ${looked} of ${total} photos were searched.`,
  whatTheyHaveIn: 'What they have in common is what the channel looks for.',
  findThem: 'Find them',
  photoOfImage: (image: string | number): string => `photo ${image}`,
  strongestPhotosOf: (layer: string | number, channel: string | number): string =>
    `Strongest photos of ${layer} ${channel}`,
  thePhotosOfTheDataset:
    'The photos of the dataset that activate this channel most, strongest first; framed is what the strongest unit sees.',
  networkLayerChannelOf: (
    network: string | number,
    layer: string | number,
    channel: string | number,
    looked: string | number,
    total: string | number,
  ): string =>
    `Network: ${network}, layer ${layer}, channel ${channel}. ${looked} of ${total} photos were searched.`,
};

/** The text of screen.vue. */
export const screenText = {
  noNetworkYet: 'No network to explain yet',
  activationsShowWhatEach: 'Activations show what each layer of a trained network answers for a photo.',
  explainThisPhoto: 'Explain this photo',
  activations: 'Activations',
  photo: 'Photo',
  allActivations: 'all activations',
  computingActivations: 'Computing activations',
  chooseAPhotoAt: 'Choose a photo at the right, or drop one anywhere here.',
  prediction: 'Prediction',
  theNetworkSays: 'Prediction',
  compareWith: 'Compare with',
  noEpochOfThis:
    'No epoch of this run was kept to compare with. The 1st, 2nd, 5th, 10th, 20th … are, of networks of up to 16 million parameters.',
  secondPhoto: 'Second photo',
  afterEpoch: (value: string | number): string => `after epoch ${value}`,
  epochToCompareWith: 'Epoch to compare with',
  afterTheActivationFunction: 'After the activation function',
  eachTileIsOne:
    'Each tile is one channel: where in the photo its filter found what it looks for. Early layers keep the picture; deep ones keep what is in it, and stay empty where they find nothing.',
  activationsOfAreThere: (layers: number): string => `Activations of ${plural(layers, 'layer')} computed.`,
};

/** The text of use-activations.ts. */
export const activationsText = {
  nothing: 'Nothing',
  aPhoto: 'A photo',
  anEpoch: 'An epoch',
  asItIsNow: 'As it is now',
  afterEpoch: (epoch: string | number): string => `After epoch ${epoch}`,
};
