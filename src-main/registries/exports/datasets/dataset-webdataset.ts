import { type DatasetFormat, labelsText } from './dataset-format.ts';

/** Archives of a thousand photos, to be read as a stream. */
export const datasetWebdataset: DatasetFormat = {
  id: 'dataset-webdataset',
  label: 'WebDataset',
  purpose: 'For training from a stream, also from other machines: tar archives of a thousand photos each.',
  folder: (split) => split,
  perArchive: 1000,
  texts: (dataset) => ({ 'labels.txt': labelsText(dataset) }),
  usage: `Each photo is three files of one name: the photo itself, \`.cls\` (the number of its class, counted from 0 in
\`labels.txt\`) and \`.json\` (class, path of the original, SHA-256).

\`\`\`python
webdataset.WebDataset("train-000000.tar").decode("pil").to_tuple("jpg;jpeg;png;webp", "cls")
\`\`\``,
};
