/** The text of the Patterns tab. */
import { plural } from '../../../shared/text/format.ts';

/** The text of chosen-pattern.vue. */
export const chosenPatternText = {
  thePatternChosen: 'The pattern chosen',
  patternOfFilter: (filter: string | number): string => `Pattern of filter ${filter}`,
  filter: (filter: string | number): string => `Filter ${filter}`,
  nothingExcitesItIts: 'Nothing activates it: its gradient stayed 0, so only the noise is left.',
  computing: 'Computing',
  computeAtPixels: (largeSize: string | number): string => `Compute at ${largeSize} pixels`,
  thePatternOfFilter: (filter: string | number): string => `the pattern of filter ${filter}`,
  chooseAPatternTo: 'Choose a pattern to see it large.',
  meanActivation: (value: string): string => `Mean activation at the end: ${value}.`,
};

/** The text of pattern-controls.vue. */
export const patternControlsText = {
  layer: 'Layer',
  filters: 'Filters',
  stepSize: 'Step size',
  extras: 'Extras',
  notInTheLesson: 'Not in the lesson: they make smoother pictures.',
  blurPixels: 'Blur, pixels',
  blur: 'Blur',
  theLessons: "The lesson's",
  filtersOfFilters: (filters: number): string => plural(filters, 'filter'),
  to: (i: string | number, filters: string | number): string => `${i} to ${filters}`,
  sizeInPixels: 'Size in pixels',
  steps: 'Steps',
  seed: 'Seed',
  jitterPixels: 'Jitter, pixels',
  octaves: 'Octaves',
};

/** The text of screen.vue. */
export const screenText = {
  noNetworkYet: 'No network to explain yet',
  patternsShowWhatThe: 'Patterns show what the filters of a trained network look for.',
  filterPatterns: 'Filter patterns',
  patternSettings: 'Pattern settings',
  thePatternsOf: (layer: string | number): string => `the patterns of ${layer}`,
  thisNetworkHasNo: 'This network has no convolutions, so it has no filters that a picture could show.',
  computingPatterns: 'Computing patterns',
  ofPixelsAllFilters: (
    filters: number,
    layer: string | number,
    size: string | number,
    steps: number,
  ): string =>
    `${plural(filters, 'filter')} of ${layer}, ${size} × ${size} pixels, ${plural(steps, 'step')}. All filters are computed together; it takes some seconds.`,
  showThePatterns: 'Show the patterns',
  filtersToOf: (
    layer: string | number,
    filter: string | number,
    value: string | number,
    total: string | number,
  ): string => `${layer}, filters ${filter} to ${value} of ${total}`,
  keptFromAnEarlier: 'computed earlier',
  stepsPixels: (steps: string | number, size: string | number, value: string | number): string =>
    `${steps} steps, ${size} pixels, ${value}.`,
  answeredToNothingOnly: (filters: number): string =>
    `${plural(filters, 'filter')} responded to nothing: only the noise is left.`,
  patternsOf: (layer: string | number): string => `Patterns of ${layer}`,
  greyNoiseIsChanged:
    'Grey noise is changed step by step until one filter answers strongly: what comes out is what it looks for. Edges and colours first, textures deeper down.',
  silent: ', silent',
  filter: (filter: string | number, value: string | number): string => `Filter ${filter}${value}`,
};

/** The text of use-patterns.ts. */
export const patternsText = {
  ofAreThere: (patterns: number, layer: string | number): string =>
    `${plural(patterns, 'pattern')} of ${layer} computed.`,
};
