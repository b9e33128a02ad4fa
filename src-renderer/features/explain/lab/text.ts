/** The text of the lab. */

/** The text of convolution-demo.vue. */
export const convolutionDemoText = {
  convolution: 'Convolution',
  convolutionSettings: 'Convolution settings',
  theConvolution: 'the convolution',
  image: 'Image',
  imageToStartFrom: 'Image to start from',
  imageSize: 'Image size',
  filter: 'Filter',
  filterToStartFrom: 'Filter to start from',
  filterSize: 'Filter size',
  stride: 'Stride',
  padding: 'Padding',
  fillTheOutputStep: 'Fill the output step by step',
  clickANumberTo:
    'Click a number to change it; arrows go from cell to cell. With the figure in focus, arrows move the filter and space plays.',
  theLessonsExample: "The lesson's example",
  theFilterSlidesOver:
    'The filter slides over the image; at each position the cells under it are multiplied with its own, and the sum of the products becomes one cell of the output.',
  myOwnNumbers: 'My own numbers',
  imageFilterStridePadding: (
    image: string | number,
    filter: string | number,
    stride: string | number,
    padding: string | number,
    position: string | number,
    count: string | number,
  ): string =>
    `Image ${image} × ${image}, filter ${filter} × ${filter}, stride ${stride}, padding ${padding}, position ${position} of ${count}.`,
  valid: 'valid',
  same: 'same',
};

/** The text of cost-demo.vue. */
export const costDemoText = {
  whatItCosts: 'What it costs',
  theNumbers: 'The numbers',
  theCosts: 'the costs',
  parameters: 'parameters',
  multiplications: 'multiplications',
  parametersOfParameters: (parameters: string | number): string => `${parameters} parameters`,
  multiplicationsOfFilled: (filled: string | number, result: string | number): string =>
    `${filled} = ${result} multiplications`,
  theLessonsNumbers: "The lesson's numbers",
  aDenseLayerPays:
    'A dense layer pays for every pair of input and output once. A convolution pays for its few weights again at every position, and for every input channel.',
  dense: 'Dense',
  imagesOutputsInputs: 'images · outputs · inputs',
  convolution: 'Convolution',
  imagesFiltersOutputHeight:
    'images · filters · output height · output width · (filter height · filter width · input channels)',
  theSameWithInput: (whatIf: string | number): string => `The same with ${whatIf} input channels`,
  aSecondConvolutionGets: 'a second convolution gets the channels of the first',
  inputChannelsInsteadOf: (
    whatIf: string | number,
    channels: string | number,
    times: string | number,
  ): string => `${whatIf} input channels instead of ${channels}: ${times} times as many multiplications.`,
  images: 'Images',
  denseInputs: 'Dense: inputs',
  denseOutputs: 'Dense: outputs',
  filters: 'Filters',
  outputHeightAndWidth: 'Output height and width',
  filterHeightAndWidth: 'Filter height and width',
  inputChannels: 'Input channels',
};

/** The text of examples.ts. */
export const examplesText = {
  theLessonsFilter: "The lesson's filter",
  nineNumbersToFollow: 'Nine numbers to follow by hand.',
  verticalEdgesSobel: 'Vertical edges (Sobel)',
  answersWhereThePicture:
    'Positive where the image turns brighter from left to right, negative where it turns darker.',
  horizontalEdgesSobel: 'Horizontal edges (Sobel)',
  answersWhereThePictureTurns:
    'Positive where the image turns brighter from top to bottom, negative where it turns darker.',
  outlineLaplace: 'Outline (Laplace)',
  answersWhereAPixel: 'Answers where a pixel differs from its four neighbours, in whichever direction.',
  blurMean: 'Blur (mean)',
  eachPixelBecomesThe:
    'Each pixel becomes the mean of itself and its eight neighbours: noise and fine detail go.',
  sharpen: 'Sharpen',
  thePicturePlusIts: 'The picture plus its own outline: edges become steeper.',
  emboss: 'Emboss',
  asIfLightFell: 'As if light fell from the upper left on a relief.',
  identity: 'Identity',
  onlyTheMiddleCounts: 'Only the middle counts: the picture comes out as it went in.',
  theLessonsImage: "The lesson's image",
  twentyFiveNumbersTo: 'Twenty-five numbers to follow by hand.',
  anEdge: 'An edge',
  darkAtTheLeft: 'Dark at the left, bright at the right.',
  aCross: 'A cross',
  oneHorizontalAndOne: 'One horizontal and one vertical line.',
  aDiagonal: 'A diagonal',
  aLineFromCorner: 'A line from corner to corner.',
  digitsWithMaxPooling: 'Digits, with max pooling',
  digitsWithoutMaxPooling: 'Digits, without max pooling',
  catsAndDogsFrom: 'Cats and dogs, from scratch',
};

/** The text of locality-demo.vue. */
export const localityDemoText = {
  localAndGlobal: 'Local and global',
  theShape: 'The shape',
  theComparison: 'the comparison',
  placeOfTheShape: 'Place of the shape',
  rowColumn: (row: string | number, column: string | number, verdict: string | number): string =>
    `Row ${row}, column ${column}. ${verdict}`,
  picture: (side: string | number): string => `Picture ${side} × ${side}`,
  filterWeights: 'Filter: 9 weights',
  responseMap: (map: string | number): string => `Response map ${map} × ${map}`,
  pooled: (pooled: string | number): string => `Pooled ${pooled} × ${pooled}`,
  denseWeightsOnePer: (side: string | number): string => `Dense: ${side} weights, one per pixel`,
  of: (full: string | number): string => `of ${full}`,
  shape: 'Shape',
  cross: 'Cross',
  diagonal: 'Diagonal',
  corner: 'Corner',
  right: 'Right',
  columnOfTheShape: 'Column of the shape',
  down: 'Down',
  rowOfTheShape: 'Row of the shape',
  oneValueOfThe: 'One value of the convolution sees',
  localPixels: '9 of 100 pixels:',
  local: 'local',
  theDenseUnitSees: 'The dense unit sees',
  globalPixels: '100 of 100 pixels:',
  global: 'global',
  withTheFigureIn:
    'With the figure in focus, arrows move the shape. Max pooling makes small moves vanish altogether.',
  aConvolutionFindsIts:
    'A convolution finds its pattern wherever it lies, with the same nine weights: it is local and translation-invariant. A dense unit has one weight for every pixel, and knows the pattern only where it learned it.',
  theShapeLiesWhere: 'The shape lies where the dense unit learned it: both answer in full. Move it.',
  strongest: 'Strongest',
  responseOfTheUnit: 'Response of the unit',
  shapeAtRowColumn: (shape: string | number, row: string | number, column: string | number): string =>
    `Shape: ${shape}, at row ${row}, column ${column}.`,
  moved: (right: number, down: number, convolution: number, dense: number): string =>
    `Moved by ${Math.abs(right)} to the ${right < 0 ? 'left' : 'right'} and ${Math.abs(down)} ${down < 0 ? 'up' : 'down'}: the convolution still answers ${convolution}, at another place; the dense unit answers ${dense}.`,
};

/** The text of photo-filter-demo.vue. */
export const photoFilterDemoText = {
  onAPhoto: 'On a photo',
  photoAndFilter: 'Photo and filter',
  theResponseMap: 'the response map',
  thisPictureCannotBe: 'This photo cannot be shown here. Choose a JPEG, PNG, WebP or GIF file.',
  photoInGrey: 'Photo, in grey',
  responseMap: 'Response map',
  yourOwnFilterChange: 'Your own filter: change its numbers at the right.',
  responsesFromTo: (least: string | number, greatest: string | number): string =>
    `Responses from ${least} to ${greatest}.`,
  photoAsTheNetwork: 'Photo, as the network sees it',
  filterOf: (filter: string | number, layer: string | number): string => `Filter ${filter} of ${layer}`,
  computingTheResponse: 'Computing the response',
  filters: 'Filters',
  layer: 'Layer',
  filter: 'Filter',
  classic: 'Classic',
  ofMyNetwork: 'Of my network',
  theSameFilterOn:
    'The same filter on every place of a photo gives a response map: bright where the photo looks like the filter. A network learns its filters; these were designed by people.',
  theSameFilterOnEvery:
    'The same filter on every place of a photo gives a response map: bright where the photo looks like the filter. These filters were learned from examples.',
  myOwnFilter: 'My own filter',
  noTrainedNetworkYet: 'No trained network yet: train one, then its own filters can be tried here.',
  openingTheNetwork: 'Opening the network …',
  thisNetworkHasNo: 'This network has no convolutions.',
  thisFilterFindsNothing: 'This filter finds nothing in this photo: its response is the same everywhere.',
  theFiltersNumbersAre: (kernel: string | number): string =>
    `The filter's numbers are added up over its ${kernel} input channels; the response comes from all of them.`,
  responseMapOfTitle: (title: string | number): string => `Response map, ${title}`,
  drawnByLenslet: 'drawn by Lenslet',
  movedByPixels: (shift: string | number): string => `, moved by ${shift} pixels`,
  filterPhoto: (
    title: string | number,
    numbers: string | number,
    photo: string | number,
    moved: string | number,
  ): string => `Filter ${title}: ${numbers}. Photo: ${photo}${moved}.`,
  responseMapOfLayer: (layer: string | number, channel: string | number): string =>
    `Response map, ${layer} ${channel}`,
  networkLayerFilterPhoto: (
    overview: string | number,
    layer: string | number,
    channel: string | number,
    photo: string | number,
  ): string => `Network: ${overview}, layer ${layer}, filter ${channel}. Photo: ${photo}.`,
};

/** The text of pooling-demo.vue. */
export const poolingDemoText = {
  pooling: 'Pooling',
  poolingSettings: 'Pooling settings',
  thePooling: 'the pooling',
  inputSize: 'Input size',
  window: 'Window',
  stride: 'Stride',
  fillTheOutputsStep: 'Fill the outputs step by step',
  maxPoolingIsThe:
    'Max pooling is the usual choice between convolutions: the strongest answer of a filter survives undiluted. An average lets a strong answer drown among weak ones.',
  theLessonsExample: "The lesson's example",
  poolingMakesThePicture:
    'Pooling makes the picture smaller: each window leaves one number, its largest or its mean. What matters is that something was found, not exactly where.',
  inputWindowStridePosition: (
    image: string | number,
    size: string | number,
    stride: string | number,
    position: string | number,
    count: string | number,
  ): string =>
    `Input ${image} × ${image}, window ${size} × ${size}, stride ${stride}, position ${position} of ${count}.`,
};

/** The text of receptive-field-demo.vue. */
export const receptiveFieldDemoText = {
  receptiveField: 'Receptive field',
  layersOfTheStack: 'Layers of the stack',
  theReceptiveField: 'the receptive field',
  addALayerAt: 'Add a layer at the right.',
  oneValueOfLayer: (layer: string | number): string => `One value of layer ${layer} sees`,
  ofTheInputPixels: (side: string | number, share: string | number): string =>
    `of the ${side} × ${side} input pixels, ${share} of the picture.`,
  layerNoLongerFits: (fitting: string | number): string =>
    `Layer ${fitting} no longer fits: nothing is left of the picture. Make the input larger, or take a layer away.`,
  valuesEachSeeingPixels: (field: string | number): string =>
    `values, each seeing ${field} × ${field} pixels`,
  denseOnThem: (denseUnits: string | number, values: string | number): string =>
    `Dense(${denseUnits}) on them: ${values} · ${denseUnits} + ${denseUnits} =`,
  parameters: 'parameters',
  stack: 'Stack',
  myOwnStack: 'My own stack',
  stackToStartFrom: 'Stack to start from',
  inputSize: 'Input size',
  byLayer: 'by layer',
  conv: (filters: string | number): string => `Conv ${filters}`,
  maxpool: 'MaxPool',
  doesNotFit: 'does not fit',
  sees: (field: string | number): string => `sees ${field}×${field}`,
  takeLayerAway: (i: string | number): string => `Take layer ${i} away`,
  convolution: 'Convolution',
  pooling: 'Pooling',
  clickAnyCellOf:
    'Click any cell of a feature map. With the figure in focus, arrows move the value, Page Up and Page Down change the layer.',
  oneValueOfA:
    'One value of a deep layer depends on a square of the input, its receptive field. Each convolution widens it a little, each pooling doubles what the next one adds.',
  withoutMaxPooling: 'Without max pooling',
  withMaxPooling: 'With max pooling',
  oneValueOfThe: (field: string | number, side: string | number): string =>
    `One value of the layer marked sees ${field} × ${field} of the ${side} × ${side} input pixels.`,
  convOfFilters: (filters: string | number, size: string | number): string =>
    `Conv ${filters} ${size}×${size}`,
  layers: (value: string | number): string => `Layers: ${value}.`,
  maxPool: (size: number): string => `MaxPool ${size}×${size}`,
};

/** The text of screen.vue. */
export const screenText = {
  demonstrations: 'Demonstrations',
  convolution: 'Convolution',
  pooling: 'Pooling',
  onAPhoto: 'On a photo',
  localAndGlobal: 'Local and global',
  receptiveField: 'Receptive field',
  whatItCosts: 'What it costs',
  lab: 'Lab',
  nextDemonstration: 'Next demonstration',
  previousDemonstration: 'Previous demonstration',
  stepThroughPositionsFigure: 'Step through positions (figure in focus)',
  playOrPauseFigure: 'Play or pause (figure in focus)',
};

/** The text of size-formula.ts. */
export const sizeFormulaText = {
  theWindowOfIs: (window: string | number, input: string | number): string =>
    `The window of ${window} is larger than the image of ${input}: there is no position for it. Make the image larger, the window smaller, or the padding “same”.`,
  theLastRowAnd: 'the last row and column are',
  theLastRowsAnd: (leftOver: string | number): string => `the last ${leftOver} rows and columns are`,
  strideDoesNotFit: (cells: string, smaller: number, larger: number): string =>
    `The stride does not fit: ${cells} never reached. An image of ${smaller} or ${larger}, or another stride, would fit.`,
};

/** The text of use-classic-filter.ts. */
export const classicFilterText = {
  maxPooled: 'Max pooled',
  pooledTimes: (times: string | number): string => `Pooled ${times} times`,
};
