/** The text of the Heatmap tab. */
import { plural } from '../../../shared/text/format.ts';

/** The text of evidence-chart.vue. */
export const evidenceChartText = {
  curve: (title: string | number): string => `${title} curve`,
  saveTheCurveAs: (kind: string | number): string => `Save the ${kind} curve as PNG`,
  saveAsPng: 'Save as PNG',
  saveTheValuesAs: (kind: string | number): string => `Save the ${kind} values as CSV`,
  saveAsCsv: 'Save as CSV',
  areaUnderTheCurve: (area: string | number, randomArea: string | number): string =>
    `Area under the curve ${area}, in random order ${randomArea}`,
  deletion: 'Deletion',
  insertion: 'Insertion',
  byTheHeatmapArea: (area: string | number): string => `By the heatmap, area ${area}`,
  inRandomOrderArea: (randomArea: string | number): string => `In random order, area ${randomArea}`,
  pixelsDeleted: 'Pixels deleted',
  pixelsInserted: 'Pixels inserted',
  probabilityOf: (label: string | number): string => `Probability of ${label}`,
  curvePng: (kind: string | number): string => `${kind} curve.png`,
  curveCsv: (kind: string | number): string => `${kind} curve.csv`,
  byTheHeatmap: 'by the heatmap',
  inRandomOrder: 'in random order',
};

/** The text of heatmap-checks.vue. */
export const heatmapChecksText = {
  doesItDependOn: 'Does it depend on what was learned?',
  randomisedWeights: 'Randomised weights',
  theHeatmapsUnderShuffled: 'the heatmaps under shuffled weights',
  theWeightsAreShuffled:
    'The weights are shuffled, layer by layer from the last to the first. The map should fall apart with them.',
  shufflingWeights: 'Shuffling weights',
  heatmapWithAndAll: (downTo: string | number): string => `Heatmap with ${downTo} and all after it shuffled`,
  heatmapOfTheTrained: 'Heatmap of the trained network',
  shuffleTheWeights: 'Shuffle the weights',
  doesItPointAt: 'Does it point at what matters?',
  thePixelsThatThe:
    'The pixels that the map marks are taken away, or given back, in its order; the probability should follow faster than in a random order.',
  deletingAndInsertingPixels: 'Deleting and inserting pixels',
  deleteAndInsertPixels: 'Delete and insert pixels',
  asTrained: 'As trained',
  downTo: (downTo: string | number): string => `down to ${downTo}`,
  nothingShuffled: 'nothing shuffled',
  emptyMap: 'empty map',
  similarity: (similarity: string | number): string => `similarity ${similarity}`,
  layer: (layer: string | number): string => `, layer ${layer}`,
  heatmapUnderShuffledWeights: 'Heatmap under shuffled weights',
  networkPhotoClass: (
    network: string | number,
    photo: string | number,
    method: string | number,
    where: string | number,
    label: string | number,
  ): string => `Network: ${network}. Photo: ${photo}. ${method}${where}, class ${label}.`,
};

/** The text of heatmap-grid.vue. */
export const heatmapGridText = {
  split: 'Split',
  whichPhotos: 'Which photos',
  rightAndWrong: 'Right and wrong',
  mistakesOnly: 'Mistakes only',
  evidenceFor: 'Evidence for',
  forWhatItSaid: 'Predicted class',
  forTheTruth: 'True class',
  showHeatmaps: 'Show heatmaps',
  theHeatmaps: 'the heatmaps',
  computingHeatmaps: 'Computing heatmaps',
  heatmaps: 'Heatmaps',
  is: (trueLabel: string | number): string => `is ${trueLabel}`,
  noLabel: 'no label',
  heatmapOfImageLook: (image: string | number, label: string | number, value: string | number): string =>
    `Heatmap of image ${image}: ${label}, ${value}. Show it alone`,
  heatmapsOfHeatmaps: (heatmaps: number): string => plural(heatmaps, 'heatmap'),
  emptyMap: ' (empty map)',
  whatTheNetworkSaid: 'what the network said',
  theTruth: 'the truth',
  gradCam: 'Grad-CAM',
  gradCamPlusPlus: 'Grad-CAM++',
  heatmapsOfMistakes: 'Heatmaps of mistakes',
  warmWhereAPhoto: (evidence: string | number, sentence: string | number): string =>
    `Warm where a photo holds what speaks for ${evidence}. ${sentence}`,
  networkLayerSplitColours: (
    network: string | number,
    words: string | number,
    layer: string | number,
    splitWord: string | number,
    colours: string | number,
    intensity: string | number,
  ): string =>
    `Network: ${network}. ${words}, layer ${layer}, split ${splitWord}, colours ${colours}, intensity ${intensity}.`,
  photos: (photos: number): string => plural(photos, 'photo'),
  noMistakeIn: (photos: number): string => `No mistake in ${plural(photos, 'photo')}.`,
  inTheSurestFirst: (mistakes: number, photos: number): string =>
    `${plural(mistakes, 'mistake')} in ${plural(photos, 'photo')}, most certain first.`,
};

/** The text of screen.vue. */
export const screenText = {
  noNetworkYet: 'No network to explain yet',
  aHeatmapShowsWhere: 'A heatmap shows where in a photo a trained network found what it says.',
  explainThisPhoto: 'Explain this photo',
  classActivationHeatmap: 'Class activation heatmap',
  photoAndHeatmapSettings: 'Photo and heatmap settings',
  theHeatmap: 'the heatmap',
  view: 'View',
  onePhoto: 'One photo',
  manyPhotos: 'Many photos',
  canItBeTrusted: 'Can it be trusted?',
  thisNetworkHasNo:
    'This network has no convolution whose output could be drawn as a map. Occlusion works with any network.',
  computingTheHeatmap: 'Computing the heatmap',
  chooseAPhotoAt: 'Choose a photo at the right, or drop one anywhere here.',
  heatmapFor: (label: string | number): string => `Heatmap for ${label}`,
  evidenceFor: 'Evidence for',
  anotherClass: 'Another class',
  values: (layer: string | number, rows: string | number, columns: string | number): string =>
    `${layer}, ${rows} × ${columns} values.`,
  chooseAPhotoAtThe: 'Choose a photo at the right first.',
  method: 'Method',
  layer: 'Layer',
  manyPhotosAreShown: 'Many photos are shown with Grad-CAM.',
  colours: 'Colours',
  jet: 'Jet',
  viridis: 'Viridis',
  inferno: 'Inferno',
  grey: 'Grey',
  intensity: 'Intensity',
  intensityOfTheHeatmap: 'Intensity of the heatmap',
  warmWhereThePhoto:
    'Warm where the photo holds what speaks for the class, cold where it holds nothing: the channels of a convolution, each weighted with how much it raises the score.',
  gradCam: 'Grad-CAM',
  gradCamPlusPlus: 'Grad-CAM++',
  occlusion: 'Occlusion',
  automatic: (heatmapLayer: string | number): string => `Automatic: ${heatmapLayer}`,
  heatmapForOfLabel: (
    label: string | number,
    probability: string | number,
    sentence: string | number,
  ): string => `Heatmap for ${label}, ${probability}. ${sentence}`,
};
