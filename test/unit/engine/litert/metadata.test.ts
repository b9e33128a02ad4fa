import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { appendLabels, describeClassifier } from '../../../../src-main/engine/litert/metadata.ts';

const classes = ['Katze', 'Ünbekannt 🐈', ''];

it('puts class names behind a model where a reader of the whole file finds them, not compressed', () => {
  const model = Uint8Array.from({ length: 1001 }, (_, at) => at % 251);
  const file = appendLabels(model, classes, new Date('2026-12-01T10:00:00Z'));
  expect(file.subarray(0, model.byteLength)).toEqual(model);
  const { 'labels.txt': labels } = unzipSync(file);
  expect(new TextDecoder().decode(labels)).toBe(`${classes.join('\n')}\n`);
  expect(Buffer.from(file).includes(Buffer.from('Ünbekannt 🐈'))).toBe(true);
});

it('describes a model under the mark of such descriptions', () => {
  const about = {
    name: 'Cats',
    description: 'cats',
    author: 'Lenslet 1',
    licence: 'Apache-2.0',
    channels: 3,
  } as const;
  const bytes = describeClassifier({ ...about, input: 'image', outputs: ['probabilities', 'features'] });
  const text = Buffer.from(bytes).toString('latin1');
  expect(text.slice(4, 8)).toBe('M001');
  for (const word of ['Cats', 'Apache-2.0', 'labels.txt', 'probabilities', 'features'])
    expect(text).toContain(word);
});
