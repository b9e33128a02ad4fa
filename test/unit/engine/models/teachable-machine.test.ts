import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderStorage } from '../../../../src-main/core/files/folder-storage.ts';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { describeModel } from '../../../../src-main/engine/models/describe-model.ts';
import { loadModel, saveModel } from '../../../../src-main/engine/models/model-file.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';

let folder: string;
let backend: Backend;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-teachable-'));
  backend = await plainBackend();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const labels = ['Elephant', 'Tabby cat', 'Golden retriever'];

/** An export: a model that says nothing of itself, and `metadata.json` beside it. */
async function exported(metadata: unknown, list: string | null = null) {
  const { tf } = backend;
  const storage = folderStorage(folder);
  const model = tf.sequential({
    layers: [
      tf.layers.globalAveragePooling2d({ inputShape: [12, 12, 3] }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  await saveModel(tf, storage, 'saved', model, {} as never);
  if (metadata !== null) writeFileSync(join(folder, 'saved', 'metadata.json'), JSON.stringify(metadata));
  if (list !== null) writeFileSync(join(folder, 'saved', 'labels.txt'), list);
  const place = {
    storage: folderStorage(join(folder, 'saved')),
    name: 'model.json',
    path: folder,
    known: [],
  };
  return describeModel(await loadModel(tf, place as never), 3, undefined, []);
}

it('a Teachable Machine export has the labels and the range of pixels of its metadata.json', async () => {
  const found = await exported({ packageName: '@teachablemachine/image', labels, imageSize: 224 });
  expect(found).toMatchObject({ classes: labels, preprocessing: '-1-1', assumed: [] });
});

it.each([
  ['another file of that name', { labels }],
  ['none', null],
  ['labels for another number of outputs', { packageName: '@teachablemachine/image', labels: ['a'] }],
])('%s names nothing', async (_what, metadata) => {
  expect((await exported(metadata)).classes).toEqual(['class 0', 'class 1', 'class 2']);
});

it('its Keras export has the labels of labels.txt, each after its number', async () => {
  const found = await exported(null, '0 Elephant\r\n1 Tabby cat\n2 Golden retriever\n');
  expect(found).toMatchObject({ classes: labels, preprocessing: '-1-1', assumed: [] });
});

it.each([
  ['without numbers', 'Elephant\nTabby cat\nGolden retriever\n'],
  ['of another count', '0 Elephant\n1 Tabby cat\n'],
])('a labels.txt %s names nothing', async (_what, list) => {
  expect((await exported(null, list)).classes).toEqual(['class 0', 'class 1', 'class 2']);
});
