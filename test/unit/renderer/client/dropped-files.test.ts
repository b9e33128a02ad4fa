import { expect, test } from 'vitest';
import { readDrop, readPicked } from '../../../../src-renderer/client/dropped-files.ts';

/** A folder tree as the browser's file system entries show it: in batches, at most 100 a call. */
function entry(name: string, content: Record<string, unknown> | string): FileSystemEntry {
  if (typeof content === 'string') {
    const file = (found: (file: File) => void): void => found(new File([content], name));
    return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const children = Object.entries(content).map(([child, value]) => entry(child, value as string));
  const createReader = () => {
    let at = 0;
    return {
      readEntries(found: (entries: FileSystemEntry[]) => void) {
        found(children.slice(at, (at += 100)));
      },
    };
  };
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

function drop(...entries: FileSystemEntry[]): DataTransfer {
  const items = entries.map((one) => ({ kind: 'file', webkitGetAsEntry: () => one }));
  return { items, files: [] } as unknown as DataTransfer;
}

async function pathsOf(transfer: DataTransfer): Promise<string[]> {
  const paths: string[] = [];
  for await (const file of readDrop(transfer)!.find()) paths.push(file.path);
  return paths;
}

test('one folder: paths begin inside it; what systems leave behind is passed over', async () => {
  const pets = entry('pets', {
    cats: { 'a.jpg': 'x', '.DS_Store': 'x' },
    dogs: { deep: { 'b.jpg': 'x' } },
    __MACOSX: { cats: 'x' },
    'Thumbs.db': 'x',
  });
  expect(readDrop(drop(pets))!.name).toBe('pets');
  expect(await pathsOf(drop(pets))).toEqual(['cats/a.jpg', 'dogs/deep/b.jpg']);
});

test('several folders and files keep their names', async () => {
  const transfer = drop(
    entry('cats', { 'a.jpg': 'x' }),
    entry('dogs', { 'b.jpg': 'x' }),
    entry('c.png', 'x'),
  );
  expect(await pathsOf(transfer)).toEqual(['cats/a.jpg', 'dogs/b.jpg', 'c.png']);
});

test('a folder of more files than one batch is read to its end', async () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.jpg`, 'x']));
  expect(await pathsOf(drop(entry('many', many)))).toHaveLength(250);
});

test('text dropped from another window is no source; neither is an empty choice', () => {
  const items = [{ kind: 'string', webkitGetAsEntry: () => null }];
  expect(readDrop({ items, files: [] } as unknown as DataTransfer)).toBeNull();
  expect(readPicked(null)).toBeNull();
});
