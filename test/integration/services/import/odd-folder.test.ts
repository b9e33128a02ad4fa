/** The awkward files of the shared test data, one verdict each, as a user would see them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openTestCore } from '../../../fixtures/core-without-engine.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';

const folder = sharedData('odd');

/** `accepted`, an error code, or `-` for what is passed over without a word. */
const verdicts: Record<string, string> = {
  'exif_orientation_recurser/LICENSE': '-',
  'exif_orientation_recurser/README.txt': '-',
  ...Object.fromEntries(
    ['Landscape', 'Portrait'].flatMap((kind) =>
      Array.from({ length: 9 }, (_, i) => [`exif_orientation_recurser/${kind}_${i}.jpg`, 'accepted']),
    ),
  ),
  'generated/._applefork.jpg': '-',
  'generated/.hidden.jpg': '-',
  'generated/Thumbs.db': '-',
  'generated/UPPER CASE (1).JPG': 'accepted',
  'generated/alpha.webp': 'accepted',
  'generated/animated.gif': 'accepted',
  'generated/animated.png': 'accepted',
  'generated/animated.webp': 'accepted',
  'generated/bad_crc.png': 'IMAGE_CORRUPT',
  'generated/cmyk.jpg': 'accepted',
  // libjpeg finds no fault in it, nor does any viewer; that it looks wrong is for a quality check to find.
  'generated/corrupt_middle.jpg': 'accepted',
  'generated/empty.jpg': 'IMAGE_EMPTY',
  'generated/grey.jpg': 'accepted',
  'generated/grey16.png': 'accepted',
  'generated/grey_alpha.png': 'accepted',
  'generated/header_only_64_bytes.jpg': 'IMAGE_TRUNCATED',
  'generated/html_error_page.jpg': 'IMAGE_NOT_AN_IMAGE',
  'generated/huge_30000x30000_one_bit.png': 'IMAGE_TOO_LARGE',
  'generated/icc_srgb.jpg': 'accepted',
  'generated/jpeg_named.png': 'accepted',
  'generated/lossless.webp': 'accepted',
  'generated/lossy.webp': 'accepted',
  'generated/lzw.tiff': 'accepted',
  'generated/naïve_猫_кот.jpg': 'accepted',
  'generated/no_extension': 'accepted',
  'generated/one_bit.png': 'accepted',
  'generated/one_by_one.png': 'IMAGE_TOO_SMALL',
  'generated/palette.png': 'accepted',
  'generated/palette_transparent.png': 'accepted',
  'generated/photo.avif': 'accepted',
  'generated/photo.heic': 'accepted',
  'generated/plain.bmp': 'accepted',
  'generated/plain.tiff': 'accepted',
  'generated/png_named.jpg': 'accepted',
  'generated/progressive.jpg': 'accepted',
  'generated/rgb16.png': 'accepted',
  'generated/rgba.png': 'accepted',
  'generated/rgba16.png': 'accepted',
  'generated/subsampling444_q100.jpg': 'accepted',
  'generated/text_named.jpg': 'IMAGE_NOT_AN_IMAGE',
  'generated/thin_2000x3.jpg': 'IMAGE_TOO_SMALL',
  'generated/trailing_garbage.jpg': 'accepted',
  'generated/truncated_half.jpg': 'IMAGE_TRUNCATED',
  'generated/truncated_half.png': 'IMAGE_TRUNCATED',
  'generated/truncated_last_200_bytes.jpg': 'IMAGE_TRUNCATED',
  'imagededup/Iggy.1024.ppm': 'IMAGE_FORMAT_UNSUPPORTED',
  'imagededup/LICENSE': '-',
  'imagededup/README.txt': '-',
  'imagededup/alpha_channel_image.png': 'accepted',
  'imagededup/baboon.pgm': 'IMAGE_FORMAT_UNSUPPORTED',
  'imagededup/copyleft.tiff': 'accepted',
  'imagededup/giphy.gif': 'accepted',
  'imagededup/marbles.pbm': 'IMAGE_FORMAT_UNSUPPORTED',
  'imagededup/ukbench00120_gray.jpg': 'accepted',
  'imagededup/ukbench09268.jpg': 'accepted',
  'imagededup/ukbench09268_corrupt.jpg': 'IMAGE_NOT_AN_IMAGE',
  'imagededup/ukbench09380.bmp': 'accepted',
  'imagededup/ukbench09380.jpeg': 'accepted',
  'imagededup/ukbench09380.png': 'accepted',
  'imagededup/ukbench09380.svg': 'accepted',
  'imagededup/ukbench09380.webp': 'accepted',
};

const found: Record<string, string> = {};
const sizes: Record<string, string> = {};

beforeAll(async () => {
  if (folder === null) return;
  const { core, client, close } = await openTestCore();
  const { state, quarantined } = await core.imports.importPaths([folder]);
  expect(state.status).toBe('done');
  for (const { path, code } of quarantined) found[path] = code;
  const ids = await client.datasets.listImages({});
  for (const { id, path, width, height } of await client.datasets.getImages({ ids })) {
    found[path] = 'accepted';
    sizes[path] = `${width}×${height}`;
    for (const address of [`thumbnail/${id}`, `picture/${id}`]) {
      const shown = await core.media(new Request(`http://localhost/media/${address}`));
      expect([path, shown.status]).toEqual([path, 200]);
    }
  }
  for (const { message, remedy } of await client.datasets.quarantine()) {
    expect(message).not.toMatch(/[{}]/);
    expect(remedy.length).toBeGreaterThan(10);
  }
  await close();
});

test.skipIf(folder === null)('no file was forgotten', async () => {
  const { readdir } = await import('node:fs/promises');
  const all = await readdir(folder!, { recursive: true, withFileTypes: true });
  const paths = all
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder!.length + 1)
        .normalize('NFC'),
    );
  expect(paths.sort()).toEqual(Object.keys(verdicts).sort());
});

test.skipIf(folder === null).each(Object.entries(verdicts))('%s: %s', (path, verdict) => {
  expect(found[path] ?? '-').toBe(verdict);
});

test.skipIf(folder === null)('sizes are those of the upright picture', () => {
  expect(sizes['exif_orientation_recurser/Landscape_6.jpg']).toBe('1800×1200');
  expect(sizes['exif_orientation_recurser/Portrait_8.jpg']).toBe('1200×1800');
  expect(sizes['imagededup/ukbench09268.jpg']).toBe('480×640');
});

test.skipIf(folder === null)('all of it, the 900 megapixels included, takes little memory', () => {
  const script = join(import.meta.dirname, '../../../bench/import.ts');
  const { stdout } = spawnSync(process.execPath, [script, folder!], { encoding: 'utf8' });
  const peak = Number(/peak (\d+) MB/.exec(stdout)?.[1]);
  expect(peak).toBeGreaterThan(50);
  expect(peak).toBeLessThan(400);
});
