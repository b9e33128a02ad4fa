/**
 * Precision and recall of the near-duplicate search, and how long it takes: `node test/bench/duplicates.ts FOLDER
 * [PLANTED]`. Copies of photos of the folder are made in many ways (re-encoded, resized, cropped, mirrored, …); a pair is
 * right when both come from the same photo. Pairs of different photos are listed, to be looked at: some folders hold
 * duplicates of their own.
 */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { findSimilarPairs } from '../../src-main/analysis/checks/mathematics/near-duplicate-search.ts';
import { hashWords } from '../../src-main/analysis/checks/measure/perceptual-hash.ts';
import { type Signals, measureTile } from '../../src-main/analysis/checks/measure/signals.ts';
import { UnionFind } from '../../src-main/core/statistics/union-find.ts';
import { decodeTile } from '../../src-main/datasets/photos/tiles.ts';

const [folder, planted = '40'] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node test/bench/duplicates.ts FOLDER [PLANTED]\n');
  process.exit(2);
}

interface Size {
  readonly width: number;
  readonly height: number;
}
const cut =
  (left: number, top: number, right: number, bottom: number) =>
  (image: Sharp, { width, height }: Size) =>
    image.extract({
      left: Math.round(left * width),
      top: Math.round(top * height),
      width: Math.round((right - left) * width),
      height: Math.round((bottom - top) * height),
    });
const ways: Record<string, (image: Sharp, size: Size) => Sharp> = {
  're-encoded, quality 45': (image) => image.jpeg({ quality: 45 }),
  'resized to 40%': (image, { width }) => image.resize({ width: Math.round(width * 0.4) }),
  'cropped to 90%': cut(0.05, 0.05, 0.95, 0.95),
  'cropped to 90%, corner': cut(0.1, 0, 1, 0.9),
  'cropped to 80%': cut(0.1, 0.1, 0.9, 0.9),
  'cropped to 80%, anywhere': cut(0.05, 0.14, 0.85, 0.94),
  'cropped to 70%': cut(0.15, 0.15, 0.85, 0.85),
  'cropped to 70%, anywhere': cut(0.05, 0.22, 0.75, 0.92),
  'cut on one side by 12%': cut(0.12, 0, 1, 1),
  mirrored: (image) => image.flop(),
  'upside down': (image) => image.flip(),
  'turned by 90°': (image) => image.rotate(90),
  'turned by 180°': (image) => image.rotate(180),
  'turned by 270°': (image) => image.rotate(270),
  'mirrored and turned by 90°': (image) => image.rotate(90).flop(),
  'turned by 90° and cropped to 90%': (image, size) => cut(0.05, 0.05, 0.95, 0.95)(image, size).rotate(90),
  'mirrored and cropped to 90%': (image, size) => cut(0.05, 0.05, 0.95, 0.95)(image, size).flop(),
  'brighter by 35%': (image) => image.modulate({ brightness: 1.35 }),
  'darker by 40%': (image) => image.modulate({ brightness: 0.6 }),
  'without colour': (image) => image.grayscale(),
};

interface Picture {
  readonly from: number;
  readonly what: string;
  readonly signals: Signals;
}

const files = (await readdir(folder, { recursive: true }))
  .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
  .sort();
const pictures: Picture[] = [];
let measuring = 0;
const add = async (from: number, what: string, bytes: Buffer): Promise<void> => {
  const pixels = await decodeTile(bytes, { size: 150, channels: 3 });
  const began = performance.now();
  pictures.push({ from, what, signals: measureTile({ size: 150, channels: 3, pixels }) });
  measuring += performance.now() - began;
};
for (const [at, name] of files.entries()) await add(at, basename(name), await readFile(join(folder, name)));
const originals = pictures.length;
const copies: { way: string; original: number; copy: number }[] = [];
for (const [turn, [way, change]] of Object.entries(ways).entries()) {
  for (let i = 0; i < Number(planted); i++) {
    const original = (i * 97 + turn * 31) % originals;
    const bytes = await readFile(join(folder, files[original]));
    const { width, height } = await sharp(bytes).metadata();
    await add(original, way, await change(sharp(bytes), { width, height }).jpeg().toBuffer());
    copies.push({ way, original, copy: pictures.length - 1 });
  }
}

const hashes = new Int32Array(pictures.length * hashWords);
pictures.forEach(({ signals }, at) => hashes.set(signals.hashes, at * hashWords));
const began = performance.now();
const pairs = findSimilarPairs({
  count: pictures.length,
  hashes,
  grey: (at) => pictures[at].signals.grey,
  colour: (at) => pictures[at].signals.colour,
});
const seconds = (performance.now() - began) / 1000;
const sets = new UnionFind(pictures.length);
for (const { a, b } of pairs) sets.join(a, b);

process.stdout.write(
  `${pictures.length} pictures, ${copies.length} of them planted; measured in ${(measuring / pictures.length).toFixed(2)} ms each, ` +
    `compared in ${seconds.toFixed(1)} s\n`,
);
for (const way of Object.keys(ways)) {
  const of = copies.filter((one) => one.way === way);
  const found = of.filter(({ original, copy }) => sets.find(original) === sets.find(copy)).length;
  process.stdout.write(`  ${way.padEnd(30)} ${found} of ${of.length} found\n`);
}
const found = copies.filter(({ original, copy }) => sets.find(original) === sets.find(copy)).length;
const others = pairs.filter(({ a, b }) => pictures[a].from !== pictures[b].from);
process.stdout.write(
  `recall ${((100 * found) / copies.length).toFixed(1)}%; ${pairs.length} pairs, ${others.length} of them of different photos\n`,
);
for (const { a, b, correlation } of others) {
  process.stdout.write(
    `  ${correlation.toFixed(3)}  ${files[pictures[a].from]}  ${files[pictures[b].from]}\n`,
  );
}
