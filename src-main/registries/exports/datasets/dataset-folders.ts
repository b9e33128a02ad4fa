import { type DatasetFormat, labelsText } from './dataset-format.ts';

/** Folders of splits with a folder for each class. */
export const datasetFolders: DatasetFormat = {
  id: 'dataset-folders',
  label: 'Folders',
  purpose:
    'For Keras, PyTorch and most others, and for Lenslet again: a folder for each split, in it one for each class.',
  folder: (split, classFolder) => `${split}/${classFolder}`,
  texts: (dataset) => ({ 'labels.txt': labelsText(dataset) }),
  usage: `\`\`\`python
keras.utils.image_dataset_from_directory("train")    # Keras
torchvision.datasets.ImageFolder("train")            # PyTorch
\`\`\``,
};
