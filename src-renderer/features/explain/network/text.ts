/** The text of the Network tab. */
import { plural } from '../../../shared/text/format.ts';

/** The text of field-picture.vue. */
export const fieldPictureText = {
  unitWhoseReceptiveField: 'Unit whose receptive field is shown',
  rowColumnOf: (
    row: string | number,
    column: string | number,
    rows: string | number,
    columns: string | number,
  ): string => `Row ${row}, column ${column} of ${rows} × ${columns}`,
  clickOrUseThe: (sentence: string | number): string => `${sentence} Click or use the arrows.`,
  unitOfSeesPixels: (
    row: string | number,
    column: string | number,
    rows: string | number,
    columns: string | number,
    width: string | number,
    height: string | number,
  ): string => `Unit ${row}, ${column} of ${rows} × ${columns} sees ${width} × ${height} pixels.`,
};

/** The text of layer-cost.vue. */
export const layerCostText = {
  whatTheLayerCosts: 'What the layer costs',
  multiplications: 'Multiplications',
  forOneImage: 'for one image',
  parameters: 'Parameters',
  images: 'Images',
  whatIfInputChannels: 'What if input channels',
  times: (value: string | number): string => `${value} times`,
  asMany: 'as many',
  timesForOneImage: (multiplications: string | number): string => `${multiplications} times for one image`,
  thisLayerMultiplies: (value: string | number): string => `This layer multiplies ${value}.`,
  nothing: 'nothing',
};

/** The text of layer-details.vue. */
export const layerDetailsText = {
  receptiveField: 'Receptive field',
  receptiveFieldOnThe: 'Receptive field on the input',
  theReceptiveField: 'the receptive field',
  eachOfItsValues: 'Each of its values sees the whole picture.',
  receptiveFieldOf: (layer: string | number): string => `Receptive field of ${layer}`,
  whatOneUnitOf: 'What one unit of a layer sees of the picture.',
  networkLayer: (network: string | number, layer: string | number, sentence: string | number): string =>
    `Network: ${network}, layer ${layer}. ${sentence}`,
  trainable: 'trainable',
  frozen: 'frozen',
};

/** The text of map-legend.vue. */
export const mapLegendText = {
  hatchedFrozen: 'hatched: frozen',
  convolution: 'convolution',
  dense: 'dense',
  pooling: 'pooling',
};

/** The text of network-drawing.vue. */
export const networkDrawingText = {
  layerOfTheNetwork: 'Layer of the network',
  outputParameters: (
    layer: string | number,
    type: string | number,
    outputShape: string | number,
    params: string | number,
  ): string => `${layer}, ${type}, output ${outputShape}, ${params} parameters`,
};

/** The text of use-network-map.ts. */
export const networkMapText = {
  filtersOutputHeightOutput:
    'filters · output height · output width · (filter height · filter width · input channels)',
  outputsInputs: 'outputs · inputs',
  trainableOf: (trainableWeights: string | number): string => `${trainableWeights} of `,
  parametersOfThemTrainable: (
    layers: number,
    params: string | number,
    trainableParams: string | number,
    value: string | number,
    tensors: number,
  ): string =>
    `${plural(layers, 'layer')}, ${params} parameters, ${trainableParams} of them trainable in ${value}${plural(tensors, 'weight tensor')}.`,
};

/** The text of network-table.vue. */
export const networkTableText = {
  layer: 'Layer',
  type: 'Type',
  outputShape: 'Output shape',
  parameters: 'Parameters',
  sees: 'Sees',
  multiplications: 'Multiplications',
  theory: 'theory',
  time: 'Time',
  practice: 'practice',
  frozen: 'frozen',
  total: 'Total',
  all: 'all',
};

/** The text of screen.vue. */
export const screenText = {
  nothingToMapYet: 'Nothing to map yet',
  trainANetworkOr: 'Train a network, or open a model file.',
  network: 'Network',
  theLayerChosen: 'The layer chosen',
  theNetworkMap: 'the network map',
  saveTheLayerTable: 'Save the layer table as CSV',
  csv: 'CSV',
  layers: 'Layers',
  trainItToMeasure: 'Train it to measure how long its layers take.',
  howLongDoesEach: 'How long does each layer take on this machine?',
  measuring: 'Measuring',
  measureAgain: 'Measure again',
  measure: 'Measure',
  names: 'Names in the table',
  namesOwn: 'Lenslet',
  namesKeras: 'Keras',
  namesLecture: 'Lecture',
  mapOf: 'Map of',
  myNetwork: 'My network',
  aRecipe: 'A recipe',
  recipe: 'Recipe',
  eachBlockIsThe:
    'Each block is the output of a layer: its height is the side of the map, its width the channels. Theory counts multiplications; practice is measured here.',
  networkOfName: (name: string | number): string => `Network ${name}`,
  layersCsv: (name: string | number): string => `${name} layers.csv`,
  outputShape: 'output shape',
};

/** The text of use-layer-times.ts. */
export const layerTimesText = {
  onForOneImage: (
    engineName: string | number,
    deviceName: string | number,
    alone: string | number,
    wholeMilliseconds: string | number,
  ): string =>
    `${engineName} on ${deviceName}: ${alone} for one image layer by layer, ${wholeMilliseconds} in one go.`,
};
