/** The lesson from the command line: costs of layers, a batch, a sheet of augmented photos. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lenslet as run, type Finished } from '../../../fixtures/command-line.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-cli-lesson-'));
const project = join(home, 'shapes');
const lenslet = (...words: string[]): Promise<Finished> => run(home, ...words);

beforeAll(async () => {
  await drawShapes(join(home, 'photos'), 12);
  expect((await lenslet('import', join(home, 'photos'), '--project', project)).code).toBe(0);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('counts what layers see, multiply and keep, for any number of images', async () => {
  const finished = await lenslet('layers', 'mnist-no-pooling', '--images', '60000', '--json');
  expect(finished.code).toBe(0);
  const [{ layers }] = finished.lines() as { layers: Record<string, unknown>[] }[];
  expect(layers[2]).toMatchObject({
    receptiveField: { size: [7, 7] },
    multiplications: 60_000 * 64 * 22 * 22 * 3 * 3 * 64,
    outputBytes: 60_000 * 30_976 * 4,
  });
  const untrained = await lenslet('layers', 'mnist', '--times');
  expect([untrained.code, untrained.stderr]).toEqual([2, expect.stringContaining('no weights to measure')]);
});

test('shows a batch as the network gets it, and one photo several times', async () => {
  const size = ['--image-size', '48', '--batch-size', '8'];
  const out = join(home, 'batch.png');
  const shown = await lenslet(
    'batch',
    '--project',
    project,
    '--recipe',
    'augmented',
    ...size,
    '--out',
    out,
    '--json',
  );
  expect(shown.stderr).toBe('');
  const [batch] = shown.lines();
  expect(batch).toMatchObject({ shape: [8, 48, 48, 3], preprocessing: '0-1', augments: true, out });
  expect(batch.photos).toHaveLength(8);
  expect(await sharp(readFileSync(out)).metadata()).toMatchObject({
    format: 'png',
    width: 8 * 48,
    height: 48,
  });

  const sheet = join(home, 'sheet.png');
  const words = [
    'augment',
    '--project',
    project,
    '--image',
    'discs/discs 0.jpg',
    '--count',
    '3',
    '--out',
    sheet,
  ];
  const [augmented] = (await lenslet(...words, '--json')).lines();
  expect(augmented).toMatchObject({ count: 3, photo: { label: 'discs' } });
  expect(readFileSync(sheet).length).toBeGreaterThan(1000);
  const wrong = await lenslet('batch', '--project', project, '--out', join(home, 'batch.jpg'));
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('.png')]);
});
