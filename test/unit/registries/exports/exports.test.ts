import { expect, it } from 'vitest';
import type { Split } from '../../../../src-main/contract/shared/vocabulary.ts';
import { exportIds } from '../../../../src-main/hosts/cli/ids/export-ids.ts';
import type { OutgoingDataset } from '../../../../src-main/registries/exports/datasets/dataset-format.ts';
import {
  datasetFormats,
  exportFormats,
  findAnyFormat,
  findExportFormat,
} from '../../../../src-main/registries/exports/index.ts';

const all = [...exportFormats, ...datasetFormats];

const photo = (path: string, label: number, split: Split) => ({
  path,
  label,
  split,
  width: 40,
  height: 30,
  hash: 'abc',
});
const dataset: OutgoingDataset = {
  name: 'Run',
  classes: ['a, "b"', '=c'],
  photos: [photo('photos/1.jpg', 0, 'train'), photo('photos/2.jpg', 1, 'test')],
};

it('lists the ids of the command line, each once, each with a sentence that says what it is for', () => {
  expect(exportIds).toEqual(all.map(({ id }) => id));
  expect(new Set(exportIds).size).toBe(exportIds.length);
  for (const { purpose } of all) expect(purpose).toMatch(/^For .*[^.]\.$/);
});

it('finds formats of models and of photos, and names all for an id that none has', () => {
  expect(findAnyFormat('onnx').kind).toBe('model');
  expect(findAnyFormat('dataset-coco').kind).toBe('data');
  expect(() => findExportFormat('dataset-coco')).toThrow('There is no export format');
  expect(() => findAnyFormat('pickle')).toThrow(
    expect.objectContaining({ params: { id: 'pickle', known: exportIds.join(', ') } }),
  );
});

it('writes a table whose names are neither formulas nor more columns', () => {
  const { 'photos.csv': table } = datasetFormats.find(({ id }) => id === 'dataset-csv')!.texts(dataset);
  expect(table.trimEnd().split('\r\n')[1]).toContain('"a, ""b"""');
  expect(table).not.toMatch(/(^|,)=c/m);
});

it('writes COCO annotations of each split, whose boxes are whole photos', () => {
  const texts = datasetFormats.find(({ id }) => id === 'dataset-coco')!.texts(dataset);
  expect(Object.keys(texts).sort()).toEqual([
    'annotations/test.json',
    'annotations/train.json',
    'labels.txt',
  ]);
  const train = JSON.parse(texts['annotations/train.json']) as Record<string, unknown[]>;
  expect(train.images).toEqual([{ id: 1, file_name: 'photos/1.jpg', width: 40, height: 30 }]);
  expect(train.annotations).toMatchObject([{ image_id: 1, category_id: 1, bbox: [0, 0, 40, 30] }]);
  expect(train.categories).toMatchObject([
    { id: 1, name: 'a, "b"' },
    { id: 2, name: '=c' },
  ]);
});

it('puts the splits where each program looks for them', () => {
  const folders = datasetFormats.map((format) => [format.id, format.folder('validation', 'cats')]);
  expect(Object.fromEntries(folders)).toEqual({
    'dataset-folders': 'validation/cats',
    'dataset-csv': 'photos',
    'dataset-coco': 'photos',
    'dataset-webdataset': 'validation',
    'dataset-imagefolder': 'data/validation/cats',
    'dataset-yolo': 'val/cats',
  });
});
