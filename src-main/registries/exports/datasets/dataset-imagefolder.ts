import { type DatasetFormat, labelsText } from './dataset-format.ts';

/** The folders that Hugging Face's datasets read, with a card. */
export const datasetImagefolder: DatasetFormat = {
  id: 'dataset-imagefolder',
  label: 'Hugging Face imagefolder',
  purpose:
    'For Hugging Face: folders that its datasets library reads, with a card that says which split is where.',
  folder: (split, classFolder) => `data/${split}/${classFolder}`,
  texts: (dataset) => ({ 'labels.txt': labelsText(dataset) }),
  frontMatter: `---
task_categories:
  - image-classification
---

`,
  usage: `\`\`\`python
datasets.load_dataset("imagefolder", data_dir="data")
\`\`\``,
};
