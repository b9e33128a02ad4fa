/** Photos for the tests, drawn on the spot: no file of anyone else's is needed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { stream } from '../../../src-main/core/random/random.ts';

const shapes = {
  circles: (x: number, y: number, r: number) => `<circle cx="${x}" cy="${y}" r="${r}"/>`,
  stripes: (x: number, y: number, r: number) =>
    [-1, 0, 1].map((i) => `<rect x="0" y="${y + i * r - 4}" width="96" height="8"/>`).join('') +
    `<rect x="${x}" y="0" width="1" height="1"/>`,
  triangles: (x: number, y: number, r: number) =>
    `<polygon points="${x},${y - r} ${x + r},${y + r} ${x - r},${y + r}"/>`,
} as const;

/** The classes that can be drawn. They differ in shape; their colours are drawn at random. */
export type DrawnClass = keyof typeof shapes;

/** One JPEG of a class; the same number gives the same picture. */
export async function drawPicture(name: DrawnClass, number: number): Promise<Buffer> {
  const random = stream(7, name, number);
  const colour = (from: number): string => `rgb(${[0, 1, 2].map(() => from + random.integer(80)).join(',')})`;
  const shape = shapes[name](34 + random.integer(28), 34 + random.integer(28), 18 + random.integer(12));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="${colour(160)}"/><g fill="${colour(0)}">${shape}</g></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer();
}

/** Writes `<folder>/<class>/<class> 0.jpg`, … */
export async function drawFolder(
  folder: string,
  classes: Partial<Record<DrawnClass, number>>,
): Promise<void> {
  for (const [name, images] of Object.entries(classes) as [DrawnClass, number][]) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < images; i++) {
      await writeFile(join(folder, name, `${name} ${i}.jpg`), await drawPicture(name, i));
    }
  }
}

/** Writes MNIST-like idx files: `images` grey pictures of 28×28, in ten classes that differ in their brightness. */
export async function writeIdxFiles(folder: string, images: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const header = (...numbers: number[]): Buffer => {
    const bytes = Buffer.alloc(4 * numbers.length);
    numbers.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
    return bytes;
  };
  const pixels = Buffer.alloc(images * 784);
  const labels = Buffer.alloc(images);
  for (let image = 0; image < images; image++) {
    labels[image] = image % 10;
    pixels.fill(20 + (image % 10) * 20, image * 784, (image + 1) * 784);
    // The number, in bits along the first row, so that no two pictures are the same.
    for (let bit = 0; bit < 20; bit++) pixels[image * 784 + bit] = (image >> bit) & 1 ? 255 : 0;
  }
  await writeFile(
    join(folder, 'train-images-idx3-ubyte'),
    Buffer.concat([header(0x803, images, 28, 28), pixels]),
  );
  await writeFile(join(folder, 'train-labels-idx1-ubyte'), Buffer.concat([header(0x801, images), labels]));
}
