/** Folders sorted from the command line, as its own process, with a run that was trained here. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, listSessions } from '../../../../src-main/project/sorting/session-folders.ts';
import { countStates } from '../../../../src-main/project/sorting/session-photos.ts';
import { lenslet as run, startLenslet, type Finished } from '../../../fixtures/command-line.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { treeHash } from '../../../fixtures/tree-hash.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-cli-sort-'));
const project = join(home, 'shapes');
const drawn = join(home, 'drawn');
const lenslet = (...words: string[]): Promise<Finished> => run(home, ...words);
let trained = '';

beforeAll(async () => {
  const photos = join(home, 'photos');
  await drawShapes(photos, 40);
  await drawShapes(drawn, 12, 7);
  await lenslet('import', photos, '--project', project);
  const small = [
    '--recipe',
    'scratch',
    '--image-size',
    '48',
    '--epochs',
    '12',
    '--batch-size',
    '8',
    '--seed',
    '2',
  ];
  const lines = (await lenslet('train', '--project', project, ...small, '--json')).lines();
  trained = String(lines.at(-1)?.run);
  expect((lines.at(-1)?.test as { accuracy: number }).accuracy).toBeGreaterThan(0.8);
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const sorted = (...words: string[]): Promise<Finished> =>
  lenslet('sort', trained, ...words, '--project', project, '--json');
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

/** A folder of the drawn photos, so many times over. */
function folderOf(name: string, times = 1): string {
  const folder = join(home, name);
  for (let i = 0; i < times; i++) cpSync(drawn, join(folder, `card ${i}`), { recursive: true });
  return folder;
}

test('plans, copies with a table of time and place, and undoes', async () => {
  const folder = folderOf('trip');
  const exif = {
    IFD0: { Make: 'Acme', Model: 'Trail 1' },
    IFD2: { DateTimeOriginal: '2026:05:01 06:07:08' },
    IFD3: {
      GPSLatitudeRef: 'S',
      GPSLatitude: '1/1 30/1 0/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '36/1 15/1 0/1',
    },
  };
  await sharp(join(drawn, 'discs/discs 0.jpg')).withExif(exif).toFile(join(folder, 'with place.jpg'));
  writeFileSync(join(folder, 'broken.jpg'), 'not a photo');
  const before = treeHash(folder);
  const out = join(home, 'trip sorted');
  const csv = join(home, 'trip.csv');

  const dry = await sorted(folder, '--out', out, '--dry-run', '--threshold', '0.4');
  expect(dry.code).toBe(0);
  expect(existsSync(out)).toBe(false);
  expect(dry.stderr).toContain('discs');

  const lines = (await sorted(folder, '--out', out, '--resume', '--csv', csv)).lines();
  const done = lines.at(-1)!;
  expect(done).toMatchObject({ event: 'done', images: 26, sorted: 25, unknown: 0, failed: 1, by: 'copy' });
  const photos = lines.slice(0, -1);
  const places = photos.flatMap(({ to }) => (typeof to === 'string' ? [to] : []));
  // Their names begin with their class.
  const right = places.filter((to) => basename(to).startsWith(basename(dirname(to))));
  expect(right.length).toBeGreaterThan(18);
  expect(places.filter((to) => !existsSync(to))).toEqual([]);
  expect(photos.find(({ image }) => String(image).endsWith('broken.jpg'))).toMatchObject({
    to: null,
    error: { code: 'IMAGE_NOT_AN_IMAGE' },
  });
  expect(photos.find(({ image }) => String(image).endsWith('with place.jpg'))).toMatchObject({
    takenAt: '2026-05-01T06:07:08',
    camera: 'Acme Trail 1',
    latitude: -1.5,
    longitude: 36.25,
  });
  const row = readFileSync(csv, 'utf8')
    .split('\r\n')
    .find((line) => line.includes('with place.jpg'));
  expect(row).toContain('2026-05-01T06:07:08,Acme Trail 1,-1.5,36.25');
  expect(treeHash(folder)).toBe(before);

  const undone = await lenslet('sort', '--undo', '--out', out, '--project', project, '--json');
  expect(undone.lines().at(-1)).toMatchObject({ event: 'done', kept: 0 });
  expect(filesIn(out)).toEqual([]);
  const nothing = await lenslet('sort', '--undo', '--out', out, '--project', project);
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toContain('SORT_NOTHING_TO_UNDO');
}, 60_000);

test('killed while it predicts, goes on with the rest', async () => {
  const folder = folderOf('many', 25);
  const out = join(home, 'many sorted');
  const before = filesIn(folder);
  const words = ['sort', trained, folder, '--out', out, '--move', '--project', project, '--json'];
  const running = startLenslet(home, words);
  const known = new Set(listSessions(project));
  const [id] = await until(() => listSessions(project).filter((session) => !known.has(session)));
  const log = join(project, 'sorts', id, 'sort.db-wal');
  // The paths are some dozen pages; what was predicted comes after them.
  await until(() => (existsSync(log) && statSync(log).size > 500_000 ? [true] : []));
  process.kill(running.child.pid!, 'SIGKILL');
  await running.finished;
  const session = openSession(project, id);
  const { predicted, found } = countStates(session);
  session.close();
  expect(predicted).toBeGreaterThan(0);
  expect(found).toBeGreaterThan(0);
  expect(filesIn(folder)).toEqual(before);

  const lines = (await sorted(folder, '--out', out, '--move', '--resume')).lines();
  expect(lines.at(-1)).toMatchObject({ event: 'done', images: 600, failed: 0, by: 'move', session: id });
  expect(filesIn(folder)).toEqual([]);
  expect(filesIn(out)).toHaveLength(600);
  await sorted(folder, '--out', out, '--undo');
  expect(filesIn(folder)).toEqual(before);
}, 120_000);

async function until<T>(look: () => T[]): Promise<T[]> {
  for (;;) {
    const found = look();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('classifies the boxes of a detector as crops, and sets empty photos aside', async () => {
  const folder = join(home, 'traps', 'DCIM');
  mkdirSync(folder, { recursive: true });
  const scene = (parts: { input: string; left: number; top: number }[]) =>
    sharp({ create: { width: 640, height: 480, channels: 3, background: '#888' } })
      .composite(parts)
      .jpeg();
  const disc = join(drawn, 'discs/discs 1.jpg');
  const stripes = join(drawn, 'stripes/stripes 1.jpg');
  const left = { left: 40, top: 100 };
  const right = { left: 500, top: 300 };
  await scene([{ input: disc, ...left }]).toFile(join(folder, 'disc.jpg'));
  await scene([{ input: stripes, ...right }]).toFile(join(folder, 'stripes.jpg'));
  await scene([
    { input: disc, ...left },
    { input: stripes, ...right },
  ]).toFile(join(folder, 'both.jpg'));
  await scene([]).toFile(join(folder, 'nothing.jpg'));
  await scene([{ input: disc, ...left }]).toFile(join(folder, 'walker.jpg'));
  // Without its margin, as that is added to every box.
  const box = ({ left: x, top: y }: typeof left, category: string, conf: number) => ({
    category,
    conf,
    bbox: [(x + 5) / 640, (y + 5) / 480, 54 / 640, 54 / 480],
  });
  const images = [
    { file: 'disc.jpg', detections: [box(left, '1', 0.9), box(right, '1', 0.05)] },
    { file: 'stripes.jpg', detections: [box(right, '1', 0.8)] },
    { file: 'both.jpg', detections: [box(left, '1', 0.8), box(right, '1', 0.7)] },
    { file: 'nothing.jpg', detections: [box(left, '1', 0.1)] },
    { file: 'walker.jpg', detections: [box(left, '2', 0.9)] },
    { file: 'gone.jpg', detections: [] },
  ].map((image) => ({ ...image, file: `traps\\DCIM\\${image.file}` }));
  const list = join(home, 'detections.json');
  const categories = { '1': 'animal', '2': 'person', '3': 'vehicle' };
  writeFileSync(
    list,
    JSON.stringify({ info: { format_version: '1.4' }, detection_categories: categories, images }),
  );
  const out = join(home, 'traps sorted');
  const finished = await sorted(folder, '--out', out, '--boxes', list, '--threshold', '0.4');
  expect(finished.stderr).toContain('1 photos of the detections are not in the folder');
  const places = finished
    .lines()
    .slice(0, -1)
    .map(({ to }) => String(to).slice(out.length + 1));
  expect(places.sort()).toEqual(
    [
      'discs/disc.jpg',
      'stripes/stripes.jpg',
      '_unknown/both.jpg',
      '_empty/nothing.jpg',
      '_person/walker.jpg',
    ].sort(),
  );
  expect(finished.lines().at(-1)).toMatchObject({ sorted: 2, unknown: 1, aside: 2, failed: 0 });

  writeFileSync(list, '{"images":[{"file":"a.jpg","detections":[{"category":"1","conf":2,"bbox":[0,0]}]}]}');
  const refused = await sorted(folder, '--out', out, '--boxes', list);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('SORT_BOXES_INVALID');
}, 60_000);

test('says what is missing', async () => {
  const folder = folderOf('few');
  const out = join(home, 'few sorted');
  const codes = async (...words: string[]): Promise<string> => (await sorted(...words)).stderr.split(':')[0];
  expect((await sorted(folder)).code).toBe(2);
  expect((await sorted(folder, '--out', out, '--move', '--link')).code).toBe(2);
  expect(await codes(folder, '--out', out, '--resume')).toBe('SORT_NOTHING_TO_RESUME');
  expect(await codes(join(home, 'nowhere'), '--out', out)).toBe('DATASET_SOURCE_NOT_FOUND');
  mkdirSync(join(home, 'empty'));
  expect(await codes(join(home, 'empty'), '--out', out)).toBe('SORT_NO_PHOTOS');
}, 60_000);
