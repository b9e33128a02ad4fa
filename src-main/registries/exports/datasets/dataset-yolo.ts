import { type DatasetFormat, labelsText } from './dataset-format.ts';

/** The folders that Ultralytics' classifiers are trained on. */
export const datasetYolo: DatasetFormat = {
  id: 'dataset-yolo',
  label: 'YOLO classify',
  purpose: 'For Ultralytics YOLO in its classify mode: train, val and test, in each a folder for each class.',
  folder: (split, classFolder) => `${split === 'validation' ? 'val' : split}/${classFolder}`,
  texts: (dataset) => ({ 'labels.txt': labelsText(dataset) }),
  usage: `\`\`\`sh
yolo classify train data=. model=yolo11n-cls.pt
\`\`\``,
};
