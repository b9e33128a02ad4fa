/** Unpacking archives: what is in them, and what must not get out of them. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpackArchive } from '../../../../scripts/setup/unpack.mjs';
import { type TarMember, tarFile } from './tar-file.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lenslet-unpack-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function unpack(members: readonly TarMember[]): Promise<void> {
  const archive = join(folder, 'archive.tar.gz');
  writeFileSync(archive, tarFile(members));
  return unpackArchive({ archive, target: join(folder, 'target') });
}

test('unpacks files, folders and links between them', async () => {
  await unpack([
    { name: './lib/', type: '5' },
    { name: './lib/libtensorflow.so.2.9.1', content: 'library' },
    { name: './lib/libtensorflow.so.2', type: '2', link: 'libtensorflow.so.2.9.1' },
    { name: './lib/libtensorflow.so', type: '1', link: './lib/libtensorflow.so.2.9.1' },
    { name: 'include/a file with -> in its name.h', content: 'header' },
  ]);
  const lib = join(folder, 'target', 'lib');
  for (const name of readdirSync(lib)) expect(readFileSync(join(lib, name), 'utf8')).toBe('library');
  expect(readdirSync(lib)).toHaveLength(3);
  expect(readdirSync(join(folder, 'target', 'include'))).toEqual(['a file with -> in its name.h']);
});

const evil: readonly [string, readonly TarMember[]][] = [
  ['a name with ..', [{ name: '../evil', content: 'evil' }]],
  ['a name with .. further in', [{ name: 'lib/../../evil', content: 'evil' }]],
  ['an absolute name', [{ name: '/evil', content: 'evil' }]],
  ['a name with a drive', [{ name: 'C:/evil', content: 'evil' }]],
  ['a name with backslashes', [{ name: '..\\evil', content: 'evil' }]],
  [
    'a link with ..',
    [
      { name: 'lib', type: '2', link: '..' },
      { name: 'lib/evil', content: 'evil' },
    ],
  ],
  ['an absolute link', [{ name: 'lib', type: '2', link: '/' }]],
  ['a hard link with ..', [{ name: 'evil', type: '1', link: '../archive.tar.gz' }]],
  ['a link that is named like an arrow', [{ name: 'a -> b', type: '2', link: '../evil' }]],
  ['a pipe', [{ name: 'evil', type: '6' }]],
];

test.each(evil)('refuses an archive with %s, and unpacks nothing of it', async (_, members) => {
  const work = unpack([{ name: 'harmless', content: 'harmless' }, ...members]);
  await expect(work).rejects.toMatchObject({
    reason: expect.stringMatching(/^the archive holds a member that leads out of its folder/) as string,
  });
  expect(existsSync(join(folder, 'target'))).toBe(false);
  expect(readdirSync(folder)).toEqual(['archive.tar.gz']);
});

test('says so when the file is not an archive', async () => {
  const archive = join(folder, 'archive.tar.gz');
  writeFileSync(archive, 'not an archive');
  await expect(unpackArchive({ archive, target: join(folder, 'target') })).rejects.toMatchObject({
    reason: expect.stringContaining('could not be unpacked') as string,
  });
});
