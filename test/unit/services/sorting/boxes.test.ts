/** Detections of a detector: what of a photo is classified. */
import { expect, test } from 'vitest';
import { readDetections } from '../../../../src-main/datasets/label-files/megadetector.ts';
import { partsByDetections } from '../../../../src-main/services/sorting/boxes.ts';

const bytesOf = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const detection = (category: string, conf: number, bbox = [0.1, 0.2, 0.3, 0.4]) => ({ category, conf, bbox });
const parts = (images: unknown[], paths: string[], rest: object = {}) =>
  partsByDetections(readDetections(bytesOf({ images, ...rest }), 'boxes.json'), paths, 0.2);

test('classifies animals, the surest first, and sets people and empty photos aside', () => {
  const { partsOf, missing } = parts(
    [
      { file: 'a.jpg', detections: [detection('1', 0.3), detection('1', 0.9), detection('2', 0.95)] },
      { file: 'b.jpg', detections: [detection('2', 0.8)] },
      { file: 'c.jpg', detections: [detection('1', 0.1)] },
      { file: 'd.jpg', detections: null, failure: 'Failure image access' },
      { file: 'gone.jpg', detections: [] },
    ],
    ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'not listed.jpg'],
  );
  const a = partsOf('a.jpg');
  expect(a).toMatchObject({ kind: 'boxes', aside: null });
  expect(a.kind === 'boxes' && a.classified.map(({ confidence }) => confidence)).toEqual([0.9, 0.3]);
  expect(partsOf('b.jpg')).toMatchObject({ classified: [], aside: 'person' });
  expect(partsOf('c.jpg')).toMatchObject({ classified: [], aside: 'empty' });
  expect(partsOf('d.jpg')).toEqual({ kind: 'whole' });
  expect(partsOf('not listed.jpg')).toEqual({ kind: 'whole' });
  expect(missing).toBe(1);
});

test('classifies every box of a detector that knows no animals', () => {
  const rest = { detection_categories: { '0': 'fish' } };
  const { partsOf } = parts([{ file: 'a.jpg', detections: [detection('0', 0.5)] }], ['a.jpg'], rest);
  expect(partsOf('a.jpg')).toMatchObject({ classified: [{ category: 'fish' }] });
});

test.for([
  ['D:\\card 1\\DCIM\\a.jpg', 'DCIM/a.jpg'],
  ['./DCIM/a.jpg', 'DCIM/a.jpg'],
  ['a.jpg', 'card 1/a.jpg'],
])('finds %s in the folder as %s', ([file, path]) => {
  const { partsOf, missing } = parts([{ file, detections: [] }], [path, 'other.jpg']);
  expect(partsOf(path)).toMatchObject({ aside: 'empty' });
  expect(missing).toBe(0);
});

test.for([
  ['{"images": [', 'not valid JSON'],
  ['[]', 'expected object'],
  [{ annotations: [] }, 'images'],
  [
    { images: [{ file: 'a.jpg', detections: [{ category: '1', conf: 0.5, bbox: [0, 0, 1] }] }] },
    'images.0.detections.0.bbox',
  ],
  [{ images: [{ file: 'a.jpg', detections: [detection('1', 40)] }] }, 'conf'],
  [{ images: [{ file: 'a.jpg', detections: [detection('1', 0.5, [100, 20, 300, 40])] }] }, 'bbox'],
  [{ images: [], info: { format_version: '2.0' } }, 'format 2.0'],
] as const)('refuses %j', ([content, reason]) => {
  expect(() => readDetections(bytesOf(content), 'boxes.json')).toThrow(
    expect.objectContaining({
      code: 'SORT_BOXES_INVALID',
      message: expect.stringContaining(reason) as string,
    }),
  );
});
