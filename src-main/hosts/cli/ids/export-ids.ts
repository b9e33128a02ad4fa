/** What `--help` lists. Written out, as `recipe-ids.ts` is; a test compares them with the formats. */
export const exportIds: readonly string[] = [
  'onnx',
  'tfjs-page',
  'node',
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
