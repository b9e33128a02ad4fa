import { csvRow } from '../../../contract/shared/csv.ts';
import { type DatasetFormat, labelsText } from './dataset-format.ts';

/** One table, the photos beside it. */
export const datasetCsv: DatasetFormat = {
  id: 'dataset-csv',
  label: 'CSV table',
  purpose: 'For spreadsheets, pandas and R: one table with path, class, split and size of each photo.',
  folder: () => 'photos',
  texts: (dataset) => ({
    'labels.txt': labelsText(dataset),
    'photos.csv':
      csvRow(['path', 'class', 'split', 'width', 'height', 'sha256']) +
      dataset.photos
        .map(({ path, label, split, width, height, hash }) =>
          csvRow([path, dataset.classes[label], split, width, height, hash]),
        )
        .join(''),
  }),
  usage: `\`\`\`python
pandas.read_csv("photos.csv")
\`\`\``,
};
