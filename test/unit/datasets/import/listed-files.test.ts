import { expect, it } from 'vitest';
import { filesOfList } from '../../../../src-main/datasets/import/listed-files.ts';

const row = (path: string) => ({ path, alternatives: [], label: 'cats', split: undefined });
const invalid = expect.objectContaining({ code: 'DATASET_LABELS_INVALID' }) as Error;

it.each([
  '//evil.invalid/share/x.jpg',
  '\\\\evil.invalid\\share\\x.jpg',
  '\\\\?\\C:\\x.jpg',
  '/\\evil.invalid/x',
])('a list that names %j, a photo on another computer, is refused on every system', (path) => {
  expect(() => filesOfList('/lists/list.csv', [row('a.jpg'), row(path)])).toThrowError(invalid);
  const other = { ...row('a.jpg'), alternatives: [path] };
  expect(() => filesOfList('/lists/list.csv', [other])).toThrowError(invalid);
});

it('an uploaded list names only photos that came with it', () => {
  expect(() => filesOfList('/up/list.csv', [row('../secret.jpg')], '/up')).toThrowError(invalid);
  expect(() => filesOfList('/up/list.csv', [row('/etc/secret.jpg')], '/up')).toThrowError(invalid);
  expect(filesOfList('/up/list.csv', [row('a/1.jpg'), row('b/2.jpg')], '/up').root).toBe('/up');
});
