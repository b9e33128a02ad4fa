/**
 * The sample pictures: cups, keys and leaves on a table, drawn anew from a seed. Place, size, turn, colours, ground,
 * light and grain vary, and colours are shared by all classes: only the shape tells them apart.
 */
import sharp from 'sharp';
import { type Random, stream } from '../../core/random/random.ts';
import { imageWork } from '../photos/decode-gate.ts';
import { type DrawObject, between, drawCup, drawKey, drawLeaf, pick } from './sample-objects.ts';

/** The classes and how to draw them. */
export const sampleClasses: Readonly<Record<string, DrawObject>> = {
  cups: drawCup,
  keys: drawKey,
  leaves: drawLeaf,
};

/** Where one sample picture goes and how to make it. */
export interface SamplePicture {
  /** e.g. `cups/cup-001.jpg`. */
  readonly path: string;
  /** Draws it, as JPEG. */
  draw(): Promise<Buffer>;
}

/** All sample pictures of a seed. The same seed gives the same pictures. */
export function samplePictures(seed: number, perClass: number): SamplePicture[] {
  return Object.entries(sampleClasses).flatMap(([name, drawObject]) =>
    Array.from({ length: perClass }, (_, i) => ({
      path: `${name}/${name}-${String(i + 1).padStart(3, '0')}.jpg`,
      draw: () => drawScene(drawObject, stream(seed, name, i)),
    })),
  );
}

async function drawScene(drawObject: DrawObject, random: Random): Promise<Buffer> {
  const [width, height] = pick(random, [
    [256, 192],
    [192, 256],
    [240, 240],
    [256, 171],
  ] as const);
  const quality = Math.round(between(random, 78, 92));
  const svg = sceneSvg(drawObject, random, width, height);
  const picture = sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).jpeg({ quality });
  return imageWork.together(() => picture.toBuffer());
}

function sceneSvg(drawObject: DrawObject, random: Random, width: number, height: number): string {
  const short = Math.min(width, height);
  const scale = (short * between(random, 0.52, 0.84)) / 100;
  const [x, y] = [width * between(random, 0.38, 0.62), height * between(random, 0.4, 0.6)];
  // Cups stand; what lies on a table lies any way round.
  const turn = drawObject === drawCup ? between(random, -14, 14) : between(random, 0, 360);
  const [lightX, lightY] = [between(random, 0.1, 0.9), between(random, 0, 0.5)];
  const shadow = { x: (0.5 - lightX) * 16 * scale, y: (5 + (0.6 - lightY) * 8) * scale };
  const object = drawObject(random);
  const place = `rotate(${turn.toFixed(1)}) scale(${scale.toFixed(3)})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>
      <filter id="shadow" x="-20%" y="-20%" width="140%" height="140%"><feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ${between(random, 0.32, 0.5).toFixed(2)} 0"/><feGaussianBlur stdDeviation="${(3.2 * scale).toFixed(1)}"/></filter>
      <filter id="grain"><feTurbulence type="fractalNoise" baseFrequency="${between(random, 0.6, 1.1).toFixed(2)}" numOctaves="1" seed="${random.integer(10_000)}"/><feColorMatrix values="0 0 0 0 .5 0 0 0 0 .5 0 0 0 0 .5 .9 .9 0 0 -.62"/></filter>
      <radialGradient id="light" cx="${lightX.toFixed(2)}" cy="${lightY.toFixed(2)}" r="1.05"><stop offset="0" stop-color="#fff" stop-opacity="${between(random, 0.18, 0.42).toFixed(2)}"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#1a1420" stop-opacity="${between(random, 0.2, 0.5).toFixed(2)}"/></radialGradient>
    </defs>
    ${drawGround(random, width, height)}
    <g transform="translate(${(x + shadow.x).toFixed(1)} ${(y + shadow.y).toFixed(1)})"><g filter="url(#shadow)"><g transform="${place}">${object}</g></g></g>
    <g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) ${place}">${object}</g>
    <rect width="${width}" height="${height}" fill="url(#light)"/>
    <rect width="${width}" height="${height}" filter="url(#grain)" opacity="${between(random, 0.1, 0.3).toFixed(2)}"/>
  </svg>`;
}

const grounds = [
  '#e8ded1',
  '#d8c3a5',
  '#b08968',
  '#7f5539',
  '#ccd5d9',
  '#8fa3ad',
  '#5c6f7b',
  '#dfe3d6',
  '#a3b18a',
  '#e5d4d8',
  '#c9ada7',
  '#3f4a56',
];

function drawGround(random: Random, width: number, height: number): string {
  const colour = pick(random, grounds);
  const base = `<rect width="${width}" height="${height}" fill="${colour}"/>`;
  const turn = Math.round(between(random, -30, 30));
  return base + pick(random, [planks, checks, dots, cloth, plain])(random, width, height, turn);
}

type Ground = (random: Random, width: number, height: number, turn: number) => string;

/** Covers the picture however it is turned. */
function turned(width: number, height: number, turn: number, content: string): string {
  return `<g transform="rotate(${turn} ${width / 2} ${height / 2})">${content}</g>`;
}

const planks: Ground = (random, width, height, turn) => {
  const board = between(random, 34, 62);
  const count = Math.ceil((2 * (width + height)) / board);
  const boards = Array.from({ length: count }, (_, i) => {
    const tone = random.next() < 0.5 ? '#000' : '#fff';
    const at = (i - count / 2) * board + height / 2;
    return `<rect x="-300" y="${at.toFixed(1)}" width="1000" height="${(board - 1.6).toFixed(1)}" fill="${tone}" opacity="${between(random, 0.02, 0.13).toFixed(3)}"/>
      <path d="M-300 ${(at + board * between(random, 0.2, 0.8)).toFixed(1)} q250 ${between(random, -9, 9).toFixed(1)} 500 0 t500 0" stroke="#000" opacity=".08" fill="none"/>`;
  });
  return turned(width, height, turn, boards.join(''));
};

const checks: Ground = (random, width, height, turn) => {
  const cell = between(random, 22, 44);
  const count = Math.ceil((width + height) / cell);
  const bars = Array.from({ length: count }, (_, i) => {
    const at = ((i - count / 2) * 2 * cell + width / 2).toFixed(1);
    return `<rect x="${at}" y="-300" width="${cell}" height="1000"/><rect x="-300" y="${at}" width="1000" height="${cell}"/>`;
  });
  const tone = random.next() < 0.5 ? '#fff' : '#7a2e2e';
  return turned(
    width,
    height,
    turn,
    `<g fill="${tone}" opacity="${between(random, 0.1, 0.22).toFixed(2)}">${bars.join('')}</g>`,
  );
};

const dots: Ground = (random, width, height, turn) => {
  const gap = between(random, 20, 36);
  const count = Math.ceil((width + height) / gap);
  const spots = Array.from({ length: count * count }, (_, i) => {
    const [column, row] = [i % count, Math.floor(i / count)];
    const x = (column - count / 2 + (row % 2) / 2) * gap + width / 2;
    return `<circle cx="${x.toFixed(1)}" cy="${((row - count / 2) * gap + height / 2).toFixed(1)}" r="${(gap / 7).toFixed(1)}"/>`;
  });
  const tone = random.next() < 0.5 ? '#fff' : '#222';
  return turned(width, height, turn, `<g fill="${tone}" opacity=".2">${spots.join('')}</g>`);
};

const cloth: Ground = (random, width, height) =>
  `<filter id="cloth"><feTurbulence type="fractalNoise" baseFrequency="${between(random, 0.01, 0.05).toFixed(3)} ${between(random, 0.05, 0.4).toFixed(3)}" numOctaves="2" seed="${random.integer(10_000)}"/><feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1.4 0 0 0 -.45"/></filter>
   <rect width="${width}" height="${height}" filter="url(#cloth)" opacity=".45"/>`;

const plain: Ground = (random, width, height) => {
  const horizon = height * between(random, 0.3, 0.55);
  return `<rect width="${width}" height="${horizon.toFixed(1)}" fill="#fff" opacity="${between(random, 0.15, 0.4).toFixed(2)}"/>
    <rect y="${horizon.toFixed(1)}" width="${width}" height="3" fill="#000" opacity=".12"/>`;
};
