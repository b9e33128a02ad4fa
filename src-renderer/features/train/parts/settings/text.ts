/** The text of the settings of a training. */
import { plural } from '../../../../shared/text/format.ts';

/** The text of augmentation-setting.vue. */
export const augmentationSettingText = {
  augmentation: 'Augmentation',
  editInAugment: 'Edit in Augment',
  off: 'Off',
  fromAugment: 'From Augment',
  recipesOwn: 'Recipe’s own',
};

/** The text of backbone-setting.vue. */
export const backboneSettingText = {
  noneOnThisMachine: 'None on this machine',
  backbone: 'Backbone',
  getWeightsNotHere: (networks: number): string => `Get weights: ${plural(networks, 'network')} not here yet`,
  weightsOnThisMachine: 'Weights on this machine',
  millionParameters: (parameters: string | number): string => `${parameters} million parameters`,
  cannotBeUsedSee: 'Cannot be used: see Weights on this machine',
  toGet: (bytes: string | number): string => `, ${bytes} to get`,
  notOnThisMachine: (load: string | number): string => `Not on this machine${load}`,
};

/** The text of layer-setting.vue. */
export const layerSettingText = {
  findALayer: 'Find a layer',
  trainFromLayer: 'Train from layer',
  ofWithWeightsWill: (layers: number, inside: string | number): string =>
    `${plural(layers, 'layer')} of ${inside} with weights will be trained.`,
  chosen: (name: string | number): string => `Chosen: ${name}`,
  chosenForYou: 'Chosen for you',
};

/** The text of setting-row.vue. */
export const settingRowText = {
  backToWhatIs: (label: string | number): string => `${label}: back to what is recommended`,
  backToWhatIsRecommended: 'Back to what is recommended',
  isUsed: (problem: string | number, value: string | number): string => `${problem} ${value} is used.`,
  recommended: (recommendedWords: string | number): string => `Recommended: ${recommendedWords}.`,
  whatTheRecipeTakes: 'what the recipe takes',
};

/** The text of settings-form.vue. */
export const settingsFormText = {
  recipe: 'Recipe',
  fromYourPhotosAnd: (label: string | number): string => `${label}, from your photos and this machine.`,
  allAsRecommended: 'All as recommended',
  changed: (changes: string | number): string => `${changes} changed`,
  findALearningRate: 'Find a learning rate',
  find: 'Find',
  chosenForYou: 'Chosen for you',
};
