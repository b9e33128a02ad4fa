/** What the tabs of Explain share: photos that can be chosen, and their text. */
import type { ExplainPhoto } from '../../../src-main/contract/app/index.ts';

/** A photo to explain. */
export interface PhotoChoice {
  /** For the services; null while no project is open. */
  readonly photo: ExplainPhoto | null;
  readonly name: string;
  /** Where the page finds it; empty when it cannot show it. */
  readonly address: string;
  /** Its number in the dataset, or null. */
  readonly image: number | null;
}

/** 1,234,567 → 1.2 M, for labels with little room. */
export function short(value: number): string {
  const units = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  for (const [size, unit] of units) {
    if (value >= size) return `${(value / size).toFixed(value / size >= 10 ? 0 : 1)} ${unit}`;
  }
  return String(value);
}

/** 0.0421 ms → `0.04 ms`, 12.3 ms → `12 ms` */
export function milliseconds(value: number): string {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(2)} ms`;
}

/** The text of dataset-photos.ts. */
export const datasetPhotosText = {
  image: (image: string | number): string => `image ${image}`,
};

/** The text of needs-model.vue. */
export const needsModelText = {
  openAProjectWith: (text: string | number): string =>
    `${text} Open a project with a trained network first; the Lab works without.`,
  goToStart: 'Go to Start',
  toTheLab: 'To the Lab',
  trainANetworkOr: (text: string | number): string =>
    `${text} Train a network, or choose one above; the Lab works without.`,
  goToTrain: 'Go to Train',
};

/** The text of camera-capture.vue. */
export const cameraCaptureText = {
  takeThePicture: 'Take the picture',
  close: 'Close',
};

/** The text of export-buttons.vue. */
export const exportButtonsText = {
  saveAsPng: (name: string | number): string => `Save ${name} as PNG`,
  png: 'PNG',
  saveAsSvg: (name: string | number): string => `Save ${name} as SVG`,
  svg: 'SVG',
};

/** The text of model-chooser.vue. */
export const modelChooserText = {
  epochOfTheRun: 'Epoch of the run',
  chooseANetwork: 'Choose a network',
  networkToExplain: 'Network to explain',
  explainAModelFile: 'Explain a model file: model.json with its weights, .h5 or .keras',
  modelFile: 'Model file',
  asItIsNow: 'as it is now',
  afterEpoch: (value: string | number): string => `after epoch ${value}`,
};

/** The text of photo-chooser.vue. */
export const photoChooserText = {
  showOtherPhotosOf: 'Show other photos of the dataset',
  otherPhotos: 'Other photos',
  aDrawnLandscape: 'A drawn landscape',
  dropAPhotoAnywhere: 'Drop a photo anywhere here',
  photosOfTheDataset: 'Photos of the dataset',
  aFile: 'A file',
  camera: 'Camera',
  photo: 'Photo',
};

/** The text of save-links.vue. */
export const saveLinksText = {
  saveAs: (name: string | number, label: string | number): string => `Save ${name} as ${label}`,
  png: 'PNG',
  svg: 'SVG',
};

/** The text of sheet-export.vue. */
export const sheetExportText = {
  oneOfThePictures: 'One of the photos is no longer available: show them again first.',
};

/** The text of screen.vue. */
export const screenText = {
  explain: 'Explain',
  waysToExplain: 'Ways to explain a network',
  lab: 'Lab',
  network: 'Network',
  activations: 'Activations',
  patterns: 'Patterns',
  heatmap: 'Heatmap',
};
