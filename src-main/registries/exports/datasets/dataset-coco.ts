import { type Split } from '../../../contract/shared/vocabulary.ts';
import { type DatasetFormat, type OutgoingDataset, labelsText } from './dataset-format.ts';

/** The annotations of one split: each photo is one box around all of it. */
function annotations({ name, classes, photos }: OutgoingDataset, wanted: Split): string {
  const chosen = photos
    .map((photo, index) => ({ ...photo, id: index + 1 }))
    .filter(({ split }) => split === wanted);
  return JSON.stringify({
    info: { description: `${name}, ${wanted}` },
    licenses: [],
    images: chosen.map(({ id, path, width, height }) => ({ id, file_name: path, width, height })),
    annotations: chosen.map(({ id, label, width, height }) => ({
      id,
      image_id: id,
      category_id: label + 1,
      bbox: [0, 0, width, height],
      area: width * height,
      iscrowd: 0,
    })),
    categories: classes.map((of, index) => ({ id: index + 1, name: of, supercategory: '' })),
  });
}

/** COCO annotations, one file for each split. */
export const datasetCoco: DatasetFormat = {
  id: 'dataset-coco',
  label: 'COCO',
  purpose:
    'For labelling tools and object detectors: JSON in the form of COCO, each photo with one box around all of it.',
  folder: () => 'photos',
  texts: (dataset) => ({
    'labels.txt': labelsText(dataset),
    ...Object.fromEntries(
      [...new Set(dataset.photos.map(({ split }) => split))].map((split) => [
        `annotations/${split}.json`,
        annotations(dataset, split),
      ]),
    ),
  }),
  usage: `\`\`\`python
pycocotools.coco.COCO("annotations/train.json")    # file_name begins at this folder
\`\`\``,
};
