/** What the camera, videos and the clipboard make of pictures, as far as it needs no browser. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { findExif, readShot } from '../../../../../src-main/datasets/photos/exif.ts';
import { groupPhotos } from '../../../../../src-main/datasets/split/photo-groups.ts';
import { uploadSegments } from '../../../../../src-main/datasets/import/upload-path.ts';
import { isVideo, sourceOfFiles, withoutVideos } from '../../../../../src-renderer/client/loose-files.ts';
import {
  burstName,
  framesName,
  shotName,
  stamp,
} from '../../../../../src-renderer/shared/text/capture-names.ts';
import { frameTimes } from '../../../../../src-renderer/features/capture/video.ts';
import { frameShape } from '../../../../../src-renderer/shared/camera/frame-picture.ts';
import { withShotNote } from '../../../../../src-renderer/shared/camera/jpeg-exif.ts';
import { noisePicture } from '../../../../fixtures/photos/photos.ts';

const noon = new Date(2026, 10, 23, 12, 4, 5, 67);

test('a photo says when and with what it was taken, to us and to others, and its picture is untouched', async () => {
  const plain = await noisePicture(1);
  for (const [camera, model] of [
    ['Integrated Camera (04f2:b6d0)', 'Integrated Camera (04f2:b6d0)'],
    ['Caméra ✨', 'Camra'],
    ['', 'Webcam'],
    ['HD', 'HD'],
  ]) {
    const noted = await withShotNote(new Blob([new Uint8Array(plain)]), { takenAt: noon, camera });
    const bytes = Buffer.from(await noted.arrayBuffer());
    expect(readShot(findExif(bytes))).toEqual({ takenAt: '2026-11-23T12:04:05', camera: model });
    const { exif, width, height } = await sharp(bytes).metadata();
    expect([width, height]).toEqual([80, 60]);
    expect(readShot(exif)).toEqual({ takenAt: '2026-11-23T12:04:05', camera: model });
    expect(await sharp(bytes).raw().toBuffer()).toEqual(await sharp(plain).raw().toBuffer());
  }
  const png = new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47)]);
  expect(await withShotNote(png, { takenAt: noon, camera: '' })).toBe(png);
});

test('the photos of one burst are a group by their names, two bursts are two', () => {
  const later = new Date(noon.getTime() + 1);
  const names = [burstName(noon), burstName(later), framesName('my holiday.2026.mp4')];
  const photos = names.flatMap((name, of) =>
    Array.from({ length: 12 }, (_, i) => ({
      id: of * 100 + i,
      hash: `${of}-${i}`,
      sourceId: 1,
      path: shotName(name, i + 1),
      takenAt: null,
      camera: null,
    })),
  );
  const groups = groupPhotos(photos, { kinds: ['burst'], nearDuplicates: new Map() });
  const found = [...Map.groupBy(groups.keys(), (id) => groups.get(id)!).values()];
  expect(found.map((ids) => ids.length)).toEqual([12, 12, 12]);
  // Sorted by name they are in the order they were taken in.
  expect(photos.map(({ path }) => path).toSorted()).toEqual(photos.map(({ path }) => path));
  expect(stamp(noon)).toBe('2026-11-23 12.04.05');
});

test.each([
  'video.mp4',
  '../../etc/passwd.mov',
  'a<b>:"c|d?*e\u0007.webm',
  '....mp4',
  'ф'.repeat(90) + '.mp4',
  'x',
])('frames of %s have names that an upload takes everywhere', (file) => {
  const name = shotName(framesName(file), 7);
  expect(uploadSegments(name)).toEqual([name]);
  expect(uploadSegments(name, 'win32')).toEqual([name]);
  expect(name).toMatch(/ frame 0007\.jpg$/);
});

test('the moments of a video: from its beginning, never at its end', () => {
  expect(frameTimes(0, 2, 0.5)).toEqual([0, 0.5, 1, 1.5]);
  expect(frameTimes(0, 2.01, 0.5)).toHaveLength(5);
  expect(frameTimes(0, 2, 0.1)).toHaveLength(20);
  expect(frameTimes(3, 10, 1 / 30)).toHaveLength(210);
  expect(frameTimes(1, 1.2, 60)).toEqual([1]);
  for (const [from, to, every] of [
    [1, 1, 1],
    [2, 1, 1],
    [0, 1, 0],
    [0, 1, Number.NaN],
    [0, Number.NaN, 1],
  ])
    expect(frameTimes(from, to, every)).toEqual([]);
});

test('the square is the middle, and nothing is made larger', () => {
  expect(frameShape(1280, 720, { square: true })).toEqual({
    ...{ left: 280, top: 0, width: 720, height: 720 },
    ...{ toWidth: 720, toHeight: 720 },
  });
  expect(frameShape(3840, 2160, {})).toMatchObject({ left: 0, toWidth: 1920, toHeight: 1080 });
  expect(frameShape(1080, 1920, { square: true, longest: 640 })).toMatchObject({ top: 420, toWidth: 640 });
  expect(frameShape(100, 50, {})).toMatchObject({ toWidth: 100, toHeight: 50 });
});

test('videos are taken out of a drop, the photos beside them stay', async () => {
  const photo = new File(['a'], 'a.jpg', { type: 'image/jpeg' });
  const again = new File(['b'], 'a.jpg', { type: 'image/jpeg' });
  const video = new File(['c'], 'c.mov', { type: '' });
  expect(
    [photo, video, { name: 'd.webm', type: 'video/webm' }, { name: 'mp4', type: '' }].map(isVideo),
  ).toEqual([false, true, true, false]);
  const { videos, rest } = withoutVideos(sourceOfFiles('drop', [photo, video, again]));
  expect(videos).toEqual([video]);
  const paths: string[] = [];
  for await (const { path } of rest!.find()) paths.push(path);
  expect(paths).toEqual(['a.jpg', 'a 2.jpg']);
  expect(rest!.tops).toEqual([photo, again]);
  expect(withoutVideos(sourceOfFiles('drop', [video])).rest).toBeNull();
});
