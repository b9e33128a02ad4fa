/** Photos to measure with: the shared test data where it is, else drawn ones of the same size. All in a folder that goes. */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../../../src-main/core/random/random.ts';
import { sharedData } from '../../fixtures/shared-data.ts';

/** A folder of photos and what they are, for the report. */
export interface Photos {
  readonly folder: string;
  readonly images: number;
  readonly what: string;
}

/**
 * Cats and dogs at their original sizes in train, validation and test folders.
 * @param times each photo so often, with a few bytes after its end so that each copy is a file of its own
 */
export async function originalPhotos(folder: string, times: number): Promise<Photos> {
  const data = sharedData('cats_and_dogs_original');
  if (data === null) return drawnPhotos(folder, 400 * times);
  let images = 0;
  const names = readdirSync(data, { recursive: true }) as string[];
  for (const name of names.filter((path) => /\.jpe?g$/i.test(path))) {
    for (let copy = 0; copy < times; copy++) {
      const target = join(folder, dirname(name), `${copy}-${name.split(/[\\/]/).at(-1)}`);
      mkdirSync(dirname(target), { recursive: true });
      if (copy === 0) copyFileSync(join(data, name), target);
      else
        writeFileSync(target, Buffer.concat([readFileSync(join(data, name)), Buffer.from(`copy ${copy}`)]));
      images++;
    }
  }
  const what = `${images} photos of cats and dogs at their original sizes${times > 1 ? ` (400, each ${times} times)` : ''}`;
  return { folder, images, what };
}

/** As many JPEGs of 447×374 pixels in the same folders: smooth colours with noise, about as large as photos. */
async function drawnPhotos(folder: string, images: number): Promise<Photos> {
  const shares = { train: 0.5, validation: 0.25, test: 0.25 };
  for (const [split, share] of Object.entries(shares)) {
    for (let number = 0; number < images * share; number++) {
      const name = number % 2 === 0 ? 'cats' : 'dogs';
      const target = join(folder, split, name, `${number}.jpg`);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, await drawPhoto(`${split}${number}`, name === 'cats' ? 40 : 120));
    }
  }
  return { folder, images, what: `${images} drawn pictures of 447×374 (the test photos are not there)` };
}

async function drawPhoto(id: string, base: number): Promise<Buffer> {
  const [width, height] = [447, 374];
  const random = createRandom([...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 2 ** 31);
  const data = Buffer.alloc(width * height * 3);
  const [across, down] = [20 + random.integer(60), 20 + random.integer(60)];
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    const hills = 40 * Math.sin((pixel % width) / across) + 40 * Math.cos(Math.floor(pixel / width) / down);
    data[i] = Math.min(255, Math.max(0, base + hills + random.integer(24)));
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** Small pictures by the thousand in two class folders: 16 drawn ones, each file with its number after its end. */
export async function manyPictures(folder: string, images: number): Promise<void> {
  const drawn = await Promise.all(
    Array.from({ length: 16 }, async (_, i) =>
      sharp({
        create: { width: 200, height: 200, channels: 3, background: { r: i * 15, g: 90, b: 255 - i * 15 } },
      })
        .composite([
          {
            input: Buffer.from(
              `<svg width="200" height="200"><circle cx="${40 + i * 8}" cy="100" r="${20 + i * 4}" fill="#ddd"/></svg>`,
            ),
          },
        ])
        .jpeg({ quality: 85 })
        .toBuffer(),
    ),
  );
  for (const name of ['one', 'two']) mkdirSync(join(folder, name), { recursive: true });
  for (let number = 0; number < images; number++) {
    const bytes = Buffer.concat([drawn[number % drawn.length], Buffer.from(`no ${number}`)]);
    writeFileSync(join(folder, number % 2 === 0 ? 'one' : 'two', `${number}.jpg`), bytes);
  }
}
