/** What `--help` lists. Written out, as `recipe-ids.ts` is; a test compares them with the formats. */
export const exportIds: readonly string[] = [
  'onnx',
  'tfjs-page',
  'litert',
  'litert-float16',
  'litert-int8',
  'node',
  'container',
  'saved-model',
  'keras',
  'keras-h5',
  'dataset-folders',
  'dataset-csv',
  'dataset-coco',
  'dataset-webdataset',
  'dataset-imagefolder',
  'dataset-yolo',
];

/** Precisions of formats that come in several: all but the first are in the format's id, as in `litert-float16`. */
export const exportPrecisions = ['float32', 'float16', 'int8'] as const;
